//! A JSON value that is text or a number.

use std::fmt;

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;

use crate::Decimal;

/// A JSON string or number, a number by its exact digits.
#[derive(Clone, PartialEq, Eq)]
pub enum Scalar {
    /// A number.
    Number(Decimal),
    /// A string.
    Text(String),
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if let Ok(text) = serde_json::from_str(raw.get()) {
            return Ok(Self::Text(text));
        }
        raw.get()
            .parse()
            .map(Self::Number)
            .map_err(|_| D::Error::custom("expected a string or a number"))
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Number(_) => "Scalar::Number(redacted)",
            Self::Text(_) => "Scalar::Text(redacted)",
        })
    }
}
