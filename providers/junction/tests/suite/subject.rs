//! Junction as the tests build it, in both ways of signing.

use std::sync::{Arc, LazyLock};

use labgate_core::{DynProvider, Notice, Notices, notice::OrderNotice};
use labgate_junction::Junction;
use labgate_testkit::{Subject, goldens};
use serde_json::{Value, json};

/// Signed as Junction signs.
pub(crate) static JUNCTION: LazyLock<Subject> =
    LazyLock::new(|| Subject::of::<Junction>(env!("CARGO_MANIFEST_DIR"), json!({})));

/// Two secrets in the middle of a rotation, the new one first.
pub(crate) const SECRETS: [&str; 2] =
    ["whsec_bmV3LXNlY3JldC1vZi10aGUtc3VpdGU=", "whsec_b2xkLXNlY3JldC1vZi10aGUtc3VpdGU="];
/// A secret of the right form that is not the plugin's.
pub(crate) const STRANGER: &str = "whsec_c29tZWJvZHktZWxzZS1zLXNlY3JldC0=";

/// Junction with these secrets.
pub(crate) fn junction(secrets: &[&str]) -> Arc<dyn DynProvider> {
    JUNCTION.built(json!({ "secrets": secrets }))
}

/// The same for a sender that relays Junction's events.
pub(crate) fn relay(secrets: &[&str]) -> Arc<dyn DynProvider> {
    JUNCTION.built(json!({ "secrets": secrets, "signature": "body_hmac" }))
}

/// The body of a golden, to be changed.
pub(crate) fn body(golden: &str) -> Value {
    serde_json::from_slice(&goldens::one(&JUNCTION, golden).request.body).unwrap()
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
