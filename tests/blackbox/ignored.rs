//! Row "not ours": 200, `ignored`, and kept.

use labgate_tests::{CHALLENGE, Gateway, Request, fullscript, junction, sample, spawn_gateway};
use serde_json::json;

fn check(gateway: &Gateway, request: &Request, event_type: &str) {
    let answer = gateway.post(request);
    let mut body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    if request.path.ends_with("fullscript") {
        assert_eq!(body["challenge"], CHALLENGE);
        body.as_object_mut().unwrap().remove("challenge");
    }
    assert_eq!(body, json!({ "received": true, "event_type": event_type, "ignored": true }));
    let kept = &gateway.list("/v1/webhooks?limit=1")[0];
    assert_eq!((&kept["outcome"], &kept["event_type"]), (&json!("ignored"), &json!(event_type)));
    assert_eq!(kept["reason"], json!(null));
    assert!(gateway.list("/v1/orders").is_empty());
    assert!(gateway.list("/v1/events").is_empty());
}

#[test]
fn an_event_type_that_nobody_knows_is_kept() {
    let gateway = spawn_gateway();
    let body = r#"{"event_type":"labtest.moon.landed","data":{"id":"1"}}"#;
    check(&gateway, &junction("msg_1", body), "labtest.moon.landed");
    check(
        &gateway,
        &fullscript(sample("fullscript/goldens/unknown-event-type")),
        "lab_order.appointment_scheduled",
    );
}

#[test]
fn an_event_that_is_known_and_no_lab_is_kept() {
    let gateway = spawn_gateway();
    let body = sample("junction/goldens/svix-message-attempt-exhausted");
    check(&gateway, &junction("msg_1", body), "message.attempt.exhausted");
    check(&gateway, &fullscript(sample("fullscript/goldens/patient.updated")), "patient.updated");
}

#[test]
fn a_purchase_without_a_lab_is_kept() {
    let body = sample("fullscript/goldens/order.placed.supplements-only");
    check(&spawn_gateway(), &fullscript(body), "order.placed");
}

#[test]
fn what_is_in_an_unknown_event_is_nobodys_business() {
    let gateway = spawn_gateway();
    for (index, data) in ["null", "[]", "7", "\"text\"", "{\"events\":5}"].into_iter().enumerate() {
        let body = format!(r#"{{"event_type":"some.day","data":{data}}}"#);
        check(&gateway, &junction(&format!("msg_{index}"), body), "some.day");
    }
}
