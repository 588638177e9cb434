//! The door between a request and a proven one.

use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use labgate_core::{
    RawRequest, VerifiedRequest,
    verify::{Coverage, Proof, Reason, Refusal, Verifier},
};

use super::{Headers, header_map, request};
use crate::words::minute;

/// A verifier that always says the same.
#[derive(Debug)]
struct Oracle(Result<Proof, Refusal>);

impl Verifier for Oracle {
    fn verify(&self, _request: &RawRequest, _now: Timestamp) -> Result<Proof, Refusal> {
        self.0.clone()
    }

    fn secrets(&self) -> usize {
        0
    }

    fn covers(&self) -> Coverage {
        Coverage::FULL
    }

    fn sign(&self, _request: &RawRequest, _message_id: &str, _now: Timestamp) -> Option<HeaderMap> {
        None
    }
}

fn proof() -> Proof {
    Proof { secret_index: 3, message_id: Some("msg_1".into()) }
}

const SENT: Headers<'_> = &[
    ("content-type", "application/json"),
    ("user-agent", "Vendor/1"),
    ("authorization", "Bearer token"),
    ("x-kind", "first"),
    ("svix-signature", "v1,AAAA"),
    ("x-kind", "second"),
    ("cookie", "session"),
];

/// Checks which headers are kept, as `name=value`.
fn check(kept: &[&str], expected: &[&str]) {
    let request = request(b"{}", header_map(SENT));
    let verified = VerifiedRequest::prove(&request, &Oracle(Ok(proof())), kept, minute(0)).unwrap();
    let line = |(name, value): (_, &HeaderValue)| format!("{name}={}", value.to_str().unwrap());
    let mut found: Vec<_> = verified.headers().iter().map(line).collect();
    found.sort();
    assert_eq!(found, expected, "{kept:?}");
}

#[test]
fn only_named_headers_are_kept() {
    let always = ["content-type=application/json", "user-agent=Vendor/1"];
    check(&[], &always);
    check(&["x-missing"], &always);
    check(&["x-kind"], &[&always[..], &["x-kind=first", "x-kind=second"]].concat());
    check(&["content-type", "user-agent"], &always);
    check(&["x-kind", "x-kind"], &[&always[..], &["x-kind=first", "x-kind=second"]].concat());
}

#[test]
fn a_proven_request_is_what_arrived_and_when() {
    let body = "{\"\u{e9}\": 1.0}\r\n".as_bytes();
    let request = request(body, HeaderMap::new());
    let verified = VerifiedRequest::prove(&request, &Oracle(Ok(proof())), &[], minute(7)).unwrap();
    assert_eq!(verified.body(), body);
    assert_eq!(verified.received_at(), minute(7));
    assert_eq!(verified.proof(), &proof());
}

#[test]
fn a_refusal_passes_through_as_it_is() {
    let mut refusals = Reason::ALL.map(Refusal::NotProven).to_vec();
    refusals.push(Refusal::Misconfigured("the shared key is not set"));
    for refusal in refusals {
        let request = request(b"{}", header_map(SENT));
        let found = VerifiedRequest::prove(&request, &Oracle(Err(refusal)), &["x-kind"], minute(0));
        assert_eq!(found.unwrap_err(), refusal);
    }
}

#[test]
fn every_reason_has_a_label_of_its_own() {
    let labels = Reason::ALL.map(Reason::label);
    assert_eq!(
        labels,
        ["missing_header", "malformed_header", "stale", "future", "unknown_version", "mismatch"]
    );
}
