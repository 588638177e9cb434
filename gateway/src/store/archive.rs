//! One batch of webhooks, one transaction: raw bytes, merged state, events and tasks together or
//! not at all.

use jiff::Timestamp;
use labgate_core::{Notice, model::Source};

use super::{
    Arrival, Cause, Connection, StoreError, Stored, appointments, arrival::Origin, orders, reports,
    tasks, webhooks,
};

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
