//! One batch of webhooks, one transaction: raw bytes, merged state, events and tasks together or
//! not at all.

use std::sync::Arc;

use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice, Notices, VerifiedRequest, decode::Unreadable, model::Source,
};
use uuid::Uuid;

use super::{Connection, StoreError, appointments, orders, reports, tasks, webhooks};

/// A proven webhook on its way into the archive.
#[derive(Debug)]
pub struct Arrival {
    /// The plugin that it came through.
    pub plugin: Arc<str>,
    /// What arrived.
    pub request: VerifiedRequest,
    /// The vendor's word for the event, if the webhook could be read that far.
    pub event_type: Option<Identifier>,
    /// The same for every delivery of one webhook: signed material, or the body's hash.
    pub dedupe_key: String,
    /// What it says, or why that can't be made out.
    pub notices: Result<Notices, Unreadable>,
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
pub(super) struct Origin<'a> {
    pub(super) plugin: &'a str,
    pub(super) webhook: Uuid,
    pub(super) received_at: Timestamp,
    pub(super) recorded_at: Timestamp,
}

/// Archives a batch inside an open transaction.
pub(super) fn archive(
    connection: &mut Connection,
    batch: &[Arrival],
) -> Result<Vec<Stored>, StoreError> {
    batch.iter().map(|arrival| archive_one(connection, arrival)).collect()
}

fn archive_one(connection: &mut Connection, arrival: &Arrival) -> Result<Stored, StoreError> {
    let known = match arrival.cause {
        Cause::Delivery => {
            webhooks::find_delivery(connection, &arrival.plugin, &arrival.dedupe_key)?
        }
        Cause::Replay { webhook } => webhooks::find(connection, webhook)?,
    };
    // An outcome is a state, not a mark: what is quarantined is tried again when it comes again.
    let settled = known.as_ref().is_some_and(|known| known.outcome != "quarantined");
    if settled && arrival.cause == Cause::Delivery {
        return Ok(Stored::Duplicate);
    }
    let stored = arrival.stored();
    let (webhook, received_at) = match known {
        Some(known) => {
            webhooks::settle(connection, known.id, arrival, &stored)?;
            (known.id, known.received_at)
        }
        None => (webhooks::insert(connection, arrival, &stored)?, arrival.request.received_at()),
    };
    if let Ok(said) = &arrival.notices {
        let origin =
            Origin { plugin: &arrival.plugin, webhook, received_at, recorded_at: Timestamp::now() };
        for notice in &said.notices {
            apply(connection, &origin, notice)?;
        }
    }
    Ok(stored)
}

fn apply(
    connection: &mut Connection,
    origin: &Origin<'_>,
    notice: &Notice,
) -> Result<(), StoreError> {
    match notice {
        Notice::Order(order) => orders::absorb(connection, origin, order),
        Notice::Appointment(appointment) => {
            orders::ensure(connection, origin, &appointment.provider_order_id)?;
            appointments::absorb(connection, origin, appointment)
        }
        Notice::Report(report) => {
            orders::ensure(connection, origin, &report.provider_order_id)?;
            let source = Source { webhook: origin.webhook };
            reports::file(connection, origin, source, report)
        }
        Notice::Fetch(pointer) => tasks::schedule(connection, origin, pointer),
    }
}
