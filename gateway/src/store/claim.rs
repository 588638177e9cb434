//! Which webhooks of a batch are new: the one place where "exactly once" is decided.

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use super::{
    Cause, Connection, StoreError, Stored,
    key::Key,
    parcel::Parcel,
    webhooks::{self, Kept},
};

/// What a batch does with one of its webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was kept and settled before.
    Duplicate,
    /// It is kept under this id, and counts.
    Kept { webhook: Uuid },
}

/// Keeps what is new in `batch`, and holds what is known until the transaction ends.
pub(super) fn claim(
    connection: &mut Connection,
    batch: &[Parcel],
) -> Result<Vec<Fate>, StoreError> {
    // The first of each key, in the order of keys: that of locks.
    let mut firsts: BTreeMap<Key, &Parcel> = BTreeMap::new();
    let mut replays = Vec::new();
    for parcel in batch {
        match parcel.arrival.cause {
            Cause::Delivery => {
                firsts.entry(parcel.dedupe_key).or_insert(parcel);
            }
            Cause::Replay { webhook } => replays.push(Key(webhook)),
        }
    }
    let fresh = webhooks::insert(connection, firsts.values().copied())?;
    firsts.retain(|_, parcel| !fresh.contains(&parcel.id));
    let known = webhooks::hold(connection, firsts.into_keys().collect(), replays)?;
    let mut desk = Desk { connection, fresh, known: HashMap::new(), keys: HashMap::new() };
    for kept in known {
        desk.remember(kept);
    }
    batch.iter().map(|parcel| desk.fate(parcel)).collect()
}

struct Desk<'a> {
    connection: &'a mut Connection,
    /// What this batch has just put into the store.
    fresh: HashSet<Uuid>,
    /// What stands in the store, by id.
    known: HashMap<Uuid, Kept>,
    /// Which of it stands for a dedupe key.
    keys: HashMap<Key, Uuid>,
}

impl Desk<'_> {
    fn remember(&mut self, kept: Kept) {
        self.keys.insert(kept.dedupe_key, kept.id);
        self.known.insert(kept.id, kept);
    }

    fn fate(&mut self, parcel: &Parcel) -> Result<Fate, StoreError> {
        let kept = Kept {
            id: parcel.id,
            dedupe_key: parcel.dedupe_key,
            quarantined: matches!(parcel.stored, Stored::Quarantined(_)),
        };
        if self.fresh.contains(&parcel.id) {
            self.remember(kept);
            return Ok(Fate::Kept { webhook: parcel.id });
        }
        let known = match parcel.arrival.cause {
            Cause::Delivery => self.keys.get(&parcel.dedupe_key),
            Cause::Replay { ref webhook } => Some(webhook),
        };
        let known = known.and_then(|id| self.known.get(id)).copied();
        match (known, parcel.arrival.cause) {
            // Nobody has it any more: it was removed while it was read again.
            (None, _) => Ok(Fate::Duplicate),
            (Some(known), Cause::Replay { .. }) => {
                webhooks::settle(self.connection, known.id, parcel, &parcel.stored)?;
                self.known.insert(known.id, Kept { quarantined: kept.quarantined, ..known });
                Ok(Fate::Kept { webhook: known.id })
            }
            (Some(known), Cause::Delivery) if !known.quarantined => Ok(Fate::Duplicate),
            // An outcome is a state, not a mark: what is quarantined is tried again when it comes
            // again.
            (Some(known), Cause::Delivery) => {
                if webhooks::is_same(self.connection, known.id, parcel)? {
                    webhooks::settle(self.connection, known.id, parcel, &parcel.stored)?;
                    self.known.insert(known.id, Kept { quarantined: kept.quarantined, ..known });
                    return Ok(Fate::Kept { webhook: known.id });
                }
                // The vendor corrected it under the same id: both are kept, and the new one
                // counts.
                webhooks::retire(self.connection, known.id)?;
                webhooks::insert(self.connection, [parcel].into_iter())?;
                self.remember(kept);
                Ok(Fate::Kept { webhook: parcel.id })
            }
        }
    }
}
