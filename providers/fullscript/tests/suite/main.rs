//! What Fullscript sends, what it may send, and what it must be answered.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod carts;
mod conformance;
mod handshake;
mod hostile;
mod lab_orders;
mod subject;
mod vectors;
