//! The JSON Schema of `plugins.toml`.

use labgate_core::Registration;
use schemars::Schema;
use serde_json::{Value, json};

use super::Settings;

/// The schema of a configuration for a gateway with these providers.
pub fn schema(registrations: &[Registration]) -> Value {
    let mut root = schemars::schema_for!(Settings).to_value();
    let plugins: Vec<Value> = registrations.iter().map(plugin).collect();
    if let Some(tables) = root.pointer_mut("/properties/plugins") {
        tables["additionalProperties"] = json!({ "oneOf": plugins });
    }
    root
}

/// The provider's own schema, and the word that chooses it.
fn plugin(registration: &Registration) -> Value {
    let mut schema = Schema::to_value((registration.schema)());
    schema["properties"]["provider"] = json!({ "const": registration.kind });
    if let Some(required) = schema["required"].as_array_mut() {
        required.push("provider".into());
    }
    schema
}
