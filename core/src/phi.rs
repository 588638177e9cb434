//! A value that tells of a person and can't be printed.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Health data about a person: it has no `Display`, and its `Debug` says only that it is there.
///
/// It can be serialised, because the store and the API must; a log line, a metric or an error
/// message never takes a `Serialize`, so what is wrapped stays out of them.
///
/// ```
/// let name = labgate_core::Phi::new("Jordan Avery");
/// assert_eq!(format!("{name:?}"), "Phi(redacted)");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Wraps a value about a person.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Phi(redacted)")
    }
}
