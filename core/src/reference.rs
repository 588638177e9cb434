//! What a vendor's API knows something by, where an id is too short to say it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::Identifier;

/// What it takes to ask a vendor's API for one thing, in a form that the adapter chooses: an id, an
/// address, or a JSON of several ids. 1 to 1024 bytes without control characters.
///
/// The store keeps it in the clear and in an index, so it must hold no secret. Of a presigned link
/// it names what the link was asked for, and [`crate::errands::Fetch::fetch`] asks for another
/// link: the one in the webhook has expired by the time of the last attempt anyway.
///
/// The bound leaves room in one row of an index for an order's id, a report's id and the names
/// beside them: PostgreSQL takes rows of up to 2704 bytes (a third of a page, B-tree).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Reference(#[schemars(length(min = 1, max = 1024))] String);

impl Reference {
    /// The longest reference in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// What a text must be to pass as a reference; worded for error messages.
    pub const EXPECTED: &'static str = "a reference of 1 to 1024 bytes without control characters";

    /// Wraps `text`, or returns `None` if it is not [`Self::EXPECTED`].
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let fits =
            (1..=Self::MAX_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        fits.then_some(Self(text))
    }

    /// The adapter's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Identifier> for Reference {
    fn from(id: Identifier) -> Self {
        Self(id.as_str().into())
    }
}

impl fmt::Debug for Reference {
    /// Leaves out the text: an address may hold more than ids.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Reference({} bytes)", self.0.len())
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(text).ok_or_else(|| D::Error::custom(format_args!("expected {}", Self::EXPECTED)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_bounded_and_every_id_is_one() {
        for text in [String::new(), "x".repeat(1025), "line\nbreak".into(), "a\u{0}b".into()] {
            assert_eq!(Reference::new(text), None);
        }
        let longest = "x".repeat(Reference::MAX_BYTES);
        assert_eq!(Reference::new(longest.clone()).unwrap().as_str(), longest);
        let id = Identifier::new("y".repeat(Identifier::MAX_BYTES)).unwrap();
        let reference = Reference::from(id.clone());
        assert_eq!(Reference::new(reference.as_str()), Some(reference.clone()));
        assert_eq!(reference.as_str(), id.as_str());
    }

    #[test]
    fn a_reference_is_read_back_as_it_was_written_and_printed_nowhere() {
        let reference = Reference::new(r#"{"item":"7","taker":"8"}"#).unwrap();
        let json = serde_json::to_string(&reference).unwrap();
        assert_eq!(serde_json::from_str::<Reference>(&json).unwrap(), reference);
        assert_eq!(format!("{reference:?}"), "Reference(24 bytes)");
        let error = serde_json::from_str::<Reference>(r#""""#).unwrap_err();
        assert!(error.to_string().starts_with("expected a reference"), "{error}");
    }
}
