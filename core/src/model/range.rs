//! What a lab calls usual (FHIR: Observation.referenceRange).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Decimal;

/// The values that a lab expects. A bound's inclusiveness is `None` where the lab does not say.
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
    /// The unit of the bounds, where it is not that of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The range in the lab's words.
    pub text: Option<String>,
    /// What kind of range it is, in the lab's words, unless it is the usual one: `treatment`,
    /// `therapeutic`, `pre-puberty`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// For whom it is, in the lab's words: a sex, a race, a stage of pregnancy. Empty for
    /// everybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub applies_to: Vec<String>,
    /// At what age it applies; `None` for every age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<AgeRange>,
}

/// A span of ages in the lab's words, `18 a` for example.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AgeRange {
    /// From this age on.
    pub low: Option<String>,
    /// Up to this age.
    pub high: Option<String>,
}

impl ReferenceRange {
    /// Whether it is the usual range of everybody, and so may be shown beside any value.
    pub fn is_for_everybody(&self) -> bool {
        self.kind.is_none() && self.applies_to.is_empty() && self.age.is_none()
    }
}
