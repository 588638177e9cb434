//! What Junction sends, what it may send, and what somebody else may send in its name.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod configuration;
mod conformance;
mod hostile;
mod lifecycles;
mod order_statuses;
mod orders;
mod results;
mod samples;
mod signatures;
mod subject;
mod vectors;
mod words;
