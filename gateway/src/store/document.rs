//! Merged documents: what stands in the `document` column of orders and appointments.

use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;

/// A document that something was said of, before and after.
pub(super) struct Merged<H> {
    /// Version and content before; `None` for a new one.
    pub(super) before: Option<(i64, H)>,
    /// Version and content after.
    pub(super) after: (i64, H),
}

/// Lets `say` change the document in `row` of `table`; `None` if it said nothing new.
pub(super) fn merged<H: Clone + Default + PartialEq + DeserializeOwned>(
    table: &'static str,
    row: Option<(i64, Vec<u8>)>,
    say: impl FnOnce(&mut H),
) -> Result<Option<Merged<H>>, StoreError> {
    let before = row
        .map(|(version, bytes)| Ok::<_, StoreError>((version, from_document(table, &bytes)?)))
        .transpose()?;
    let (version, mut history): (i64, H) = before.clone().unwrap_or_default();
    say(&mut history);
    if before.as_ref().is_some_and(|(_, before)| *before == history) {
        return Ok(None);
    }
    Ok(Some(Merged { before, after: (version + 1, history) }))
}

/// A document as the store's columns hold it.
pub(super) fn to_document<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("documents have string keys and no failing field")
}

/// The document in a column of `table`.
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
