//! One measured value (FHIR: Observation).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Decimal, Phi};

/// What the lab found for one marker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// What was measured.
    pub code: Code,
    /// What was found; `None` if the lab reports the marker without a value.
    pub value: Option<Phi<ObservationValue>>,
    /// What is usual.
    pub reference_range: Option<ReferenceRange>,
    /// The lab's judgement. `unknown` is said where the lab says nothing: Labgate never judges.
    pub interpretation: Interpretation,
    /// The lab's word for the judgement, verbatim.
    pub provider_interpretation: Option<String>,
    /// When it was measured.
    pub at: Option<Timestamp>,
    /// The lab's remarks.
    pub notes: Option<Phi<String>>,
    /// Who measured it.
    pub performer: Option<String>,
}

/// What was measured, in every coding that the vendor gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Code {
    /// The vendor's own key.
    pub provider: Option<String>,
    /// The LOINC code.
    pub loinc: Option<String>,
    /// The name for people.
    pub name: String,
}

/// A value, as exactly as the lab gave it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ObservationValue {
    /// A number.
    Quantity {
        /// The number.
        value: Decimal,
        /// On which side of the number the truth lies, where the device could not tell.
        comparator: Option<Comparator>,
        /// The unit in the lab's words.
        unit: Option<String>,
    },
    /// Somewhere between two numbers.
    Range {
        /// The lower one.
        low: Decimal,
        /// The upper one.
        high: Decimal,
        /// The unit in the lab's words.
        unit: Option<String>,
    },
    /// Words.
    Text {
        /// The words.
        text: String,
        /// The unit in the lab's words, where it gives one beside them.
        unit: Option<String>,
    },
    /// A code of the lab.
    Coded {
        /// The code.
        code: String,
    },
}

/// FHIR's quantity comparator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Comparator {
    /// Less than the number.
    #[serde(rename = "<")]
    Less,
    /// The number or less.
    #[serde(rename = "<=")]
    LessOrEqual,
    /// The number or more.
    #[serde(rename = ">=")]
    GreaterOrEqual,
    /// More than the number.
    #[serde(rename = ">")]
    Greater,
}

/// What is usual. A bound's inclusiveness is `None` where the lab does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReferenceRange {
    /// The lower bound.
    pub low: Option<Decimal>,
    /// Whether the lower bound itself is usual.
    pub low_inclusive: Option<bool>,
    /// The upper bound.
    pub high: Option<Decimal>,
    /// Whether the upper bound itself is usual.
    pub high_inclusive: Option<bool>,
    /// The range in the lab's words.
    pub text: Option<String>,
}

/// A lab's judgement of a value or of a whole report.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Interpretation {
    /// The lab does not say, or says it in a word that the adapter does not know.
    #[default]
    Unknown,
    /// Usual.
    Normal,
    /// Below the usual.
    Low,
    /// Above the usual.
    High,
    /// Not usual, without a direction.
    Abnormal,
    /// Dangerously low.
    CriticalLow,
    /// Dangerously high.
    CriticalHigh,
    /// Dangerous, without a direction.
    Critical,
}

impl Interpretation {
    /// Whether somebody must be told now.
    pub const fn is_critical(self) -> bool {
        match self {
            Self::CriticalLow | Self::CriticalHigh | Self::Critical => true,
            Self::Unknown | Self::Normal | Self::Low | Self::High | Self::Abnormal => false,
        }
    }
}

impl ObservationValue {
    /// Reads a lab's text: `6.1`, `<0.2`, `>=90`, `15-39`; anything else is words.
    pub fn read(text: &str, unit: Option<&str>) -> Self {
        let unit = unit.map(String::from);
        let trimmed = text.trim();
        let (comparator, number) = split_comparator(trimmed);
        if let Ok(value) = number.parse() {
            return Self::Quantity { value, comparator, unit };
        }
        if let Some((low, high)) = range(trimmed) {
            return Self::Range { low, high, unit };
        }
        Self::Text { text: text.into(), unit }
    }
}

/// Two plain numbers with a hyphen between, the lower one first. `2024-05` is a month and `10-5` a
/// puzzle: those stay words.
fn range(text: &str) -> Option<(Decimal, Decimal)> {
    let (low, high) = text.split_once('-')?;
    let (low, high) = (low.trim(), high.trim());
    (size(low)? <= size(high)?).then_some(())?;
    Some((low.parse().ok()?, high.parse().ok()?))
}

/// What to compare plain numbers by: the digits before the point, how many, and those behind it.
fn size(text: &str) -> Option<(usize, &str, &str)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = whole.len() > 1 && whole.starts_with('0');
    let whole = if whole == "0" { "" } else { whole };
    (digits(whole) && digits(fraction) && !padded).then_some(())?;
    Some((whole.len(), whole, fraction.trim_end_matches('0')))
}

fn split_comparator(text: &str) -> (Option<Comparator>, &str) {
    let signs = [
        ("<=", Comparator::LessOrEqual),
        (">=", Comparator::GreaterOrEqual),
        ("<", Comparator::Less),
        (">", Comparator::Greater),
    ];
    for (sign, comparator) in signs {
        if let Some(rest) = text.strip_prefix(sign) {
            return (Some(comparator), rest.trim_start());
        }
    }
    (None, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let value = ObservationValue::read(text, Some("mg/dL"));
        assert_eq!(serde_json::to_string(&value).unwrap(), expected, "{text}");
    }

    #[test]
    fn a_value_is_read_without_losing_a_digit() {
        check("7.0", r#"{"type":"quantity","value":"7.0","comparator":null,"unit":"mg/dL"}"#);
        check("<0.20", r#"{"type":"quantity","value":"0.20","comparator":"<","unit":"mg/dL"}"#);
        check(">= 90", r#"{"type":"quantity","value":"90","comparator":">=","unit":"mg/dL"}"#);
        check("15-39", r#"{"type":"range","low":"15","high":"39","unit":"mg/dL"}"#);
        check("-2.5", r#"{"type":"quantity","value":"-2.5","comparator":null,"unit":"mg/dL"}"#);
        check("0.5-.75", r#"{"type":"range","low":"0.5","high":"0.75","unit":"mg/dL"}"#);
        check("9.5-10", r#"{"type":"range","low":"9.5","high":"10","unit":"mg/dL"}"#);
    }

    #[test]
    fn what_is_no_number_stays_the_labs_words() {
        for text in ["1:40", "NOT DETECTED", "1,234", "2024-05", "01-02", "10-5", "5--7", "1e2-1e3"]
        {
            check(text, &format!(r#"{{"type":"text","text":"{text}","unit":"mg/dL"}}"#));
        }
    }
}
