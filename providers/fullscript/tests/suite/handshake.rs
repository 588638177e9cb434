//! Before each event Fullscript asks for the token, and with each event it wants it again.

use std::sync::Arc;

use http::{HeaderMap, Method};
use labgate_core::{DynProvider, Identifier, RawRequest, Receipt, Reply, reply::Acknowledged};
use serde_json::json;

use crate::subject::{CHALLENGE_TOKEN, FULLSCRIPT, config};

#[test]
fn an_empty_request_is_answered_with_the_token_and_nothing_else() {
    for method in [Method::GET, Method::HEAD, Method::POST] {
        assert_eq!(
            handshake(method, b""),
            Some(Reply::Json(json!({ "challenge": CHALLENGE_TOKEN }).as_object().unwrap().clone()))
        );
    }
}

#[test]
fn anything_else_is_no_handshake() {
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        assert_eq!(handshake(method, b""), None);
    }
    for body in [&b"{}"[..], b" ", b"\n", b"challenge"] {
        assert_eq!(handshake(Method::POST, body), None);
    }
}

#[test]
fn every_acknowledgement_carries_the_token() {
    check_acknowledgement(
        Acknowledged::Accepted { ingested_count: 1 },
        r#"{"received":true,"event_type":"lab_order.updated","ingested_count":1,"challenge":"#,
    );
    check_acknowledgement(
        Acknowledged::Duplicate,
        r#"{"received":true,"event_type":"lab_order.updated","ingested_count":0,"duplicate":true,"challenge":"#,
    );
    check_acknowledgement(
        Acknowledged::Ignored,
        r#"{"received":true,"event_type":"lab_order.updated","ignored":true,"challenge":"#,
    );
}

#[test]
fn a_token_that_is_a_secret_is_refused() {
    for token in SECRETS {
        let error = (FULLSCRIPT.registration.build)(config(&SECRETS, token)).unwrap_err();
        assert_eq!(error.to_string(), "challenge_token: expected another value than a secret");
    }
}

#[test]
fn a_token_that_is_empty_or_short_is_refused() {
    for token in [" ", "short"] {
        let error = (FULLSCRIPT.registration.build)(config(&SECRETS, token)).unwrap_err();
        assert_eq!(error.to_string(), "challenge_token: expected a secret of at least 8 bytes");
    }
}

const SECRETS: [&str; 2] = ["new-secret-of-the-suite", "old-secret-of-the-suite"];

fn fullscript() -> Arc<dyn DynProvider> {
    FULLSCRIPT.built(config(&SECRETS, CHALLENGE_TOKEN))
}

fn handshake(method: Method, body: &'static [u8]) -> Option<Reply> {
    fullscript().handshake(&RawRequest {
        method,
        path: "/v1/webhooks/fullscript".into(),
        query: String::new(),
        headers: HeaderMap::new(),
        body: body.into(),
    })
}

fn check_acknowledgement(outcome: Acknowledged, expected: &str) {
    let event_type = Identifier::new("lab_order.updated").unwrap();
    let reply = fullscript().acknowledge(&Receipt { event_type, outcome });
    let expected: serde_json::Value =
        serde_json::from_str(&format!("{expected}\"{CHALLENGE_TOKEN}\"}}")).unwrap();
    assert_eq!(reply, Reply::Json(expected.as_object().unwrap().clone()));
}
