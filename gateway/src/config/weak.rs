//! Secrets that can be guessed: ours are refused, a vendor's is worth a warning.
//!
//! What no secret may be, [`Secret`] refuses by itself wherever it stands.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use labgate_core::{Registration, Secret, verify::StandardWebhooks};
use schemars::SchemaGenerator;
use serde_json::Value;

use super::{Fault, Settings};

/// Tokens and keys that the operator chose too weak.
pub(super) fn faults(settings: &Settings) -> Vec<Fault> {
    let tokens = settings.api.keys.iter().filter(|(_, key)| is_short(key.token.expose()));
    let tokens = tokens.map(|(name, _)| {
        let problem = format!("expected a token of at least {} bytes", Secret::ENOUGH);
        Fault::at(format!("api.keys.{name}.token"), problem)
    });
    // One that is no base64 of 32 bytes is the store's to refuse.
    let is_uniform = |key: &Secret| {
        STANDARD.decode(key.expose().trim()).is_ok_and(|key| Secret::check(&key).is_err())
    };
    let keys = settings.store.encryption_keys.iter().enumerate();
    let keys = keys.filter(|(_, key)| is_uniform(key)).map(|(index, _)| {
        let problem = "expected random bytes, not one byte repeated";
        Fault::at(format!("store.encryption_keys[{index}]"), problem)
    });
    tokens.chain(keys).collect()
}

/// The places of plugins' secrets that have fewer than [`Secret::ENOUGH`] bytes.
pub(crate) fn short_secrets(settings: &Settings, registrations: &[Registration]) -> Vec<String> {
    let mut found = BTreeMap::new();
    for (name, table) in &settings.plugins {
        let known = |known: &&Registration| table["provider"] == known.kind;
        let Some(registration) = registrations.iter().find(known) else { continue };
        let mut generator = SchemaGenerator::default();
        let schema = (registration.schema)(&mut generator).to_value();
        let types = Value::Object(generator.take_definitions(true));
        gather(&schema, &types, table, format!("plugins.{name}"), &mut found);
    }
    // One that leads nowhere is a fault already.
    let is_there = |place: &str| settings.faults.iter().all(|fault| fault.path != place);
    found.retain(|place, text| is_short(text) && is_there(place));
    found.into_keys().collect()
}

/// Gathers the texts in `value` that are secrets as `schema` says, by their places.
fn gather<'a>(
    schema: &Value,
    types: &Value,
    value: &'a Value,
    path: String,
    found: &mut BTreeMap<String, &'a str>,
) {
    let reference = schema["$ref"].as_str().and_then(|place| place.strip_prefix("#/$defs/"));
    match (reference, value) {
        (Some("Secret"), Value::String(text)) => drop(found.insert(path.clone(), text)),
        (Some(name), value) => gather(&types[name], types, value, path.clone(), found),
        (None, _) => {}
    }
    for variants in ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| schema[key].as_array()) {
        for variant in variants {
            gather(variant, types, value, path.clone(), found);
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        gather(&schema["items"], types, item, format!("{path}[{index}]"), found);
    }
    for (key, item) in value.as_object().into_iter().flatten() {
        let known = schema["properties"].get(key).unwrap_or(&schema["additionalProperties"]);
        gather(known, types, item, format!("{path}.{key}"), found);
    }
}

/// Whether what `secret` stands for has too few bytes: a `whsec_` secret stands for a key.
fn is_short(secret: &str) -> bool {
    let text = secret.trim();
    let key = text.starts_with("whsec_").then(|| StandardWebhooks::key_of(text)).flatten();
    key.map_or(text.len(), |key| key.len()) < Secret::ENOUGH
}
