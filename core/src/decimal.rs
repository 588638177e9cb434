//! A decimal number exactly as the lab wrote it.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// A number of a lab: `7.0` stays `7.0`, because its digits tell how precisely it was measured
/// (FHIR R4, "decimal").
///
/// It is text that is known to be a number, so it can't be rounded, and it is written to JSON as
/// a string, so that no reader turns it into a float by accident. Two decimals are equal if their
/// digits are: `7.0` says more than `7`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Decimal(#[schemars(regex(pattern = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"))] String);

/// The text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a decimal number")]
pub struct NotDecimal;

impl Decimal {
    /// The digits as the lab wrote them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Decimal {
    type Err = NotDecimal;

    /// Reads digits with an optional sign, fraction and exponent. A missing leading zero (`.5`,
    /// which Junction's ranges allow) is added; nothing else is changed.
    fn from_str(text: &str) -> Result<Self, NotDecimal> {
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (unsigned, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let whole_fits = digits(whole) || (whole.is_empty() && fraction.is_some());
        let exponent_fits =
            exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)));
        if !whole_fits || !fraction.is_none_or(digits) || !exponent_fits {
            return Err(NotDecimal);
        }
        let zero = if whole.is_empty() { "0" } else { "" };
        Ok(Self(format!("{sign}{zero}{unsigned}")))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Decimal {
    /// A lab value tells of a person: its digits stay out of debug output.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Decimal(redacted)")
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_is_kept() {
        for text in ["7.0", "7.00", "-1", "0.10", "9007199254740993", "1E5", "2.5e-10"] {
            assert_eq!(text.parse::<Decimal>().unwrap().as_str(), text);
        }
        assert_eq!(".5".parse::<Decimal>().unwrap().as_str(), "0.5");
        assert_eq!("-.5".parse::<Decimal>().unwrap().as_str(), "-0.5");
    }

    #[test]
    fn what_is_not_a_number_is_not_made_one() {
        for text in ["", "-", ".", "1.", "1,000", "0x10", "1e", "NaN", "inf", " 1", "1:40", "+1"] {
            assert_eq!(text.parse::<Decimal>(), Err(NotDecimal), "{text}");
        }
    }
}
