//! Reading kept webhooks again, after an adapter has learnt more.

use labgate_core::VerifiedRequest;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    intake,
    plugins::Plugins,
    store::{
        Archive as _, Arrival, Cause, Store, StoreError,
        webhooks::{self, Webhook},
    },
};

/// What became of a webhook that was read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Replayed {
    /// The kept webhook.
    pub id: Uuid,
    /// `accepted`, `ignored` or `quarantined`.
    pub outcome: String,
    /// Why it is still quarantined: the field, never its content.
    pub reason: Option<String>,
}

/// Why a webhook was not read again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// No such webhook is kept.
    #[error("no such webhook is kept")]
    NotFound,
    /// Its plugin is not served any more.
    #[error("its plugin is not in the configuration")]
    UnknownPlugin,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the kept webhook `id` again, and unless it is only `tried`, merges what it says now.
pub async fn replay(
    store: &Store,
    plugins: &Plugins,
    id: Uuid,
    tried: bool,
) -> Result<Replayed, ReplayError> {
    let find = move |connection: &mut _| {
        Ok(webhooks::find(connection, id)?.zip(webhooks::content(connection, id)?))
    };
    let (webhook, request): (Webhook, VerifiedRequest) =
        store.read(find).await?.ok_or(ReplayError::NotFound)?;
    // What the vendor replaced under the same id stays set aside.
    if webhook.is_replaced() {
        return Ok(Replayed { id, outcome: webhook.outcome, reason: webhook.reason });
    }
    let plugin = plugins.get(&webhook.plugin).ok_or(ReplayError::UnknownPlugin)?;
    let read = intake::read_aside(plugin, request).await?;
    let arrival = Arrival { cause: Cause::Replay { webhook: id }, ..read };
    let stored = if tried { arrival.stored() } else { store.archive(arrival).await? };
    Ok(Replayed { id, outcome: stored.label().into(), reason: stored.reason() })
}
