//! What a provider asks of its vendor's API after a webhook is on disk: to fetch what it only
//! pointed at, and to list what changed when no webhook came.
//!
//! The corridor stays the same: what the vendor answers is kept byte for byte, and a pure function
//! reads it into notices, today or years later. Only the asking itself knows a network, and that
//! is lent: [`ErrandContext`].

mod client;
mod context;
mod error;
mod fetch;
mod poll;
mod session;

use bytes::Bytes;
pub use client::{Client, Unreachable, accepted, followed};
pub use context::ErrandContext;
pub use error::{ErrandError, Retry};
pub use fetch::{Fetch, OpenOrder};
use jiff::Timestamp;
pub use poll::{Page, Poll};
pub use session::{Session, SessionAway, SessionLease};

/// Something that the vendor's API answered.
#[derive(Clone)]
pub struct Document {
    /// The body, untouched.
    pub body: Bytes,
    /// When it was fetched: the time of notices whose vendor gives none.
    pub fetched_at: Timestamp,
}

impl std::fmt::Debug for Document {
    /// Leaves out the body: it holds a patient.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Document")
            .field("body_bytes", &self.body.len())
            .field("fetched_at", &self.fetched_at)
            .finish()
    }
}
