//! One batch of webhooks, one transaction: raw bytes, merged state, events and tasks together or
//! not at all.
//!
//! Locks are taken in one order, so that any number of gateways can write to one server: webhooks
//! by their dedupe keys, then orders by their ids, then those that they lead to, then appointments
//! by their ids, and last the feed.

use std::collections::HashMap;

use super::{
    Connection, StoreError, Stored,
    claim::{Fate, claim},
    parcel::Parcel,
    unit_of_work::UnitOfWork,
    webhooks,
};

/// Archives a batch inside an open transaction.
pub(super) fn archive(
    connection: &mut Connection,
    batch: &[Parcel],
) -> Result<Vec<Stored>, StoreError> {
    let fates = claim(connection, batch)?;
    let kept = |(parcel, fate)| match fate {
        Fate::Duplicate => None,
        Fate::Kept { webhook } => Some((parcel, webhook)),
    };
    let kept: Vec<_> = batch.iter().zip(fates.iter().copied()).filter_map(kept).collect();
    let mut work = UnitOfWork::load(connection, &kept)?;
    let mut unmerged = HashMap::new();
    for (parcel, webhook) in kept {
        if let Err(reason) = work.merge(parcel, webhook) {
            let stored = Stored::Quarantined(reason);
            webhooks::settle(connection, webhook, parcel, &stored)?;
            // Repetitions in the batch share its fate.
            unmerged.insert(parcel.dedupe_key, stored);
        }
    }
    work.save(connection)?;
    let stored = |(parcel, fate): (&Parcel, Fate)| match (unmerged.get(&parcel.dedupe_key), fate) {
        (Some(quarantined), _) => quarantined.clone(),
        (None, Fate::Duplicate) => Stored::Duplicate,
        (None, Fate::Kept { .. }) => parcel.stored.clone(),
    };
    Ok(batch.iter().zip(fates).map(stored).collect())
}
