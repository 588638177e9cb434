//! The word for a provider in `plugins.toml`, and the names that are made of it.

use std::str::FromStr;

/// A lower-case letter, then lower-case letters, digits and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind(String);

impl Kind {
    /// The word itself: `health_gorilla`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The type, unless its author says another: `HealthGorilla`.
    pub fn type_name(&self) -> TypeName {
        let words = self.0.split('_').filter(|word| !word.is_empty());
        TypeName(words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect())
    }
}

/// The name of a provider's type and of its vendor in prose: an upper-case letter, then letters and
/// digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName(String);

impl TypeName {
    /// The name itself: `LetsGetChecked`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no name of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an upper-case letter, then letters and digits")]
pub struct NoTypeName;

impl FromStr for TypeName {
    type Err = NoTypeName;

    fn from_str(text: &str) -> Result<Self, NoTypeName> {
        let starts = text.starts_with(|first: char| first.is_ascii_uppercase());
        let fits = starts && text.bytes().all(|letter| letter.is_ascii_alphanumeric());
        if fits { Ok(Self(text.into())) } else { Err(NoTypeName) }
    }
}

/// The text is no kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a lower-case letter, then lower-case letters, digits and `_`")]
pub struct NoKind;

impl FromStr for Kind {
    type Err = NoKind;

    fn from_str(text: &str) -> Result<Self, NoKind> {
        let fits = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_');
        let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
        if starts && text.bytes().all(fits) { Ok(Self(text.into())) } else { Err(NoKind) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, type_name: &str) {
        let kind: Kind = text.parse().unwrap();
        assert_eq!((kind.as_str(), kind.type_name().as_str()), (text, type_name));
    }

    #[test]
    fn a_kind_names_a_type() {
        check("acme", "Acme");
        check("health_gorilla", "HealthGorilla");
        check("lab24_7", "Lab247");
        check("a__b_", "AB");
    }

    #[test]
    fn a_type_is_named_as_types_are() {
        let name: TypeName = "LetsGetChecked".parse().unwrap();
        assert_eq!(name.as_str(), "LetsGetChecked");
        for text in ["", "letsGetChecked", "Lets_Get", "9Lives", "Läb", "A b", "A::B"] {
            assert_eq!(text.parse::<TypeName>(), Err(NoTypeName), "{text}");
        }
    }

    #[test]
    fn what_is_no_kind_is_refused() {
        for text in ["", "Acme", "9lives", "_acme", "health-gorilla", "a b", "../acme", "läb"] {
            assert_eq!(text.parse::<Kind>(), Err(NoKind), "{text}");
        }
    }
}
