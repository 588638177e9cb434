//! Listing what changed, for vendors that send too little, and after an outage.

use std::{
    fmt::{self, Debug},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;

use super::{Document, ErrandContext, ErrandError};
use crate::{Notices, decode::Unreadable};

/// Lists what changed at the vendor since a cursor.
///
/// # Contract
///
/// As for [`super::Fetch`]: [`poll`](Self::poll) asks, [`read`](Self::read) understands. The
/// gateway keeps a page's documents and its cursor together, so nothing is skipped by a crash;
/// what is listed twice, or came by webhook too, merges into nothing new.
#[async_trait]
pub trait Poll: Debug + Send + Sync {
    /// How long to wait after a page that was the last.
    fn interval(&self) -> Duration;

    /// The page after `cursor`; the first one ever if there is none. Its cursor must be another
    /// one than `cursor` if more waits behind it: a poll that stands still would never end.
    async fn poll(
        &self,
        cursor: Option<&str>,
        context: &ErrandContext<'_>,
    ) -> Result<Page, ErrandError>;

    /// Says in our words what a listed document says; pure. The caller passes it through
    /// [`Notices::ordered_by`].
    fn read(&self, document: &Document) -> Result<Notices, Unreadable>;
}

/// A page of what changed.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// What the vendor lists.
    pub documents: Vec<Bytes>,
    /// Where to go on; the adapter's own text.
    pub cursor: String,
    /// Whether more waits, so that the next page is asked for at once.
    pub more: bool,
}

impl Debug for Page {
    /// Leaves out documents and cursor: a cursor may be made of a vendor's ids.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Page")
            .field("documents", &self.documents.len())
            .field("more", &self.more)
            .finish_non_exhaustive()
    }
}
