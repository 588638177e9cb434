//! The adapter keeps the contract, and the gateway serves it beside the others.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod binary;
mod conformance;
