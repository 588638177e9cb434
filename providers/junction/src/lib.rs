//! Junction (formerly Vital): orders, appointments and critical results, sent by Svix.
//!
//! Facts come from Junction's documentation (docs.junction.com: Event Catalog, Webhooks, Lab
//! Testing) and its OpenAPI document, version 0.4.687. README.md lists events and quirks.

mod config;
mod demo;
mod map;
mod payload;

pub use config::{Config, Signature};
use http::HeaderName;
use labgate_core::{
    ConfigError, Decoded, Demo, Notices, Provider, Retries, VerifiedRequest,
    decode::{Shape, Unreadable},
    model::OrderStatus,
    verify::{BodyHmac, StandardWebhooks, Verifier},
};
pub use payload::Payload;

/// The provider `junction`.
#[derive(Debug)]
pub struct Junction {
    verifier: Box<dyn Verifier>,
}

/// Where a gateway in front of Labgate, or a sender that imitates Junction, puts the MAC of the
/// body.
const BODY_HMAC_HEADERS: &[&str] = &["x-webhook-signature", "x-junction-signature", "x-signature"];

/// The scheme that `config` names. A setting of the other scheme is a mistake, not a wish.
fn verifier(config: Config) -> Result<Box<dyn Verifier>, ConfigError> {
    let Config { secrets, signature, signature_header, tolerance } = config;
    Ok(match (signature, signature_header, tolerance) {
        (Signature::StandardWebhooks, None, tolerance) => {
            Box::new(StandardWebhooks::new(&secrets)?.within(tolerance.unwrap_or_default()))
        }
        (Signature::StandardWebhooks, Some(_), _) => {
            return Err(ConfigError::at("signature_header", "expected only with body_hmac"));
        }
        (Signature::BodyHmac, None, None) => Box::new(BodyHmac::new(BODY_HMAC_HEADERS, &secrets)),
        (Signature::BodyHmac, Some(header), None) => {
            let header = HeaderName::try_from(header).map_err(|_| {
                ConfigError::at("signature_header", "expected the name of a header")
            })?;
            Box::new(BodyHmac::in_header(header, &secrets))
        }
        (Signature::BodyHmac, _, Some(_)) => {
            let problem = "expected only with standard_webhooks: body_hmac covers no time";
            return Err(ConfigError::at("tolerance", problem));
        }
    })
}

impl Provider for Junction {
    const KIND: &'static str = "junction";

    const EVENT_TYPES: &'static [&'static str] = &[
        "labtest.order.created",
        "labtest.order.updated",
        "labtest.appointment.created",
        "labtest.appointment.updated",
        "labtest.result.critical",
        "labtest.result.ready",
        "labtest.match_review.created",
        "labtest.match_review.updated",
        "lab_report.parsing_job.created",
        "lab_report.parsing_job.updated",
        "order.completed",
        "order.cancelled",
        "message.attempt.exhausted",
    ];

    const RETRIES: Retries = Retries::AfterAnyFailure;

    const DICTIONARY: &'static [u8] = include_bytes!("../dictionary");

    const SHAPES: &'static [&'static [(&'static str, Shape)]] = &[payload::SHAPES];

    const STATUSES: &'static [&'static [(&'static str, OrderStatus)]] = &[map::ORDER_STATUSES];

    type Config = Config;
    type Payload = Payload;

    fn new(config: Config) -> Result<Self, ConfigError> {
        Ok(Self { verifier: verifier(config)? })
    }

    fn verifier(&self) -> &dyn Verifier {
        self.verifier.as_ref()
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
