//! An opaque word of a vendor: an id or an event type.

use std::{cmp::Ordering, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A vendor's id or event type, kept verbatim: 1 to 255 bytes without control characters.
///
/// The bound keeps it fit for an index, a header and a log line on every backend. A JSON integer
/// is taken by its digits, because vendors change between `4056` and `"4056"`.
///
/// Two ids that are numbers compare as numbers, so that event `10` comes after event `9`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Identifier(#[schemars(length(min = 1, max = 255))] String);

impl Identifier {
    /// The longest id that an index of every store takes.
    pub const MAX_BYTES: usize = 255;

    /// What a text must be to pass as an identifier; worded for error messages.
    pub const EXPECTED: &'static str = "an id of 1 to 255 bytes without control characters";

    /// Wraps `text`, or returns `None` if it is not [`Self::EXPECTED`].
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let fits =
            (1..=Self::MAX_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        fits.then_some(Self(text))
    }

    /// The vendor's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many digits follow the leading zeros, where the id is a number at all.
    fn magnitude(&self) -> Option<(usize, &str)> {
        let digits = self.0.trim_start_matches('0');
        self.0.bytes().all(|byte| byte.is_ascii_digit()).then_some((digits.len(), digits))
    }
}

impl Ord for Identifier {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.magnitude(), other.magnitude()) {
            (Some(left), Some(right)) => left.cmp(&right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
        .then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Identifier {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl<'de> Deserialize<'de> for Identifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Identifier;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(Identifier::EXPECTED)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Identifier, E> {
                Identifier::new(text)
                    .ok_or_else(|| E::custom(format_args!("expected {}", Identifier::EXPECTED)))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Identifier, E> {
                Ok(Identifier(number.to_string()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Identifier, E> {
                Ok(Identifier(number.to_string()))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_as_numbers() {
        let id = |text: &str| Identifier::new(text).unwrap();
        assert!(id("9") < id("10"));
        assert!(id("4056") < id("18446744073709551616"));
        assert!(id("7") < id("evt_1"));
        assert_ne!(id("007").cmp(&id("7")), Ordering::Equal);
    }

    #[test]
    fn integers_past_2_to_the_53_keep_every_digit() {
        let id: Identifier = serde_json::from_str("9007199254740993").unwrap();
        assert_eq!(id.as_str(), "9007199254740993");
    }

    #[test]
    fn what_no_index_could_hold_is_refused() {
        for text in [String::new(), "x".repeat(256), "a\u{0}b".into(), "line\nbreak".into()] {
            assert_eq!(Identifier::new(text), None);
        }
    }
}
