//! What FHIR servers send, what they may send, and what is asked of them.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod config;
mod conformance;
mod fetch;
mod lives;
mod naming;

use labgate_fhir::Fhir;
use labgate_testkit::Subject;
use serde_json::json;

fn subject() -> Subject {
    Subject::of::<Fhir>(env!("CARGO_MANIFEST_DIR"), json!({}))
}
