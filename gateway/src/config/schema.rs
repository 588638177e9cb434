//! The JSON Schema of `plugins.toml`.

use labgate_core::Registration;
use schemars::SchemaGenerator;
use serde_json::{Value, json};

use super::Settings;

/// The schema of a configuration for a gateway with these providers.
pub fn schema(registrations: &[Registration]) -> Value {
    let mut generator = SchemaGenerator::default();
    let plugins: Vec<Value> =
        registrations.iter().map(|provider| plugin(provider, &mut generator)).collect();
    let mut root = generator.into_root_schema_for::<Settings>().to_value();
    if let Some(tables) = root.pointer_mut("/properties/plugins") {
        tables["additionalProperties"] = json!({ "oneOf": plugins });
    }
    root
}

/// The provider's own schema, and the word that chooses it.
fn plugin(registration: &Registration, generator: &mut SchemaGenerator) -> Value {
    let mut schema = (registration.schema)(generator).to_value();
    schema["properties"]["provider"] = json!({ "const": registration.kind });
    if let Some(required) = schema["required"].as_array_mut() {
        required.push("provider".into());
    }
    schema
}
