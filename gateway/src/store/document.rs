//! Merged documents: what stands in the `document` column of orders and appointments.

use std::sync::Arc;

use labgate_core::Identifier;
use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;

/// What a document is about: the vendor's id, within a plugin.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) plugin: Arc<str>,
    pub(super) provider_id: Identifier,
}

/// A document in the hands of a writer: `H` is all that was ever said, `V` what consumers see of it.
pub(super) struct Document<H, V> {
    pub(super) subject: Subject,
    pub(super) history: H,
    pub(super) view: V,
    /// Counts the webhooks that changed what consumers see.
    pub(super) version: i64,
    /// Whether the store has a row of it.
    pub(super) stored: bool,
    /// Whether that row is out of date.
    pub(super) changed: bool,
}

impl<H, V> Document<H, V> {
    /// One out of the store.
    pub(super) fn stored(subject: Subject, version: i64, history: H, view: V) -> Self {
        Self { subject, history, view, version, stored: true, changed: false }
    }
}

/// A history while one webhook adds to it: the document stays what it was until all of the webhook
/// is merged.
pub(super) struct Draft<H> {
    pub(super) subject: Subject,
    pub(super) history: H,
}

impl<H: Clone + Default + PartialEq> Draft<H> {
    /// A draft of `document`, or of a new one about `subject`.
    pub(super) fn of<V>(document: Option<&Document<H, V>>, subject: Subject) -> Self {
        let Some(known) = document else { return Self { subject, history: H::default() } };
        Self { subject: known.subject.clone(), history: known.history.clone() }
    }

    /// The document after `before`, unless nothing about it is new. What consumers can't see, as
    /// when something was said last, is written and not counted.
    pub(super) fn settle<V: PartialEq>(
        self,
        before: Option<&Document<H, V>>,
        view: impl Fn(&Subject, &H, i64) -> V,
    ) -> Option<Document<H, V>> {
        let Self { subject, history } = self;
        if before.is_some_and(|before| before.history == history) {
            return None;
        }
        let stored = before.is_some_and(|before| before.stored);
        let mut version = before.map_or(0, |before| before.version);
        let mut seen = view(&subject, &history, version);
        if before.is_none_or(|before| before.view != seen) {
            version = version.checked_add(1).expect("no document changes 2^63 times");
            seen = view(&subject, &history, version);
        }
        Some(Document { subject, history, view: seen, version, stored, changed: true })
    }
}

/// Rows to write, out of pairs that tell whether one is stored: the stored ones and the new ones,
/// each in the order in which they come.
pub(super) fn split<R>(rows: Vec<(bool, R)>) -> (Vec<R>, Vec<R>) {
    let (stored, new): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(stored, _)| *stored);
    let rows = |rows: Vec<(bool, R)>| rows.into_iter().map(|(_, row)| row).collect();
    (rows(stored), rows(new))
}

/// A document as it is packed.
pub(super) fn to_document<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("documents have string keys and no failing field")
}

/// The document that was packed for a row of `table`.
pub(super) fn from_document<T: DeserializeOwned>(
    table: &'static str,
    bytes: &[u8],
) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|_| StoreError::Unreadable(table))
}

/// One of our own words in a column: the name that JSON has for it.
pub(super) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("our words are unit variants, not {other:?}"),
    }
}
