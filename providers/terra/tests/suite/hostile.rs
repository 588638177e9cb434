//! Proven bodies that are not as documented: read or refused by name, and never a panic.

use labgate_core::{Provider as _, Retries};
use labgate_terra::Terra;
use labgate_testkit::json;
use serde_json::Value;

use crate::subject::{body, order, read, told};

#[test]
fn an_id_past_2_to_the_53_keeps_every_digit() {
    let body = r#"{"event_type":"order.status_changed","event_id":18446744073709551615,
        "timestamp":1785312000,"data":{"order_id":9007199254740993,"status":"order.processing"}}"#;
    let reading = read(body).unwrap();
    assert_eq!(reading.event_id.unwrap().as_str(), "18446744073709551615");
    let notices = reading.notices.unwrap();
    assert_eq!(order(&notices).provider_order_id.as_str(), "9007199254740993");
    assert_eq!(order(&notices).entries[0].provider_event_id.as_ref().unwrap().as_str().len(), 20);
}

#[test]
fn what_names_no_event_is_refused() {
    for (body, expected) in [
        ("", "body: expected an object"),
        ("[]", "body: expected an object"),
        (r#"{"event_id":"7"}"#, "body: missing field `event_type`"),
        (r#"{"event_type":"order.status_changed"}"#, "body: missing field `event_id`"),
        (
            r#"{"event_type":"order.status_changed","event_id":1.5}"#,
            "event_id: expected an id of 1 to 255 bytes without control characters",
        ),
    ] {
        assert_eq!(read(body).unwrap_err(), expected);
    }
}

#[test]
fn what_waits_in_quarantine_is_named() {
    check_misfit("/timestamp", json!("soon"), "timestamp: expected seconds since 1970");
    check_misfit(
        "/timestamp",
        json!(1_785_312_000_000_i64),
        "timestamp: expected seconds since 1970",
    );
    check_misfit("/data", json!(null), "data: expected an object");
    check_misfit(
        "/data/order_item_id",
        json!(null),
        "data.order_item_id: expected an id of 1 to 255 bytes without control characters",
    );
    check_misfit("/data/results_status", json!(7), "data.results_status: expected a string");
    check_misfit("/data/test_taker", json!({}), "data.test_taker: missing field `test_taker_id`");
    check_misfit(
        "/data/test_taker/test_taker_id",
        json!("7".repeat(250)),
        "data.test_taker.test_taker_id: expected a shorter id",
    );
}

#[test]
fn what_nothing_hangs_on_costs_only_itself() {
    for field in ["first_name", "last_name", "email", "phone_number"] {
        let mut body = body("results-results-ready");
        body["data"]["test_taker"][field] = json!([7]);
        let notices = told(&body);
        assert_eq!(notices.notices.len(), 2, "{field}");
        assert_eq!(Vec::from_iter(notices.drift), [format!("data.test_taker.{field}")]);
    }
}

/// A 4xx is the last word to Terra, so what may be our fault must not be one.
#[test]
fn a_refused_webhook_comes_again() {
    assert_eq!(Terra::RETRIES, Retries::AfterServerErrorsOr(&[408, 429]));
}

fn check_misfit(place: &str, value: Value, expected: &str) {
    let mut body = body("results-results-ready");
    let event_id = body["event_id"].clone();
    *body.pointer_mut(place).unwrap() = value;
    let reading = read(&body.to_string()).unwrap();
    assert_eq!(json!(reading.event_id), event_id, "{place}");
    assert_eq!(reading.notices.unwrap_err().to_string(), expected, "{place}");
}
