//! Row "repeated": 200, `duplicate`, nothing counted, nothing kept twice.

use std::thread;

use labgate_tests::{
    CHALLENGE, Gateway, Request, fullscript, fullscript_at, junction, junction_by, now, relay,
    sample, spawn_gateway,
};
use serde_json::json;

/// `again` repeats `first`.
fn check(gateway: &Gateway, first: &Request, again: &Request) {
    assert_eq!(gateway.post(first).status, 200);
    let events = gateway.list("/v1/events").len();
    let answer = gateway.post(again);
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert_eq!((&body["received"], &body["duplicate"]), (&json!(true), &json!(true)), "{body}");
    assert_eq!(body["ingested_count"], 0, "{body}");
    assert!(body["event_type"].is_string(), "{body}");
    assert_eq!(gateway.list("/v1/webhooks").len(), 1);
    assert_eq!(gateway.list("/v1/events").len(), events);
}

#[test]
fn the_same_message_id_is_the_same_webhook() {
    let request = junction("msg_1", sample("junction/demo/1-ordered"));
    check(&spawn_gateway(), &request, &request);
}

#[test]
fn a_retry_signed_afresh_is_the_same_webhook() {
    let body = sample("junction/demo/1-ordered");
    let first = junction_by(labgate_tests::JUNCTION, "msg_1", now() - 200, body.clone());
    check(&spawn_gateway(), &first, &junction("msg_1", body));
}

#[test]
fn a_retry_under_the_other_secret_is_the_same_webhook() {
    let body = sample("junction/demo/1-ordered");
    let first = junction_by(labgate_tests::JUNCTION_OLD, "msg_1", now(), body.clone());
    check(&spawn_gateway(), &first, &junction("msg_1", body));
}

#[test]
fn fullscripts_event_id_with_a_fresh_signature_is_the_same_webhook() {
    let gateway = spawn_gateway();
    let body = sample("fullscript/demo/2-results");
    check(&gateway, &fullscript_at(now() - 100, body.clone()), &fullscript(body.clone()));
    assert_eq!(gateway.post(&fullscript(body)).json()["challenge"], CHALLENGE);
}

#[test]
fn without_any_id_the_same_body_is_the_same_webhook() {
    let request = relay(sample("junction/demo/1-ordered"));
    check(&spawn_gateway(), &request, &request);
}

#[test]
fn an_unsigned_id_passes_no_webhook_off_as_two() {
    let first = relay(sample("junction/demo/1-ordered"));
    check(&spawn_gateway(), &first.clone().header("svix-id", "msg_1"), &first);
}

#[test]
fn what_was_ignored_is_repeated_too() {
    let request = junction("msg_1", r#"{"event_type":"daily.data.sleep.created","data":{}}"#);
    check(&spawn_gateway(), &request, &request);
}

#[test]
fn two_plugins_may_use_one_id() {
    let gateway = spawn_gateway();
    let body = sample("junction/demo/1-ordered");
    assert_eq!(gateway.post(&junction("msg_1", body.clone())).status, 200);
    let eu = junction_by(labgate_tests::JUNCTION_EU, "msg_1", now(), body);
    let answer = gateway.post(&eu.to("/v1/webhooks/junction-eu"));
    assert_eq!(answer.json()["ingested_count"], 1);
    let orders = gateway.list("/v1/orders");
    assert_eq!(orders.len(), 2);
    assert_ne!(orders[0]["id"], orders[1]["id"]);
}

#[test]
fn of_fifty_at_once_exactly_one_is_accepted() {
    let gateway = spawn_gateway();
    let request = junction("msg_1", sample("junction/demo/4-final"));
    let answers: Vec<_> = thread::scope(|scope| {
        let posts: Vec<_> = (0..50).map(|_| scope.spawn(|| gateway.post(&request))).collect();
        posts.into_iter().map(|post| post.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| answer.status == 200));
    let accepted = answers.iter().filter(|answer| answer.json().get("duplicate").is_none()).count();
    assert_eq!(accepted, 1);
    assert_eq!(gateway.list("/v1/webhooks").len(), 1);
    let types =
        gateway.list("/v1/events").iter().map(|event| event["type"].clone()).collect::<Vec<_>>();
    assert_eq!(types, ["order.created", "report.critical", "report.final"]);
    gateway.metrics().check(
        "labgate_webhooks_total",
        &[("plugin", "junction"), ("outcome", "duplicate")],
        49,
    );
}
