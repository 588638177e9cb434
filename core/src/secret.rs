//! A secret of an operator: a signing key or a token.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de::Error as _};

/// A secret: never too weak to keep anybody out, never printed, wiped from memory when dropped.
///
/// In `plugins.toml` it is written as `env:NAME`, `file:PATH` or the value itself; the gateway
/// resolves the first two before a provider sees its configuration.
#[derive(Clone, Debug)]
pub struct Secret(SecretString);

/// Why a secret keeps nobody out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakSecret {
    /// It is so short that it can be tried out; an empty one would sign anything for anyone.
    #[error("expected a secret of at least 8 bytes")]
    TooShort,
    /// It is what an operator writes who means to fill it in later.
    #[error("expected a secret that is not one byte repeated")]
    Uniform,
}

impl Secret {
    /// Bytes of a secret at least. Vendors that make them up choose more.
    const LEAST: usize = 8;
    /// Bytes of a secret that withstands guessing: what is ours to choose has as many, and a
    /// vendor's that has fewer is worth a warning.
    pub const ENOUGH: usize = 16;

    /// Wraps `value`, unless it is too weak.
    pub fn new(value: impl Into<String>) -> Result<Self, WeakSecret> {
        let value = value.into();
        Self::check(value.trim().as_bytes())?;
        Ok(Self(value.into()))
    }

    /// Whether `key` is strong enough: for what a secret stands for where that is not its text.
    pub fn check(key: &[u8]) -> Result<(), WeakSecret> {
        if key.len() < Self::LEAST {
            Err(WeakSecret::TooShort)
        } else if key.windows(2).all(|pair| pair[0] == pair[1]) {
            Err(WeakSecret::Uniform)
        } else {
            Ok(())
        }
    }

    /// The secret itself, for a MAC or a comparison in constant time.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(D::Error::custom)
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
            "description": "`env:NAME`, `file:PATH`, or the secret itself, of at least 8 bytes",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_can_be_guessed_is_none() {
        let refused = |text: &str| Secret::new(text).err();
        for text in ["", "  \n", "7 bytes", "  7 bytes  "] {
            assert_eq!(refused(text), Some(WeakSecret::TooShort), "{text:?}");
        }
        for text in ["00000000", " xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"] {
            assert_eq!(refused(text), Some(WeakSecret::Uniform), "{text:?}");
        }
        for text in ["8 bytes!", "00000001"] {
            assert_eq!(refused(text), None, "{text:?}");
        }
    }
}
