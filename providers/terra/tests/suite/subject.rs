//! Terra as the tests build it.

use labgate_core::{Notice, Notices, notice::OrderNotice};
use labgate_terra::Terra;
use labgate_testkit::{ARRIVAL, MESSAGE_ID, Subject, goldens, json};
use serde_json::Value;

/// Terra with its goldens.
pub(crate) fn terra() -> Subject {
    Subject::of::<Terra>(env!("CARGO_MANIFEST_DIR"), json!({}))
}

/// The body of a golden, to be changed.
pub(crate) fn body(golden: &str) -> Value {
    serde_json::from_slice(&goldens::one(&terra(), golden).request.body).unwrap()
}

/// What `body` says, or the error that says why not even its event can be named.
pub(crate) fn read(body: &str) -> Result<labgate_core::Reading, String> {
    let subject = terra();
    let request = subject.proven(&subject.post(body.as_bytes()), MESSAGE_ID, ARRIVAL);
    subject.provider().read(&request).map_err(|error| error.to_string())
}

/// What `body` says.
pub(crate) fn told(body: &Value) -> Notices {
    read(&body.to_string()).unwrap().notices.unwrap()
}

/// What `notices` say of their order.
pub(crate) fn order(notices: &Notices) -> &OrderNotice {
    let order = notices.notices.iter().find_map(|notice| match notice {
        Notice::Order(order) => Some(&**order),
        Notice::Appointment(_) | Notice::Report(_) | Notice::Fetch(_) => None,
    });
    order.expect("the body tells of an order")
}
