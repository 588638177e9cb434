//! `order.placed`: which carts hold a lab, by whichever key Fullscript says so.

use labgate_core::model::OrderStatus;
use serde_json::{Value, json};

use crate::subject::{body, order, read};

#[test]
fn a_lab_is_known_by_either_key_and_either_word() {
    check_tests(&json!([{ "variant_id": "v1", "quantity": 1, "type": "labs" }]), &["v1"]);
    check_tests(&json!([{ "variant_id": "v1", "quantity": 1, "type": "lab" }]), &["v1"]);
    check_tests(&json!([{ "variant_id": "v1", "quantity": 1, "lab_type": "labs" }]), &["v1"]);
    check_tests(&json!([{ "variant_id": "v1", "quantity": 1, "lab_type": "lab" }]), &["v1"]);
    check_tests(&json!([{ "variant_id": "v1", "type": "labs", "lab_type": null }]), &["v1"]);
    check_tests(
        &json!([{ "variant_id": "v1", "type": "supplement", "lab_type": "labs" }]),
        &["v1"],
    );
}

#[test]
fn whatever_has_a_type_of_lab_is_a_lab() {
    for word in
        [json!("phlebotomy"), json!("at_home_kit"), json!(7), json!({ "id": 1 }), json!(true)]
    {
        let cart = json!([{ "variant_id": "v1", "quantity": 1, "lab_type": word }]);
        check_tests(&cart, &["v1"]);
        assert!(read(&with_cart(cart)).drift.is_empty(), "{word}");
    }
    for nothing in [json!(null), json!(""), json!(false)] {
        let cart = json!([{ "variant_id": "s1", "type": "supplement", "lab_type": nothing }]);
        check_tests(&cart, &[]);
        assert!(read(&with_cart(cart)).drift.is_empty(), "{nothing}");
    }
}

#[test]
fn what_may_be_a_lab_is_counted() {
    for item in [
        json!({ "variant_id": "s1", "type": "diagnostic" }),
        json!({ "variant_id": "s1", "type": "" }),
        json!({ "variant_id": "s1" }),
    ] {
        let cart = json!([{ "variant_id": "v1", "type": "labs" }, item]);
        check_tests(&cart, &["v1"]);
        let drift = read(&with_cart(cart)).drift;
        assert_eq!(Vec::from_iter(drift), ["event_payload.event.data.line_items[].type"]);
    }
    check_tests(&json!([{ "variant_id": "v1", "type": "Labs" }]), &["v1"]);
}

#[test]
fn a_cart_may_serve_several_plans() {
    let plans = |ids: Value| {
        let mut body = body(PLACED);
        body["event_payload"]["event"]["data"]["treatment_plan_ids"] = ids;
        let transaction = order(&read(&body)).details.transaction.clone()?;
        let groups = transaction.groups.iter().map(ToString::to_string).collect::<Vec<_>>();
        Some((transaction.group?.to_string(), groups))
    };
    let both = vec!["plan-1".to_owned(), "plan-2".to_owned()];
    assert_eq!(plans(json!(["plan-1", "plan-2"])), Some(("plan-1".into(), both)));
    assert_eq!(plans(json!(["plan-1"])), Some(("plan-1".into(), vec![])));
    assert_eq!(plans(json!([])), None);
    assert_eq!(plans(json!(null)), None);
}

#[test]
fn only_the_labs_of_a_mixed_cart_are_tests() {
    let cart = json!([
        { "variant_id": "s1", "quantity": 2, "type": "supplement" },
        { "variant_id": "v1", "quantity": 1, "type": "labs" },
        { "variant_id": "v2", "quantity": 3, "lab_type": "lab" },
        { "variant_id": "s2", "quantity": 1 },
    ]);
    check_tests(&cart, &["v1", "v2"]);
    let notices = read(&with_cart(cart));
    let tests = order(&notices).details.tests.as_ref().unwrap();
    assert_eq!(tests.iter().map(|test| test.quantity).collect::<Vec<_>>(), [Some(1), Some(3)]);
}

#[test]
fn a_cart_without_labs_says_nothing() {
    check_tests(&json!([]), &[]);
    check_tests(&json!(null), &[]);
    check_tests(&json!([{ "variant_id": "s1", "quantity": 2, "type": "supplement" }]), &[]);
    check_tests(&json!([{ "variant_id": "s1", "quantity": 2 }]), &[]);
    check_tests(&json!([{ "variant_id": "s1", "type": "collaboration" }]), &[]);
}

#[test]
fn a_lab_that_was_bought_is_ordered_when_it_was_paid() {
    let notices = read(&body(PLACED));
    let placed = order(&notices);
    assert_eq!(placed.provider_order_id.as_str(), "40000000-0000-4000-8000-000000000004");
    assert_eq!(placed.entries[0].status, OrderStatus::Ordered);
    assert_eq!(placed.entries[0].at.to_string(), "2025-05-20T13:15:00Z");
    let transaction = placed.details.transaction.as_ref().unwrap();
    let plan = transaction.group.as_ref().unwrap();
    assert_eq!(plan.as_str(), "50000000-0000-4000-8000-000000000005");
}

#[test]
fn both_documented_spellings_say_the_same() {
    assert_eq!(read(&body(PLACED)).notices, read(&body("order.placed.labs.lab_type")).notices);
}

const PLACED: &str = "order.placed.labs.type";

fn check_tests(cart: &Value, expected: &[&str]) {
    let notices = read(&with_cart(cart.clone()));
    if expected.is_empty() {
        assert_eq!(notices.notices, [], "{cart}");
        return;
    }
    let tests = order(&notices).details.tests.as_ref().unwrap();
    let ids: Vec<_> = tests.iter().map(|test| test.id.as_ref().unwrap().as_str()).collect();
    assert_eq!(ids, expected, "{cart}");
}

fn with_cart(cart: Value) -> Value {
    let mut body = body(PLACED);
    body["event_payload"]["event"]["data"]["line_items"] = cart;
    body
}
