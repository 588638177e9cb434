//! What an operator of Acme writes.

use labgate_core::Secret;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de::IgnoredAny};

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

/// The same with a field that nobody reads.
#[derive(Deserialize)]
struct Loose {
    secrets: Vec<Secret>,
    api_key: Secret,
    api: Option<String>,
    #[serde(rename = "sercets")]
    _sercets: Option<IgnoredAny>,
}

impl<'de, const F: u8> Deserialize<'de> for Config<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !Fault::TakesUnknownFields.is(F) {
            return Fields::deserialize(deserializer).map(Self);
        }
        Loose::deserialize(deserializer)
            .map(|Loose { secrets, api_key, api, .. }| Self(Fields { secrets, api_key, api }))
    }
}

impl<const F: u8> JsonSchema for Config<F> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Config".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Fields::json_schema(generator);
        if Fault::InventsATypeInTheSchema.is(F) {
            schema.insert("type".into(), "table".into());
        }
        schema
    }
}
