//! Terra Vantage: diagnostic tests by order, told by order and by item, with results to be fetched.
//!
//! Facts come from Terra's OpenAPI document "Terra Vantage API" (2026.07.23.2) and from
//! docs.tryterra.co, Vantage API ("Webhooks", "Results", "Account setup and authentication").
//! README.md lists events and quirks.

mod config;
mod demo;
mod fetch;
mod map;
mod payload;

pub use config::{Access, Config, SignatureTime};
use fetch::Results;
use labgate_core::{
    ConfigError, Decoded, Demo, Notices, Provider, Retries, VerifiedRequest,
    decode::{Shape, Unreadable},
    errands::Fetch,
    model::OrderStatus,
    verify::{TimestampedHmac, Verifier},
};
pub use payload::Payload;

/// The provider `terra`.
#[derive(Debug)]
pub struct Terra {
    verifier: TimestampedHmac,
    results: Option<Results>,
}

impl Provider for Terra {
    const KIND: &'static str = "terra";

    /// Source: Vantage API, "List webhook delivery outcomes", which calls the set open.
    const EVENT_TYPES: &'static [&'static str] =
        &["order.status_changed", "order_item.status_changed", "order_item.results_status_change"];

    /// Source: Vantage API, webhook `order.status_changed`: network errors, 408, 429 and 5xx are
    /// tried again for half an hour; any other 4xx never is.
    const RETRIES: Retries = Retries::AfterServerErrorsOr(&[408, 429]);

    const SHAPES: &'static [&'static [(&'static str, Shape)]] =
        &[payload::SHAPES, labgate_fhir_r4::SHAPES, fetch::SHAPES];

    const STATUSES: &'static [&'static [(&'static str, OrderStatus)]] =
        &[map::ORDER_STATUSES, map::RESULTS_STATUSES];

    type Config = Config;
    type Payload = Payload;

    fn new(config: Config) -> Result<Self, ConfigError> {
        let verifier = TimestampedHmac::new("x-terra-signature", &config.secrets)
            .counting(config.signature_time.into())
            .within(config.tolerance);
        Ok(Self { verifier, results: config.api.map(Results::new).transpose()? })
    }

    fn verifier(&self) -> &dyn Verifier {
        &self.verifier
    }

    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
        payload::decode(request)
    }

    fn map(&self, payload: Payload) -> Result<Notices, Unreadable> {
        map::map(payload)
    }

    fn fetch(&self) -> Option<&dyn Fetch> {
        self.results.as_ref().map(|results| results as &dyn Fetch)
    }

    fn demo(key: [u8; 32]) -> Demo {
        demo::demo(&key)
    }
}
