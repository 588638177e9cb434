//! Completing a thin notice.

use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;

use super::{Client, Document, ErrandError};
use crate::{Notices, decode::Unreadable, notice::FetchNotice};

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
        client: &dyn Client,
    ) -> Result<Vec<Bytes>, ErrandError>;

    /// Says in our words what a fetched document says; pure, as [`crate::Provider::map`] is. The
    /// caller passes it through [`Notices::ordered_by`].
    fn read(&self, pointer: &FetchNotice, document: &Document) -> Result<Notices, Unreadable>;

    /// Confirms to the vendor that somebody has received what was fetched, where it asks for that.
    /// Called when a consumer says so and never by the gateway itself: Terra, for one, counts it as
    /// the end user's own act (Vantage API, "Acknowledge results receipt").
    async fn acknowledge(
        &self,
        _pointer: &FetchNotice,
        _client: &dyn Client,
    ) -> Result<(), ErrandError> {
        Ok(())
    }
}
