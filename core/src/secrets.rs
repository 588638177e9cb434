//! The secrets of a plugin, of which there is always one.

use std::{borrow::Cow, ops::Deref};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::Secret;

/// At least one secret, the one to sign with first: while a vendor rotates them, the new one comes
/// before the old one. A configuration without one is refused before a provider sees it.
#[derive(Clone, Debug)]
pub struct Secrets(Vec<Secret>);

/// The list is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected at least one secret")]
pub struct NoSecret;

impl Secrets {
    /// Wraps `secrets`, unless there are none.
    pub fn new(secrets: impl Into<Vec<Secret>>) -> Result<Self, NoSecret> {
        let secrets = secrets.into();
        if secrets.is_empty() { Err(NoSecret) } else { Ok(Self(secrets)) }
    }
}

impl Deref for Secrets {
    type Target = [Secret];

    fn deref(&self) -> &[Secret] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Secrets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for Secrets {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Secrets".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<Secret>(),
            "minItems": 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, JsonSchema)]
    struct Config {
        secrets: Secrets,
    }

    #[test]
    fn a_list_without_a_secret_is_refused_at_its_field() {
        let read = |config| serde_path_to_error::deserialize::<_, Config>(config);
        let error = read(json!({ "secrets": [] })).unwrap_err();
        assert_eq!(error.path().to_string(), "secrets");
        assert_eq!(error.inner().to_string(), "expected at least one secret");
        let weak = read(json!({ "secrets": ["just-fine", "short"] })).unwrap_err();
        assert_eq!(weak.path().to_string(), "secrets[1]");
        let config = read(json!({ "secrets": ["the-new-one", "the-old-one"] })).unwrap();
        let texts: Vec<_> = config.secrets.iter().map(Secret::expose).collect();
        assert_eq!(texts, ["the-new-one", "the-old-one"]);
    }

    #[test]
    fn the_schema_shows_each_secret_and_that_one_is_needed() {
        let schema = schemars::schema_for!(Config);
        let secrets = &schema.as_value()["properties"]["secrets"];
        assert_eq!(secrets["minItems"], 1);
        assert_eq!(secrets["items"]["$ref"], "#/$defs/Secret");
    }
}
