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
