//! Fullscript: lab orders of a clinic's patients, told thinly and acknowledged with a token.
//!
//! Facts come from fullscript.dev ("Webhook security", "Missed and repeated webhooks", "Labs
//! overview", the event pages). README.md lists events and quirks.

mod config;
mod demo;
mod map;
mod payload;

pub use config::Config;
use http::Method;
use labgate_core::{
    ConfigError, Decoded, Demo, Notices, Provider, RawRequest, Receipt, Reply, Retries, Secret,
    VerifiedRequest,
    decode::{Shape, Unreadable},
    model::OrderStatus,
    verify::{TimestampedHmac, Verifier},
};
pub use payload::Payload;
use serde_json::{Map, Value};

/// The provider `fullscript`.
#[derive(Debug)]
pub struct Fullscript {
    verifier: TimestampedHmac,
    challenge_token: Secret,
}

impl Provider for Fullscript {
    const KIND: &'static str = "fullscript";

    const EVENT_TYPES: &'static [&'static str] = &[
        "lab_order.updated",
        "order.placed",
        "treatment_plan.created",
        "treatment_plan.updated",
        "treatment_plan.recommendation.updated",
        "patient.created",
        "patient.updated",
        "patient.emancipated",
        "product.created",
        "product.updated",
        "product.description.updated",
        "clinic_key.activated",
        "clinic_key.revoked",
        "fulfillment.shipment.shipped",
    ];

    const RETRIES: Retries = Retries::AfterAnyFailure;

    const DICTIONARY: &'static [u8] = include_bytes!("../dictionary");

    const SHAPES: &'static [&'static [(&'static str, Shape)]] = &[payload::SHAPES];

    const STATUSES: &'static [&'static [(&'static str, OrderStatus)]] = &[map::STATUSES];

    type Config = Config;
    type Payload = Payload;

    fn new(config: Config) -> Result<Self, ConfigError> {
        // Anybody can ask for the token, so it must open nothing.
        if config.secrets.iter().any(|secret| secret.expose() == config.challenge_token.expose()) {
            return Err(ConfigError::at("challenge_token", "expected another value than a secret"));
        }
        Ok(Self {
            verifier: TimestampedHmac::new("fullscript-signature", &config.secrets)
                .within(config.tolerance),
            challenge_token: config.challenge_token,
        })
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

    /// Before each event Fullscript sends a request with an empty body, by a method that it does
    /// not document, and sends the event only if the token comes back within two seconds.
    fn handshake(&self, request: &RawRequest) -> Option<Reply> {
        let asks = [Method::GET, Method::HEAD, Method::POST].contains(&request.method);
        (asks && request.body.is_empty()).then(|| Reply::Json(self.with_token(Map::new())))
    }

    /// A 2xx without the token counts as a failed delivery.
    fn acknowledge(&self, receipt: &Receipt) -> Reply {
        Reply::Json(self.with_token(receipt.to_json()))
    }

    fn demo(key: [u8; 32]) -> Demo {
        demo::demo(&key)
    }
}

impl Fullscript {
    fn with_token(&self, mut body: Map<String, Value>) -> Map<String, Value> {
        body.insert("challenge".into(), self.challenge_token.expose().into());
        body
    }
}
