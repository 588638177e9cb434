//! The statuses that a vendor told of.

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
    /// Adds an entry. If the vendor tells one event twice with different content, the greater
    /// content stands, whichever came first.
    pub fn add(&mut self, entry: Entry<S>) {
        if let Some(known) = self.0.iter_mut().find(|known| same_event(known, &entry)) {
            if entry > *known {
                *known = entry;
            }
        } else {
            self.0.push(entry);
        }
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

fn same_event<S: Copy + Eq>(left: &Entry<S>, right: &Entry<S>) -> bool {
    match (&left.provider_event_id, &right.provider_event_id) {
        (Some(left), Some(right)) => left == right,
        (None, None) => {
            (left.at, left.status, &left.provider_status)
                == (right.at, right.status, &right.provider_status)
        }
        (Some(_), None) | (None, Some(_)) => false,
    }
}
