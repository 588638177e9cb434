//! The statuses that a vendor reported.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, btree_map},
};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    /// The vendor's own time, where it lies so far in the future that the arrival's orders the
    /// entry: see [`crate::Notices::ordered_by`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_at: Option<Timestamp>,
}

impl<S: Ord> Entry<S> {
    /// Whether `self` counts rather than `other`, another statement of the same event. A plausible
    /// time beats one in the future; of two in the future the first arrival counts, so that a
    /// history that is sent again never overtakes what happened meanwhile; else the greater content.
    fn outranks(&self, other: &Self) -> bool {
        let rank = |entry: &Self| {
            (entry.provider_at.is_none(), entry.provider_at.map(|_| Reverse(entry.at)))
        };
        rank(self).cmp(&rank(other)).then_with(|| self.cmp(other)).is_gt()
    }
}

/// A set of entries: adding one costs the logarithm of what is known, however many come at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline<S>(BTreeMap<Key<S>, Entry<S>>);

/// What makes two entries one event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<S> {
    /// The vendor's id of it.
    Event(Identifier),
    /// Its time and status, where it has no id.
    Moment(Timestamp, S, Option<String>),
}

impl<S> Default for Timeline<S> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<S: Copy + Ord> Timeline<S> {
    /// Adds entries. If the vendor reports one event twice with different content, the greater
    /// content counts, whichever came first.
    pub fn extend(&mut self, entries: &[Entry<S>]) {
        for entry in entries {
            match self.0.entry(Key::of(entry)) {
                btree_map::Entry::Vacant(place) => {
                    place.insert(entry.clone());
                }
                btree_map::Entry::Occupied(mut known) if entry.outranks(known.get()) => {
                    known.insert(entry.clone());
                }
                btree_map::Entry::Occupied(_) => {}
            }
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All entries, oldest first. The last one is the current status.
    pub fn entries(&self) -> Vec<Entry<S>> {
        self.sorted().into_iter().cloned().collect()
    }
}

impl<S: Ord> Timeline<S> {
    fn sorted(&self) -> Vec<&Entry<S>> {
        let mut entries: Vec<_> = self.0.values().collect();
        entries.sort_unstable();
        entries
    }
}

impl<S: Copy> Key<S> {
    fn of(entry: &Entry<S>) -> Self {
        let stated_at = entry.provider_at.unwrap_or(entry.at);
        match &entry.provider_event_id {
            Some(id) => Self::Event(id.clone()),
            None => Self::Moment(stated_at, entry.status, entry.provider_status.clone()),
        }
    }
}

/// As a list, oldest first.
impl<S: Ord + Serialize> Serialize for Timeline<S> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        serializer.collect_seq(self.sorted())
    }
}

impl<'de, S: Copy + Ord + Deserialize<'de>> Deserialize<'de> for Timeline<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut timeline = Self::default();
        timeline.extend(&Vec::deserialize(deserializer)?);
        Ok(timeline)
    }
}
