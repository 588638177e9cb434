//! Acme: what it is to those who order there, and what its webhooks tell, in one sentence.
//!
//! Facts come from these pages of the vendor: their titles. README.md lists events and quirks.

mod config;
mod demo;
mod map;
mod payload;

pub use config::Config;
use labgate_core::{
    ConfigError, Decoded, Demo, Notices, Provider, Retries, VerifiedRequest,
    decode::{Shape, Unreadable},
    model::OrderStatus,
    verify::{«verifier», Verifier},
};
pub use payload::Payload;

/// The provider `acme`.
#[derive(Debug)]
pub struct Acme {
    verifier: «verifier»,
}

impl Provider for Acme {
    const KIND: &'static str = "acme";

    /// All that the vendor's page on events lists, whether or not it is about labs.
    const EVENT_TYPES: &'static [&'static str] = &["order.updated"];

    const SHAPES: &'static [&'static [(&'static str, Shape)]] = &[payload::SHAPES];

    const STATUSES: &'static [&'static [(&'static str, OrderStatus)]] = &[map::STATUSES];

    /// The answer that loses nothing, until the vendor's page on retries gives a better one.
    const RETRIES: Retries = Retries::AfterServerErrors;

    type Config = Config;
    type Payload = Payload;

    fn new(config: Config) -> Result<Self, ConfigError> {
        // Source: the vendor's page on signatures, by its title.
        let verifier =«new»;
        Ok(Self { verifier })
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
