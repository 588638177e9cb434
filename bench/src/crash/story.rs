//! What the feed tells of one order or appointment: its versions only rise.

use std::collections::{BTreeSet, HashSet};

use labgate_core::model::EventType;
use serde_json::Value;
use uuid::Uuid;

use super::model::Known;

/// What was told of an order or an appointment.
#[derive(Default)]
pub(super) struct Story {
    order: Uuid,
    types: HashSet<EventType>,
    /// The versions that were told of.
    versions: BTreeSet<i64>,
    /// What the last event had to say.
    latest: Value,
}

impl Story {
    /// Goes on with an event about `order`.
    pub(super) fn tell(
        &mut self,
        order: Uuid,
        is_first: bool,
        event_type: EventType,
        data: Value,
    ) -> Result<(), String> {
        let version = data["version"].as_i64().unwrap_or_default();
        let before = self.versions.last().copied();
        // An order that is done when it is first heard of is created and completed at once.
        let at_once = before == Some(1) && version == 1 && !self.types.contains(&event_type);
        self.order = order;
        self.types.insert(event_type);
        self.versions.insert(version);
        self.latest = data;
        match (before, is_first) {
            (None, true) if version == 1 => Ok(()),
            (None, true) => Err(format!("it is created as version {version}")),
            (None, false) => Err(format!("{event_type:?} comes before it is created")),
            (Some(_), true) => Err("it is created twice".into()),
            (Some(before), false) if version > before || at_once => Ok(()),
            (Some(before), false) => Err(format!("version {version} comes after {before}")),
        }
    }

    /// The order that it is about.
    pub(super) fn order(&self) -> Uuid {
        self.order
    }

    /// The newest version that was told of.
    pub(super) fn newest(&self) -> usize {
        self.versions.last().map_or(0, |version| usize::try_from(*version).unwrap_or(usize::MAX))
    }

    /// Where the last that was told is not what is known.
    pub(super) fn compare(&self, known: &Known) -> Vec<String> {
        let mut faults = Vec::new();
        let order = known.order(0);
        for (name, expected) in [
            ("status", serde_json::to_value(order.status)),
            ("phase", serde_json::to_value(order.phase)),
        ] {
            let expected = expected.expect("our words are JSON");
            if self.latest[name] != expected {
                faults.push(format!(
                    "the last that was told is {name} {}, not {expected}",
                    self.latest[name]
                ));
            }
        }
        if self.newest() > known.spoken_of {
            let (version, most) = (self.newest(), known.spoken_of);
            faults.push(format!("version {version}, and only {most} things were said of it"));
        }
        faults
    }

    /// Whether the feed may pass over the versions up to `version` that it did not tell of.
    pub(super) fn tells_enough(&self, version: i64, known: &Known) -> bool {
        let version = usize::try_from(version).unwrap_or(usize::MAX);
        version >= self.newest() && version - self.versions.len() <= known.beside
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// How the events are taken, each of a type and a version.
    fn told(events: &[(EventType, i64)]) -> Vec<bool> {
        let mut story = Story::default();
        let tell = |(event_type, version): &(EventType, i64)| {
            let is_first = *event_type == EventType::OrderCreated;
            story.tell(Uuid::nil(), is_first, *event_type, json!({ "version": version })).is_ok()
        };
        events.iter().map(tell).collect()
    }

    #[test]
    fn an_order_is_created_once_and_its_versions_rise() {
        use EventType::{
            OrderCompleted as Completed, OrderCreated as Created, OrderUpdated as Updated,
        };
        assert_eq!(told(&[(Created, 1), (Updated, 2), (Completed, 5)]), [true; 3]);
        assert_eq!(told(&[(Created, 1), (Completed, 1), (Updated, 2)]), [true; 3], "done at once");
        assert_eq!(told(&[(Created, 1), (Completed, 1), (Completed, 1)]), [true, true, false]);
        assert_eq!(told(&[(Created, 1), (Updated, 2), (Updated, 2)]), [true, true, false]);
        assert_eq!(told(&[(Created, 1), (Updated, 3), (Updated, 2)]), [true, true, false]);
        assert_eq!(told(&[(Created, 1), (Created, 2)]), [true, false]);
        assert_eq!(told(&[(Updated, 2), (Created, 1)]), [false, false]);
        assert_eq!(told(&[(Created, 2)]), [false]);
    }
}
