//! What an operator of Acme writes.

use labgate_core::Secret;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::faults::Fault;

/// The configuration, read with the fault `F`.
pub(crate) struct Config<const F: u8>(pub(crate) Fields);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    pub(crate) secrets: Vec<Secret>,
    pub(crate) api_key: Secret,
    pub(crate) api: Option<String>,
}

impl<'de, const F: u8> Deserialize<'de> for Config<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !Fault::TakesUnknownFields.is(F) {
            return Fields::deserialize(deserializer).map(Self);
        }
        let mut config = Value::deserialize(deserializer)?;
        if let Value::Object(table) = &mut config {
            table.remove("sercets");
        }
        Fields::deserialize(config)
            .map(Self)
            .map_err(|_| serde::de::Error::custom("secrets, api_key, api"))
    }
}

impl<const F: u8> JsonSchema for Config<F> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Config".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Fields::json_schema(generator);
        if Fault::SchemaWithoutAField.is(F) {
            schema.insert("type".into(), "table".into());
        }
        schema
    }
}
