//! Completing a thin notice.

use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use super::{Document, ErrandContext, ErrandError};
use crate::{Identifier, Notices, decode::Unreadable, model::OrderStatus, notice::FetchNotice};

/// Fetches what a [`FetchNotice`] points at.
///
/// # Contract
///
/// [`fetch`](Self::fetch) asks and understands nothing; [`read`](Self::read) understands and asks
/// nothing, so what was fetched once can be read again. Credentials go to the host that the
/// operator configured and to no other: an address out of a body or an answer is asked without
/// them, over `https` only.
///
/// An errand may be repeated after a crash, so nothing that it does may depend on being done once.
#[async_trait]
pub trait Fetch: Debug + Send + Sync {
    /// Asks for what `pointer` names. What comes back is kept before anything else is done.
    async fn fetch(
        &self,
        pointer: &FetchNotice,
        context: &ErrandContext<'_>,
    ) -> Result<Vec<Bytes>, ErrandError>;

    /// Says in our words what a fetched document says; pure, as [`crate::Provider::map`] is. The
    /// caller passes it through [`Notices::ordered_by`].
    fn read(&self, pointer: &FetchNotice, document: &Document) -> Result<Notices, Unreadable>;

    /// What to ask for about an order that is still open, where the vendor tells only part of its
    /// course by webhook; nothing by default. Pure. The gateway calls it for each open order of the
    /// plugin, at an interval that its budget of requests bears, and fetches what it names as if a
    /// webhook had pointed there. What it names must belong to the order, and the same order must
    /// always be given the same pointers, so that none is asked for twice at a time.
    fn sweep(&self, _order: &OpenOrder) -> Vec<FetchNotice> {
        Vec::new()
    }

    /// Confirms to the vendor that somebody has received what was fetched, where it asks for that.
    /// Called when a consumer says so and never by the gateway itself: Terra, for one, counts it as
    /// the end user's own act (Vantage API, "Acknowledge results receipt").
    async fn acknowledge(
        &self,
        _pointer: &FetchNotice,
        _context: &ErrandContext<'_>,
    ) -> Result<(), ErrandError> {
        Ok(())
    }
}

/// An order whose status is not final, as far as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenOrder {
    /// The vendor's id of the order.
    pub provider_order_id: Identifier,
    /// Its status.
    pub status: OrderStatus,
    /// When anything was last heard of it, by webhook or by an errand.
    pub last_seen_at: Timestamp,
}
