//! House: the laboratory in the cellar, which tells where each order stands.
//!
//! Its own people wrote the sender, so it signs by Standard Webhooks: id, time and body.

mod demo;
mod map;
mod payload;

use labgate_core::{
    ConfigError, Decoded, Demo, Notices, Provider, Retries, Secrets, VerifiedRequest,
    decode::{Shape, Unreadable},
    verify::{StandardWebhooks, Verifier},
};
pub use payload::Payload;
use schemars::JsonSchema;
use serde::Deserialize;

/// The provider `house`.
#[derive(Debug)]
pub struct House {
    verifier: StandardWebhooks,
}

/// The laboratory, as its gateway knows it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Signing secrets (`whsec_…`), the new one first; the laboratory's vault has them.
    pub secrets: Secrets,
}

impl Provider for House {
    const KIND: &'static str = "house";

    const EVENT_TYPES: &'static [&'static str] = &["order.moved"];

    const RETRIES: Retries = Retries::AfterAnyFailure;

    const SHAPES: &'static [&'static [(&'static str, Shape)]] = &[&[("data", payload::MOVED)]];

    type Config = Config;
    type Payload = Payload;

    fn new(config: Config) -> Result<Self, ConfigError> {
        Ok(Self { verifier: StandardWebhooks::new(&config.secrets)? })
    }

    fn verifier(&self) -> &dyn Verifier {
        &self.verifier
    }

    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
        payload::decode(request)
    }

    fn map(&self, payload: Payload) -> Result<Notices, Unreadable> {
        Ok(map::map(payload))
    }

    fn demo(key: [u8; 32]) -> Demo {
        demo::demo(&key)
    }
}
