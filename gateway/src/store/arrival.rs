//! A proven webhook at the archive's door, and what becomes of it.

use std::sync::Arc;

use jiff::Timestamp;
use labgate_core::{Identifier, Notices, VerifiedRequest, decode::Unreadable};
use uuid::Uuid;

/// A proven webhook on its way into the archive; `N` is what it says.
#[derive(Debug)]
pub struct Arrival<N = Notices> {
    /// The plugin that it came through.
    pub plugin: Arc<str>,
    /// What arrived.
    pub request: VerifiedRequest,
    /// The vendor's word for the event, if the webhook could be read that far.
    pub event_type: Option<Identifier>,
    /// The same for every delivery of one webhook: signed material, or the body's hash.
    pub dedupe_key: String,
    /// What it says, or why that can't be made out.
    pub notices: Result<N, Unreadable>,
    /// Why it is here.
    pub cause: Cause,
}

impl Arrival {
    /// What the archive will do with it, if it was not kept before.
    pub fn stored(&self) -> Stored {
        match &self.notices {
            Err(error) => Stored::Quarantined(error.clone()),
            Ok(said) if said.notices.is_empty() => Stored::Ignored,
            Ok(said) => Stored::Accepted { ingested_count: said.ingested_count() },
        }
    }
}

/// Why an arrival is at the archive's door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The vendor sent it.
    Delivery,
    /// It was kept before, and is read again.
    Replay {
        /// The kept webhook.
        webhook: Uuid,
    },
}

/// What the archive did with an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Kept, and merged into the model.
    Accepted {
        /// As in [`Notices::ingested_count`].
        ingested_count: usize,
    },
    /// Kept; it says nothing about labs.
    Ignored,
    /// Kept before.
    Duplicate,
    /// Kept, to be read again when somebody has found out how.
    Quarantined(Unreadable),
}

impl Stored {
    /// The outcome as the `webhooks` table and the metrics name it.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Ignored => "ignored",
            Self::Duplicate => "duplicate",
            Self::Quarantined(_) => "quarantined",
        }
    }
}

impl Stored {
    /// Why it is quarantined: the field, never its content.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Quarantined(error) => Some(error.to_string()),
            Self::Accepted { .. } | Self::Ignored | Self::Duplicate => None,
        }
    }
}

/// The kept webhook that a change comes from.
pub(super) struct Origin {
    pub(super) plugin: Arc<str>,
    pub(super) webhook: Uuid,
    pub(super) received_at: Timestamp,
    pub(super) recorded_at: Timestamp,
}
