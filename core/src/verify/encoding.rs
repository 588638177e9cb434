//! How bytes are written in a header, and what may come before them.

use base64::{
    Engine as _, alphabet,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
    },
};

/// How a MAC or a key is written as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Hexadecimal; read in either case, written in lower case.
    #[default]
    Hex,
    /// Base64 of the standard alphabet; read with or without padding, written with it.
    Base64,
}

/// Base64 with or without padding, which vendors' own libraries don't demand.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Encoding {
    /// `bytes` as text.
    pub fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => STANDARD.encode(bytes),
        }
    }

    /// The bytes that `text` encodes; `None` if it encodes none.
    pub fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Hex => hex::decode(text).ok(),
            Self::Base64 => LENIENT.decode(text).ok(),
        }
    }
}

/// What follows `word` in `text`, or all of `text` if it does not begin so. A word that ends in a
/// space is an authentication scheme (RFC 9110, section 11.4): its case does not matter, nor do
/// further spaces.
pub(super) fn after<'a>(word: &str, text: &'a str) -> &'a str {
    if !word.ends_with(' ') {
        return text.strip_prefix(word).unwrap_or(text);
    }
    match text.split_at_checked(word.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(word) => rest.trim_start_matches(' '),
        Some(_) | None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_padding() {
        for text in ["AQI=", "AQI"] {
            assert_eq!(Encoding::Base64.decode(text), Some(vec![1, 2]), "{text}");
        }
        assert_eq!(Encoding::Base64.encode(&[1, 2]), "AQI=");
        assert_eq!(Encoding::Hex.decode("0aFF"), Some(vec![10, 255]));
        assert_eq!(Encoding::Hex.encode(&[10, 255]), "0aff");
        for encoding in [Encoding::Hex, Encoding::Base64] {
            assert_eq!(encoding.decode("no!"), None);
        }
    }

    #[test]
    fn a_scheme_is_found_in_any_case() {
        for text in ["Bearer token", "bearer token", "BEARER   token", "token"] {
            assert_eq!(after("Bearer ", text), "token", "{text}");
        }
        assert_eq!(after("sha256=", "sha256=00"), "00");
        assert_eq!(after("sha256=", "SHA256=00"), "SHA256=00");
        // A word of another length in bytes than in letters must not be cut amid a letter.
        for text in ["", "Bearer", "Bearertoken", "Beare\u{e9}r token"] {
            assert_eq!(after("Bearer ", text), text);
        }
    }
}
