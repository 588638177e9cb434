//! One batch of webhooks, one transaction: raw bytes, merged state, events and tasks together or
//! not at all.
//!
//! Locks are taken in one order, so that any number of gateways can write to one server: webhooks
//! by their dedupe keys, then orders by their ids, then appointments by theirs, and last the feed.

use super::{
    Connection, StoreError, Stored,
    claim::{Fate, claim},
    parcel::Parcel,
    sheet::Sheet,
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
    let mut sheet = Sheet::load(connection, &kept)?;
    for (parcel, webhook) in kept {
        sheet.enter(parcel, webhook);
    }
    sheet.save(connection)?;
    let stored = |(parcel, fate): (&Parcel, Fate)| match fate {
        Fate::Duplicate => Stored::Duplicate,
        Fate::Kept { .. } => parcel.stored.clone(),
    };
    Ok(batch.iter().zip(fates).map(stored).collect())
}
