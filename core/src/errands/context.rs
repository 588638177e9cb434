//! What an errand is lent.

use std::fmt;

use jiff::Timestamp;

use super::{Client, Session};

/// All that an errand may use of the world outside, lent for one call.
#[derive(Clone, Copy)]
pub struct ErrandContext<'a> {
    /// Sends requests to the vendor's API.
    pub client: &'a dyn Client,
    /// The plugin's tokens, where its vendor hands them out.
    pub session: &'a dyn Session,
    /// The time, since a provider reads no clock: whether a token has ended, what a window ends at.
    pub now: Timestamp,
}

impl fmt::Debug for ErrandContext<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ErrandContext").field("now", &self.now).finish_non_exhaustive()
    }
}
