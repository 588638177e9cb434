//! Lists, and how to get the rest of them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::Serialize;

/// A whole list.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct List<T> {
    /// The list.
    pub(super) data: Vec<T>,
}

/// A part of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Page<T> {
    /// The part.
    pub(super) data: Vec<T>,
    /// What to ask for the next part with; null if this was the last.
    pub(super) next_cursor: Option<String>,
}

/// A part of the feed.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct EventPage<T> {
    /// The events, oldest first.
    pub(super) data: Vec<T>,
    /// What to ask for the next part after; the same as was asked if nothing has come since.
    pub(super) next_after: i64,
}

impl<T> Page<T> {
    /// The first `limit` of `rows`, which were asked for one more to see whether there is one.
    pub(super) fn new(mut rows: Vec<(i64, T)>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more).map(|(seq, _)| cursor(*seq));
        Self { data: rows.into_iter().map(|(_, row)| row).collect(), next_cursor: last }
    }
}

/// A place in a list, in a form that invites nobody to compute with it.
fn cursor(seq: i64) -> String {
    URL_SAFE_NO_PAD.encode(seq.to_be_bytes())
}

/// The place that a cursor stands for.
pub(super) fn place(cursor: &str) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    Some(i64::from_be_bytes(bytes.try_into().ok()?))
}
