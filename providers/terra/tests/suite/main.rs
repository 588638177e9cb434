//! What Terra sends, what it may send, and what it must be answered.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod conformance;
mod hostile;
mod lifecycles;
mod results;
mod signatures;
mod statuses;
mod subject;
