//! What something is, in the lab's codes and words (FHIR: CodeableConcept).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was measured, ordered or reported, in every coding that the vendor gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Code {
    /// The vendor's own key.
    pub provider: Option<String>,
    /// The LOINC code.
    pub loinc: Option<String>,
    /// The name for people.
    pub name: String,
    /// Every coding as the vendor gives it, where it names code systems.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codings: Vec<Coding>,
}

/// A code of a code system (FHIR: Coding).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Coding {
    /// The code system, as a URI.
    pub system: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The code system's words for it.
    pub display: Option<String>,
}
