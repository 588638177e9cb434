//! One batch of webhooks, one transaction: raw bytes, merged state, events and tasks together or
//! not at all.

use jiff::Timestamp;
use labgate_core::Notice;

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
    let webhook = match known {
        Some(known) if webhooks::is_same(connection, known.id, arrival)? => {
            webhooks::settle(connection, known.id, arrival, &stored)?;
            known.id
        }
        Some(known) => {
            // The vendor corrected it under the same id: both are kept, and the new one counts.
            webhooks::retire(connection, known.id)?;
            webhooks::insert(connection, arrival, &stored)?
        }
        None => webhooks::insert(connection, arrival, &stored)?,
    };
    if let Ok(said) = &arrival.notices {
        let origin = Origin {
            plugin: &arrival.plugin,
            webhook,
            received_at: arrival.request.received_at(),
            recorded_at: Timestamp::now(),
        };
        if arrival.cause != Cause::Delivery {
            let reports = said.notices.iter().filter_map(|notice| match notice {
                Notice::Report(report) => Some(report),
                Notice::Order(_) | Notice::Appointment(_) | Notice::Fetch(_) => None,
            });
            reports::supersede(connection, &origin, reports)?;
        }
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
            let at = appointment.latest_at();
            orders::mention(connection, origin, &appointment.provider_order_id, at)?;
            appointments::absorb(connection, origin, appointment)
        }
        Notice::Report(report) => {
            orders::mention(connection, origin, &report.provider_order_id, report.reported_at)?;
            reports::file(connection, origin, report)
        }
        Notice::Fetch(pointer) => tasks::schedule(connection, origin, pointer),
    }
}
