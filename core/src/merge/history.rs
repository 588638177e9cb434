//! What is known of one order or appointment, mergeable in any order.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Entry, Timeline};
use crate::Identifier;

/// The fields besides the status.
pub trait Details: Clone + Default + PartialEq + Serialize {
    /// Each field of `self`, or where that is not told, of `below`.
    #[must_use]
    fn over(self, below: Self) -> Self;

    /// Of each field the greater value, where something told is greater than nothing: what two
    /// messages of the same age say together.
    #[must_use]
    fn join(self, other: Self) -> Self;
}

/// All that was ever said of one order or appointment, as far as it still matters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "S: Ord + Serialize, D: Serialize",
    deserialize = "S: Copy + Ord + Deserialize<'de>, D: Deserialize<'de>"
))]
pub struct History<S, D> {
    timeline: Timeline<S>,
    topics: BTreeMap<String, Statement<D>>,
    /// The latest time that any message told: like the rest, it only grows.
    updated_at: Option<Timestamp>,
    /// Further names that lead here.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    aliases: BTreeSet<Identifier>,
}

/// The newest message of a topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Statement<D> {
    stamp: Stamp,
    details: D,
}

/// How new a message is. The fields stand in the order in which they decide.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Stamp {
    at: Timestamp,
    provider_event_id: Option<Identifier>,
    stated_at: Timestamp,
    /// When it arrived: of two messages to which the vendor gives the same time, the later arrival
    /// counts. `None` for those that were merged before this was recorded.
    #[serde(default)]
    received_at: Option<Timestamp>,
}

impl<S, D> Default for History<S, D> {
    fn default() -> Self {
        Self {
            timeline: Timeline::default(),
            topics: BTreeMap::new(),
            updated_at: None,
            aliases: BTreeSet::new(),
        }
    }
}

impl<S: Copy + Ord, D: Details> History<S, D> {
    /// Takes in one message, which arrived at `received_at`.
    pub fn absorb(
        &mut self,
        topic: &str,
        entries: &[Entry<S>],
        details: &D,
        stated_at: Timestamp,
        received_at: Timestamp,
    ) {
        let latest = entries.iter().max();
        let stamp = Stamp {
            at: latest.map_or(stated_at, |entry| entry.at),
            provider_event_id: latest.and_then(|entry| entry.provider_event_id.clone()),
            stated_at,
            received_at: Some(received_at),
        };
        self.mention(stamp.at.max(stated_at));
        self.timeline.extend(entries);
        self.state(topic.into(), Statement { stamp, details: details.clone() });
    }

    /// Takes in all that is known of what turned out to be the same thing: the history is then
    /// that of one which was told everything.
    pub fn fold(&mut self, other: Self) {
        let Self { timeline, topics, updated_at, aliases } = other;
        self.timeline.extend(&timeline.entries());
        for (topic, said) in topics {
            self.state(topic, said);
        }
        self.updated_at = self.updated_at.max(updated_at);
        self.aliases.extend(aliases);
    }

    fn state(&mut self, topic: String, said: Statement<D>) {
        let said = match self.topics.remove(&topic) {
            None => said,
            Some(known) => match said.stamp.cmp(&known.stamp) {
                Ordering::Greater => said,
                Ordering::Less => known,
                Ordering::Equal => Statement { details: said.details.join(known.details), ..known },
            },
        };
        self.topics.insert(topic, said);
    }

    /// Takes in a further name that leads here.
    pub fn claim(&mut self, alias: &Identifier) {
        self.aliases.insert(alias.clone());
    }

    /// Further names that lead here.
    pub fn aliases(&self) -> &BTreeSet<Identifier> {
        &self.aliases
    }

    /// Takes in that something which belongs here was told at that time.
    pub fn mention(&mut self, at: Timestamp) {
        self.updated_at = self.updated_at.max(Some(at));
    }

    /// The statuses.
    pub fn timeline(&self) -> &Timeline<S> {
        &self.timeline
    }

    /// The fields, each from the newest message that tells it.
    pub fn details(&self) -> D {
        let mut statements: Vec<_> = self.topics.values().collect();
        statements.sort_by(|left, right| left.stamp.cmp(&right.stamp));
        statements
            .into_iter()
            .fold(D::default(), |below, statement| statement.details.clone().over(below))
    }

    /// The vendor's time of the latest change.
    pub fn updated_at(&self) -> Option<Timestamp> {
        self.updated_at
    }
}
