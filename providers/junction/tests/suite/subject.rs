//! Junction as the tests build it, in both ways of signing.

use labgate_core::{Notice, Notices, Registration, notice::OrderNotice};
use labgate_junction::Junction;
use labgate_testkit::{Subject, goldens};
use serde_json::{Value, json};

/// Signed as Junction signs.
pub(crate) const JUNCTION: Subject = Subject {
    registration: Registration::of::<Junction>(),
    config: |secrets| json!({ "secrets": secrets }),
    secrets: ["whsec_bmV3LXNlY3JldC1vZi10aGUtc3VpdGU=", "whsec_b2xkLXNlY3JldC1vZi10aGUtc3VpdGU="],
    stranger: "whsec_c29tZWJvZHktZWxzZS1zLXNlY3JldC0=",
    goldens: concat!(env!("CARGO_MANIFEST_DIR"), "/goldens"),
    signs_time: true,
};

/// Signed by a sender that relays Junction's events.
pub(crate) const RELAY: Subject = Subject {
    config: |secrets| json!({ "secrets": secrets, "signature": "body_hmac" }),
    secrets: ["the relay's new secret", "the relay's old secret"],
    stranger: "another relay's secret",
    signs_time: false,
    ..JUNCTION
};

/// The body of a golden, to be changed.
pub(crate) fn body(golden: &str) -> Value {
    serde_json::from_slice(&goldens::one(&JUNCTION, golden).body).unwrap()
}

/// What `body` says.
pub(crate) fn read(body: &Value) -> Notices {
    JUNCTION.read(body.to_string().as_bytes()).unwrap().notices.unwrap()
}

/// What `body` says of its order.
pub(crate) fn read_order(body: &Value) -> OrderNotice {
    let order = read(body).notices.into_iter().find_map(|notice| match notice {
        Notice::Order(order) => Some(*order),
        Notice::Appointment(_) | Notice::Report(_) | Notice::Fetch(_) => None,
    });
    order.expect("the body tells of an order")
}

/// Checks that `body` can't be read, and that the error is `expected`.
pub(crate) fn check_unreadable(body: &[u8], expected: &str) {
    assert_eq!(JUNCTION.told(body).unwrap_err().to_string(), expected);
}
