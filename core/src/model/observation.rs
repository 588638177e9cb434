//! One measured value (FHIR: Observation).

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Code, Coding, ReferenceRange};
use crate::{Decimal, Phi};

/// What the lab found for one marker.
///
/// Fields that many labs leave out are absent from the JSON then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// The lab's id of the observation within its report, where `parent` of another one names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The panel or the finding that it belongs to: the germ that an antibiotic was tried on, the
    /// day of a profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// What was measured.
    pub code: Code,
    /// How final the value is, where the lab says so of each value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ObservationStatus>,
    /// What was found; `None` if the lab reports the marker without a value.
    pub value: Option<Phi<ObservationValue>>,
    /// Why there is no value, in the lab's word. An observation without a value is listed only if
    /// it says something else, a judgement for example; otherwise it is a missing result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent_reason: Option<String>,
    /// The range that applies to everybody.
    pub reference_range: Option<ReferenceRange>,
    /// Every other range: for some people only, or of another kind than the usual.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_ranges: Vec<ReferenceRange>,
    /// The lab's judgement; `unknown` where the lab does not judge. Labgate never judges.
    pub interpretation: Interpretation,
    /// The lab's word for the judgement, verbatim.
    pub provider_interpretation: Option<String>,
    /// When it was measured.
    pub at: Option<Timestamp>,
    /// The day on which it was measured, where the lab gives no time of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// How it was measured, in the lab's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Where on the body it was measured, or the specimen taken, in the lab's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_site: Option<String>,
    /// The number of the specimen that it was measured in; the report's `specimens` say more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specimen: Option<Phi<String>>,
    /// The lab's remarks.
    pub notes: Option<Phi<String>>,
    /// Who measured it: the id or the name of a performing laboratory.
    pub performer: Option<String>,
}

/// The observation that another one belongs to. It is listed itself only if it says more than that
/// it groups others.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(default)]
pub struct Parent {
    /// Its id within the report.
    pub id: Option<String>,
    /// Its name for people.
    pub name: String,
}

/// FHIR's observation status: how final one value is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ObservationStatus {
    /// Not verified yet.
    Preliminary,
    /// Complete and verified.
    Final,
    /// Changed after it was final.
    Amended,
    /// Changed after it was final, because it was wrong.
    Corrected,
    /// It will not be measured.
    Cancelled,
    /// Withdrawn: it should never have been reported.
    EnteredInError,
    /// A status that the adapter does not know.
    Unknown,
}

impl ObservationStatus {
    /// Whether the lab takes the value back, so that it counts for nothing.
    pub const fn is_withdrawn(self) -> bool {
        match self {
            Self::Cancelled | Self::EnteredInError => true,
            Self::Preliminary | Self::Final | Self::Amended | Self::Corrected | Self::Unknown => {
                false
            }
        }
    }
}

impl Observation {
    /// Whether the lab says of it that somebody must act now. A value that was taken back does not
    /// alarm.
    pub fn is_critical(&self) -> bool {
        self.interpretation.is_critical()
            && !self.status.is_some_and(ObservationStatus::is_withdrawn)
    }
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
        /// The unit's code (UCUM), where the lab gives one that differs from its words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit_code: Option<String>,
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
        /// The codes that the lab gives for the words.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        codings: Vec<Coding>,
    },
    /// A code of the lab, without words.
    Coded {
        /// The code.
        code: String,
        /// Every coding that the lab gives, this code's among them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        codings: Vec<Coding>,
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
    /// The same value without what code systems say of it and of its unit.
    #[must_use]
    pub fn without_codings(&self) -> Self {
        let mut plain = self.clone();
        match &mut plain {
            Self::Quantity { unit_code, .. } => *unit_code = None,
            Self::Text { codings, .. } | Self::Coded { codings, .. } => codings.clear(),
            Self::Range { .. } => {}
        }
        plain
    }

    /// The lab's words, without codes.
    pub fn words(text: impl Into<String>, unit: Option<String>) -> Self {
        Self::Text { text: text.into(), unit, codings: Vec::new() }
    }

    /// Reads a lab's text: `6.1`, `<0.2`, `>=90`, `15-39`; anything else is words.
    pub fn read(text: &str, unit: Option<&str>) -> Self {
        let unit = unit.map(String::from);
        let trimmed = text.trim();
        let (comparator, number) = split_comparator(trimmed);
        if let Ok(value) = number.parse() {
            return Self::Quantity { value, comparator, unit, unit_code: None };
        }
        if let Some((low, high)) = range(trimmed) {
            return Self::Range { low, high, unit };
        }
        Self::words(text, unit)
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
