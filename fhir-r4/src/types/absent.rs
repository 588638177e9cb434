//! Why there is no value, where an extension says it.

use serde::{Deserialize, Deserializer};
use serde_json::{Value, value::RawValue};

/// Extensions that say why something is absent: FHIR's own, and the one for HL7 v3's null flavors.
/// Source: hl7.org/fhir/R4/extension-data-absent-reason.html,
/// hl7.org/fhir/R4/extension-iso21090-nullflavor.html.
const REASONS: &[&str] = &[
    "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
    "http://hl7.org/fhir/StructureDefinition/iso21090-nullFlavor",
];

/// The extensions of an element (`extension`) or of a primitive (`_valueString`). Of all that they may
/// say, only the reason why a value is absent is read.
#[derive(Default)]
pub(crate) struct Extended {
    /// Whether there are any.
    pub(crate) is_present: bool,
    /// The code of the reason.
    pub(crate) reason: Option<String>,
}

impl<'de> Deserialize<'de> for Extended {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Some(raw) = Option::<Box<RawValue>>::deserialize(deserializer)? else {
            return Ok(Self::default());
        };
        // What can't be read of them may be overlooked: a value that lacks a reason is refused.
        let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        let is_empty = value.as_array().is_some_and(Vec::is_empty);
        Ok(Self { is_present: !is_empty, reason: reason(&value).map(String::from) })
    }
}

/// The first reason at any depth; serde_json bounds that.
fn reason(value: &Value) -> Option<&str> {
    match value {
        Value::Array(items) => items.iter().find_map(reason),
        Value::Object(fields) => {
            let url = fields.get("url").and_then(Value::as_str).unwrap_or_default();
            let code = fields.get("valueCode").and_then(Value::as_str);
            let told = code.filter(|_| REASONS.contains(&url));
            told.or_else(|| fields.get("extension").and_then(reason))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
