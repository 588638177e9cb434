//! Proven bodies that no vendor should send: read or refused, and never a panic.

use labgate_testkit::goldens;
use serde_json::{Value, json};

use crate::subject::{FULLSCRIPT, body, check_unreadable, order, read};

#[test]
fn what_is_no_event_is_refused_by_name() {
    check_unreadable(b"", "body: expected an object");
    check_unreadable(b"null", "body: expected an object");
    check_unreadable(b"[]", "body: expected an object");
    check_unreadable(b"[{\"event\":{}}]", "body: expected an object");
    check_unreadable(b"{}", "body: missing field `id`");
    check_unreadable(br#"{"event":[]}"#, "event: expected an object");
    check_unreadable(br#"{"event_payload":{}}"#, "event_payload: missing field `event`");
    check_unreadable(
        br#"{"event_payload":{"event":7}}"#,
        "event_payload.event: expected an object",
    );
    check_unreadable(br#"{"event":{"id":"e"},"event":{}}"#, "body: duplicate field `event`");
    check_unreadable(br#"{"event":{"id":"e"}}"#, "event: missing field `type`");
}

#[test]
fn an_error_names_the_field() {
    check_at(
        "/id",
        json!("x".repeat(10_000)),
        "id: expected an id of 1 to 255 bytes without control characters",
    );
    check_at("/id", json!(""), "id: expected an id of 1 to 255 bytes without control characters");
    check_at("/id", json!(null), "id: expected an id of 1 to 255 bytes without control characters");
    check_at("/created_at", json!("soon"), "created_at: expected an RFC 3339 time");
    check_at("/created_at", json!("9999-12-31T23:59:59Z"), "created_at: expected an RFC 3339 time");
    check_at("/created_at", json!(1_748_865_600), "created_at: expected a string");
    check_at("/data", json!([]), "data: expected an object");
    check_at("/data", json!({}), "data: missing field `lab_order`");
    check_at(
        "/data/lab_order/id",
        json!({}),
        "data.lab_order.id: expected an id of 1 to 255 bytes without control characters",
    );
    check_at("/data/lab_order/status", json!(7), "data.lab_order.status: expected a string");
}

#[test]
fn years_that_a_calendar_knows_are_read() {
    for year in ["0000", "0001", "9999"] {
        let mut body = body(COMPLETED);
        let at = format!("{year}-06-01T00:00:00Z");
        *body.pointer_mut("/event_payload/event/created_at").unwrap() = json!(at);
        let told = read(&body);
        let entry = &order(&told).entries[0];
        // One that lies in the future orders nothing.
        assert_eq!(entry.provider_at.unwrap_or(entry.at).to_string(), at);
        assert_eq!(entry.provider_at.is_some(), year == "9999");
    }
}

#[test]
fn an_integer_keeps_every_digit() {
    let mut body = body(COMPLETED);
    *body.pointer_mut("/event_payload/event/data/lab_order/id").unwrap() =
        json!(9_007_199_254_740_993_u64);
    assert_eq!(order(&read(&body)).provider_order_id.as_str(), "9007199254740993");
}

#[test]
fn depth_is_no_way_in() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        deep.clone(),
        format!(r#"{{"event":{deep}}}"#),
        format!(r#"{{"event":{{"id":"e","type":"lab_order.updated","data":{deep}}}}}"#),
        format!(
            r#"{{"event":{{"id":"e","type":"lab_order.updated","data":{{"lab_order":{deep}}}}}}}"#
        ),
    ] {
        assert!(FULLSCRIPT.told(body.as_bytes()).is_err());
    }
    let unknown = format!(r#"{{"event":{{"id":"e","type":"product.created","data":{deep}}}}}"#);
    assert!(FULLSCRIPT.read(unknown.as_bytes()).is_ok());
}

#[test]
fn what_is_not_utf_8_is_refused() {
    let golden = goldens::one(&FULLSCRIPT, COMPLETED).request.body;
    let at = golden.windows(7).position(|window| window == b"Patient").unwrap();
    for bytes in [[0xff, 0xfe], [0xc0, 0x80], [0xed, 0xa0]] {
        let mut body = golden.to_vec();
        body[at..at + 2].copy_from_slice(&bytes);
        assert!(FULLSCRIPT.told(&body).is_err());
    }
}

const COMPLETED: &str = "lab_order.updated.all_results_received";

fn check_at(place: &str, value: Value, expected: &str) {
    let mut body = body(COMPLETED);
    *body.pointer_mut(&format!("/event_payload/event{place}")).unwrap() = value;
    check_unreadable(body.to_string().as_bytes(), &format!("event_payload.event.{expected}"));
}

#[test]
fn what_waits_in_quarantine_keeps_its_id() {
    let body = br#"{"event":{"id":"e-9","type":"lab_order.updated","data":{}}}"#;
    let reading = FULLSCRIPT.read(body).unwrap();
    assert_eq!(reading.event_id.unwrap().as_str(), "e-9");
    assert!(reading.notices.is_err());
}
