//! Short words for what every test needs: times, ids and entries.

use jiff::Timestamp;
use labgate_core::{Identifier, Phi, merge::Entry};

/// 2026-08-04T16:00:00Z in Unix seconds: the minute 0 of every story.
pub(crate) const START: i64 = 1_785_859_200;

/// So many minutes into the story.
pub(crate) fn minute(minutes: i64) -> Timestamp {
    second(START + 60 * minutes)
}

/// A Unix time in seconds.
pub(crate) fn second(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// A vendor's id.
pub(crate) fn id(text: &str) -> Identifier {
    Identifier::new(text).unwrap()
}

/// A status at a minute, as a vendor tells it that gives its events no ids.
pub(crate) fn entry<S>(at: i64, status: S) -> Entry<S> {
    Entry {
        at: minute(at),
        provider_event_id: None,
        status,
        provider_status: None,
        phase: None,
        reason: None,
        provider_at: None,
    }
}

/// The same with the vendor's id of the event.
pub(crate) fn event<S>(at: i64, event_id: &str, status: S) -> Entry<S> {
    Entry { provider_event_id: Some(id(event_id)), ..entry(at, status) }
}

/// A reason in the vendor's words.
pub(crate) fn reason(text: &str) -> Phi<String> {
    Phi::new(text.into())
}
