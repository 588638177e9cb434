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

/// A document in the hands of a writer: `H` is what was ever said, `V` what consumers see of it.
pub(super) struct Document<H, V> {
    pub(super) subject: Subject,
    pub(super) history: H,
    pub(super) version: i64,
    /// Whether a row of it stands in the store.
    pub(super) stored: bool,
    /// What consumers see, once something was said.
    pub(super) view: Option<V>,
    /// Whether something new was said.
    pub(super) changed: bool,
}

impl<H: Clone + Default + PartialEq, V> Document<H, V> {
    /// One that was never heard of.
    pub(super) fn new(subject: Subject) -> Self {
        let history = H::default();
        Self { subject, history, version: 0, stored: false, view: None, changed: false }
    }

    /// One out of the store.
    pub(super) fn stored(subject: Subject, version: i64, history: H) -> Self {
        Self { subject, history, version, stored: true, view: None, changed: false }
    }

    /// Lets `say` change what is known. Gives what consumers saw before, if there was anything to
    /// see, and what they see now; `None` if nothing new was said.
    pub(super) fn change(
        &mut self,
        say: impl FnOnce(&mut H),
        view: impl Fn(&Subject, &H, i64) -> V,
    ) -> Option<(Option<V>, &V)> {
        let before = (self.version > 0).then(|| self.history.clone());
        say(&mut self.history);
        if before.as_ref() == Some(&self.history) {
            return None;
        }
        let seen = before.map(|before| {
            let known = self.view.take();
            known.unwrap_or_else(|| view(&self.subject, &before, self.version))
        });
        self.version += 1;
        self.changed = true;
        let now = view(&self.subject, &self.history, self.version);
        Some((seen, self.view.insert(now)))
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
