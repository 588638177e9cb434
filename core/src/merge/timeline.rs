//! The statuses that a vendor told of.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Identifier, Phi, model::Phase};

/// One status at one time.
///
/// The fields stand in the order in which they decide which of two entries is later; do not sort
/// them otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Entry<S> {
    /// When the vendor says it happened.
    pub at: Timestamp,
    /// The vendor's id of the event; it decides between events of one instant.
    pub provider_event_id: Option<Identifier>,
    /// The status in our word.
    pub status: S,
    /// The status in the vendor's word, verbatim.
    pub provider_status: Option<String>,
    /// The phase that the vendor's high-level status tells, where `status` is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// The vendor's reason, verbatim.
    pub reason: Option<Phi<String>>,
}

/// A set of entries, kept oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timeline<S>(Vec<Entry<S>>);

impl<S> Default for Timeline<S> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<S: Copy + Ord> Timeline<S> {
    /// Adds entries. If the vendor tells one event twice with different content, the greater
    /// content stands, whichever came first.
    pub fn extend(&mut self, entries: &[Entry<S>]) {
        let mut known: BTreeMap<Key<S>, Entry<S>> = BTreeMap::new();
        for entry in self.0.drain(..).chain(entries.iter().cloned()) {
            let place = known.entry(key(&entry)).or_insert_with(|| entry.clone());
            if entry > *place {
                *place = entry;
            }
        }
        self.0 = known.into_values().collect();
        self.0.sort_unstable();
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> &[Entry<S>] {
        &self.0
    }

    /// The entry that tells where things stand.
    pub fn latest(&self) -> Option<&Entry<S>> {
        self.0.last()
    }
}

/// What makes two entries one event: the vendor's id of it, or else its time and status.
type Key<S> = (Option<Identifier>, Option<(Timestamp, S, Option<String>)>);

fn key<S: Copy>(entry: &Entry<S>) -> Key<S> {
    match &entry.provider_event_id {
        Some(id) => (Some(id.clone()), None),
        None => (None, Some((entry.at, entry.status, entry.provider_status.clone()))),
    }
}
