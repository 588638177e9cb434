//! Row "proven but unreadable": 400, the field is named and never its content, kept, tried again.

use labgate_tests::{
    Gateway, Request, TOKEN, fullscript, junction, relay, sample, spawn_gateway, with,
};
use serde_json::json;

/// `request` is proven, and says nothing readable at `field`.
fn check(gateway: &Gateway, request: &Request, field: &str) {
    let before = gateway.list("/v1/webhooks").len();
    let answer = gateway.post(request);
    let body = answer.json();
    assert_eq!((answer.status, &body["error"]), (400, &json!("validation_error")), "{body}");
    let message = body["message"].as_str().unwrap();
    assert!(message.starts_with(&format!("{field}: ")), "{message}");
    assert!(!message.contains("Zebra"), "{message}");

    let kept = gateway.list("/v1/webhooks");
    assert_eq!(kept.len(), before + 1);
    assert_eq!(kept[0]["outcome"], "quarantined");
    assert_eq!(kept[0]["reason"], body["message"]);
    assert!(gateway.list("/v1/orders").is_empty());
    assert!(gateway.list("/v1/events").is_empty());
    let id = kept[0]["id"].as_str().unwrap();
    let raw = gateway.read(&format!("/v1/webhooks/{id}"));
    if let Ok(text) = std::str::from_utf8(&request.body) {
        assert_eq!(raw["body"], text);
    }
}

#[test]
fn a_body_that_is_no_json_is_kept() {
    let gateway = spawn_gateway();
    let whole = sample("junction/demo/1-ordered");
    check(&gateway, &junction("msg_1", &whole[..whole.len() / 2]), "body");
    check(&gateway, &junction("msg_2", "Zebra"), "body");
    check(&gateway, &fullscript("{\"event\":Zebra"), "body");
    check(&gateway, &relay("[\"Zebra\"]"), "body");
}

#[test]
fn the_field_is_named_and_not_its_content() {
    let gateway = spawn_gateway();
    let order = sample("junction/demo/1-ordered");
    let result = sample("junction/demo/4-final");
    let lab = sample("fullscript/demo/2-results");
    let no_time = with(&order, "/data/events/0/created_at", "Zebra o'clock");
    check(&gateway, &junction("msg_1", no_time), "data.events[0].created_at");
    check(&gateway, &junction("msg_2", with(&order, "/data/events", "Zebra")), "data.events");
    check(&gateway, &junction("msg_3", with(&order, "/data/id", json!(["Zebra"]))), "data.id");
    let flag = with(&result, "/data/markers/1/value", json!({ "Zebra": 1 }));
    check(&gateway, &junction("msg_4", flag), "data.markers[1].value");
    let number = with(&result, "/data/markers/0/name", json!(7));
    check(&gateway, &junction("msg_5", number), "data.markers[0].name");
    let place = "/event_payload/event/data/lab_order/id";
    let at = "event_payload.event.data.lab_order.id";
    check(&gateway, &fullscript(with(&lab, place, json!({ "Zebra": 1 }))), at);
}

#[test]
fn an_error_quotes_no_key_of_the_body() {
    let gateway = spawn_gateway();
    check(&gateway, &junction("msg_1", r#"{"Zebra":{"Zebra":1}}"#), "event_type");
    let twice = r#"{"event_type":"labtest.order.created","event_type":"Zebra","data":{}}"#;
    check(&gateway, &junction("msg_2", twice), "body");
}

#[test]
fn the_same_webhook_is_tried_again_when_it_is_sent_again() {
    let gateway = spawn_gateway();
    let broken = junction("msg_1", r#"{"event_type":"labtest.order.created","data":{}}"#);
    check(&gateway, &broken, "data");
    let before = gateway.list("/v1/webhooks")[0]["id"].clone();
    for _ in 0..3 {
        let again = gateway.post(&broken);
        assert_eq!(again.status, 400, "not a duplicate: {again:?}");
    }
    let kept = gateway.list("/v1/webhooks");
    assert_eq!((kept.len(), &kept[0]["id"]), (1, &before));
    gateway.metrics().check("labgate_quarantined", &[("plugin", "junction")], 1);
}

#[test]
fn a_correction_under_the_same_id_is_read_and_both_are_kept() {
    let gateway = spawn_gateway();
    let broken = r#"{"event_type":"labtest.order.created","data":{}}"#;
    check(&gateway, &junction("msg_1", broken), "data");
    let mended = String::from_utf8(sample("junction/demo/1-ordered")).unwrap();
    let answer = gateway.post(&junction("msg_1", &*mended));
    assert_eq!((answer.status, &answer.json()["ingested_count"]), (200, &json!(1)));
    let bodies: Vec<_> = gateway
        .list("/v1/webhooks")
        .iter()
        .map(|kept| gateway.read(&format!("/v1/webhooks/{}", kept["id"].as_str().unwrap())))
        .map(|content| content["body"].as_str().unwrap().to_string())
        .collect();
    assert_eq!(bodies, [mended.as_str(), broken], "bytes are never changed");
    let again = gateway.post(&junction("msg_1", mended));
    assert_eq!(again.json()["duplicate"], true);
    assert_eq!(gateway.list("/v1/orders").len(), 1);
}

#[test]
fn the_quarantine_is_counted() {
    let gateway = spawn_gateway();
    for index in 0..3 {
        assert_eq!(gateway.post(&junction(&format!("msg_{index}"), "{")).status, 400);
    }
    assert_eq!(gateway.post(&fullscript("{")).status, 400);
    let metrics = gateway.metrics();
    metrics.check("labgate_quarantined", &[("plugin", "junction")], 3);
    metrics.check("labgate_quarantined", &[("plugin", "fullscript")], 1);
    metrics.check("labgate_quarantined", &[("plugin", "relay")], 0);
}

#[test]
fn a_replay_of_what_still_makes_no_sense_leaves_it_there() {
    let gateway = spawn_gateway();
    check(&gateway, &junction("msg_1", "{}"), "event_type");
    let id = gateway.list("/v1/webhooks")[0]["id"].as_str().unwrap().to_string();
    let replay = Request::new("POST", &format!("/v1/webhooks/{id}/replay")).bearer(TOKEN);
    let answer = gateway.ask(&replay);
    assert_eq!((answer.status, &answer.json()["outcome"]), (200, &json!("quarantined")));
    gateway.metrics().check("labgate_quarantined", &[("plugin", "junction")], 1);
}
