//! Fullscript as the tests build it.

use std::sync::LazyLock;

use labgate_core::{Notice, Notices, notice::OrderNotice};
use labgate_fullscript::Fullscript;
use labgate_testkit::{Subject, goldens};
use serde_json::{Value, json};

pub(crate) static FULLSCRIPT: LazyLock<Subject> =
    LazyLock::new(|| Subject::of::<Fullscript>(env!("CARGO_MANIFEST_DIR"), json!({})));

/// What anybody may know.
pub(crate) const CHALLENGE_TOKEN: &str = "a-token-that-goes-out-to-anybody";

/// What an operator would write.
pub(crate) fn config(secrets: &[&str], challenge_token: &str) -> Value {
    json!({ "secrets": secrets, "challenge_token": challenge_token })
}

/// The body of a golden, to be changed.
pub(crate) fn body(golden: &str) -> Value {
    serde_json::from_slice(&goldens::one(&FULLSCRIPT, golden).request.body).unwrap()
}

/// What `body` says.
pub(crate) fn read(body: &Value) -> Notices {
    FULLSCRIPT.read(body.to_string().as_bytes()).unwrap().notices.unwrap()
}

/// What `notices` say of their order.
pub(crate) fn order(notices: &Notices) -> &OrderNotice {
    let order = notices.notices.iter().find_map(|notice| match notice {
        Notice::Order(order) => Some(&**order),
        Notice::Appointment(_) | Notice::Report(_) | Notice::Fetch(_) => None,
    });
    order.expect("the body tells of an order")
}

/// Checks that `body` can't be read, and that the error is `expected`.
pub(crate) fn check_unreadable(body: &[u8], expected: &str) {
    assert_eq!(FULLSCRIPT.told(body).unwrap_err().to_string(), expected);
}
