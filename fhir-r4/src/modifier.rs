//! What may turn the meaning of something around.
//!
//! FHIR forbids to process what has a `modifierExtension` or an `implicitRules` that one does not
//! know; no vendor's is known here. Source: hl7.org/fhir/R4/extensibility.html#modifierExtension,
//! hl7.org/fhir/R4/resource-definitions.html#Resource.implicitRules.

use labgate_core::decode::Unreadable;
use serde_json::Value;

/// Refuses the resource `json` of the type `kind` if anything in it may turn its meaning around.
/// The resources that it contains or bundles are looked at by themselves, once they are read.
pub(super) fn refuse(kind: &str, json: &[u8]) -> Result<(), Unreadable> {
    let text = str::from_utf8(json).unwrap_or_default();
    let named = ["modifierExtension", "implicitRules"].iter().any(|name| text.contains(name));
    // A key may be spelled with escapes.
    if !named && !text.contains("\\u00") {
        return Ok(());
    }
    let field = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(fields)) => {
            let ruled = fields.get("implicitRules").is_some_and(|rules| !rules.is_null());
            let within = |(key, value): (&String, &Value)| match (kind, key.as_str()) {
                (_, "modifierExtension" | "contained") => false,
                ("Bundle", "entry") => value.as_array().into_iter().flatten().any(|entry| {
                    let mut fields = entry.as_object().into_iter().flatten();
                    fields.any(|(key, value)| key != "resource" && modifies(key, value))
                }),
                (_, key) => modifies(key, value),
            };
            if fields.get("modifierExtension").is_some_and(is_present) {
                Some("modifierExtension")
            } else if ruled {
                Some("implicitRules")
            } else {
                fields.iter().any(within).then_some("**.modifierExtension")
            }
        }
        // What else is no JSON object is refused with its place.
        Ok(_) => None,
        Err(_) => named.then_some("**.modifierExtension"),
    };
    field.map_or(Ok(()), |field| {
        Err(Unreadable::at(format!("{kind}.{field}"), "may turn the meaning around"))
    })
}

/// Whether `value`, the value of `key`, is a modifier or contains one.
fn modifies(key: &str, value: &Value) -> bool {
    if key == "modifierExtension" {
        return is_present(value);
    }
    match value {
        Value::Array(items) => items.iter().any(|item| modifies("", item)),
        Value::Object(fields) => fields.iter().any(|(key, value)| modifies(key, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn is_present(modifiers: &Value) -> bool {
    !modifiers.is_null() && !modifiers.as_array().is_some_and(Vec::is_empty)
}
