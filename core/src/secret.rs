//! A secret of an operator: a signing key or a token.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de::Error as _};

/// A secret: never empty, never printed, wiped from memory when dropped.
///
/// In `plugins.toml` it is written as `env:NAME`, `file:PATH` or the value itself; the gateway
/// resolves the first two before a provider sees its configuration.
#[derive(Clone, Debug)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps `value`, or returns `None` if it is empty or only white space: an empty key would
    /// sign anything for anyone.
    pub fn new(value: impl Into<String>) -> Option<Self> {
        let value = value.into();
        if value.trim().is_empty() { None } else { Some(Self(value.into())) }
    }

    /// The secret itself, for a MAC or a comparison in constant time.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = String::deserialize(deserializer)?;
        Self::new(value).ok_or_else(|| D::Error::custom("expected a secret that is not empty"))
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "minLength": 1,
            "description": "`env:NAME`, `file:PATH`, or the secret itself",
        })
    }
}
