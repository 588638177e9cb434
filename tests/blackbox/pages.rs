//! Lists, page by page, and the feed.

use std::collections::BTreeSet;

use labgate_tests::{Gateway, fullscript, junction, order, sample, spawn_gateway};
use serde_json::Value;

fn text(value: &Value) -> String {
    value.as_str().unwrap().into()
}

/// The pages of `path` put together, each with at most `limit` items.
fn walk(gateway: &Gateway, path: &str, limit: usize) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = gateway.read(&format!("{path}limit={limit}{cursor}"));
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= limit);
        all.extend(data.iter().map(|item| text(&item["id"])));
        assert!(all.len() < 1000, "{path}: it never ends");
        let Some(next) = page["next_cursor"].as_str() else { return all };
        assert_eq!(data.len(), limit, "a page that is not the last is full");
        cursor = format!("&cursor={next}");
    }
}

/// Each of `count` items stands on exactly one page, whatever the size of the pages.
fn check(gateway: &Gateway, path: &str, count: usize) {
    let whole = walk(gateway, path, 500);
    assert_eq!(whole.len(), count, "{path}");
    assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), count, "{path}");
    for limit in [1, 2, 3, count, count + 1] {
        assert_eq!(walk(gateway, path, limit), whole, "{path} by {limit}");
    }
}

fn told() -> Gateway {
    let gateway = spawn_gateway();
    for index in 0..7 {
        let id = format!("order-{index}");
        assert_eq!(gateway.post(&junction(&id, order(&id))).status, 200);
    }
    for index in 0..3 {
        assert_eq!(gateway.post(&junction(&format!("broken-{index}"), "{")).status, 400);
    }
    assert_eq!(gateway.post(&fullscript(sample("fullscript/demo/1-placed"))).status, 200);
    gateway
}

#[test]
fn every_page_of_every_list_adds_up() {
    let gateway = told();
    check(&gateway, "/v1/orders?", 8);
    check(&gateway, "/v1/orders?plugin=junction&", 7);
    check(&gateway, "/v1/orders?status=ordered&", 8);
    check(&gateway, "/v1/webhooks?", 11);
    check(&gateway, "/v1/webhooks?plugin=junction&", 10);
    check(&gateway, "/v1/webhooks?outcome=quarantined&", 3);
    check(&gateway, "/v1/webhooks?outcome=accepted&plugin=fullscript&", 1);
}

#[test]
fn nothing_that_comes_meanwhile_moves_a_page() {
    let gateway = told();
    let first = gateway.read("/v1/orders?limit=4");
    assert_eq!(gateway.post(&junction("late", order("late"))).status, 200);
    let next = text(&first["next_cursor"]);
    let second = gateway.read(&format!("/v1/orders?limit=4&cursor={next}"));
    let ids = |page: &Value| -> Vec<String> {
        page["data"].as_array().unwrap().iter().map(|order| text(&order["id"])).collect()
    };
    let both: BTreeSet<_> = ids(&first).into_iter().chain(ids(&second)).collect();
    assert_eq!(both.len(), 8);
    assert!(second["next_cursor"].is_null());
}

#[test]
fn the_feed_is_in_order_and_goes_on_where_it_stopped() {
    let gateway = told();
    let whole = gateway.list("/v1/events");
    let seqs: Vec<i64> = whole.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs.len(), 8);
    assert!(seqs.is_sorted_by(|left, right| left < right), "{seqs:?}");
    let (mut after, mut walked) = (0, Vec::new());
    loop {
        let page = gateway.read(&format!("/v1/events?after={after}&limit=3"));
        let data = page["data"].as_array().unwrap().clone();
        let next = page["next_after"].as_i64().unwrap();
        if data.is_empty() {
            assert_eq!(next, after, "nothing new, so the same place");
            break;
        }
        assert_eq!(Some(next), data.last().unwrap()["seq"].as_i64());
        walked.extend(data);
        assert!(walked.len() <= whole.len(), "it never ends");
        after = next;
    }
    assert_eq!(walked, whole);
    let far = gateway.read("/v1/events?after=9223372036854775807");
    assert!(far["data"].as_array().unwrap().is_empty());
}

#[test]
fn an_event_tells_what_changed_and_nothing_of_the_patient() {
    let gateway = spawn_gateway();
    for name in ["1-ordered", "2-appointment", "3-partial", "4-final", "5-completed"] {
        let body = sample(&format!("junction/demo/{name}"));
        assert_eq!(gateway.post(&junction(name, body)).status, 200);
    }
    let events = gateway.list("/v1/events");
    let order = gateway.list("/v1/orders")[0]["id"].clone();
    for event in &events {
        let mut fields: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        let expected =
            ["data", "id", "occurred_at", "order_id", "plugin", "recorded_at", "seq", "type"];
        assert_eq!(fields, expected);
        assert_eq!((&event["order_id"], event["plugin"].as_str()), (&order, Some("junction")));
    }
    let types: Vec<_> = events.iter().map(|event| text(&event["type"])).collect();
    for expected in [
        "order.created",
        "appointment.created",
        "report.partial",
        "report.critical",
        "report.final",
        "order.completed",
    ] {
        assert_eq!(types.iter().filter(|known| *known == expected).count(), 1, "{types:?}");
    }
}
