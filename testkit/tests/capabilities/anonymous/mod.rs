//! A vendor that gives its events no id, neither in the body nor in a signed header.

use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Identifier, Notices, Provider, Retries, Secrets,
    VerifiedRequest,
    decode::{Drift, Reader, Shape, Unreadable},
    dedupe_key,
    time::VendorTime,
    verify::{BodyHmac, Verifier},
};
use labgate_testkit::{ARRIVAL, MESSAGE_ID};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::event::{EVENT_TYPES, Reached, event_type};

#[derive(Debug)]
pub(crate) struct Anonymous {
    verifier: BodyHmac,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Signing keys, the new one first.
    secrets: Secrets,
}

/// Without an id it takes a time to tell two events apart that say the same of one order.
#[derive(Deserialize)]
pub(crate) struct Event {
    order: Identifier,
    status: String,
    at: VendorTime,
}

impl Provider for Anonymous {
    const KIND: &'static str = "anonymous";
    const EVENT_TYPES: &'static [&'static str] = EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config;
    type Payload = (Event, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        Ok(Self { verifier: BodyHmac::new(&["x-anonymous-signature"], &config.secrets) })
    }

    fn verifier(&self) -> &dyn Verifier {
        &self.verifier
    }

    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Self::Payload>, Unreadable> {
        let mut reader = Reader::default();
        let event = reader.read("", request.body(), Shape::default())?;
        let payload = Ok((event, reader.into_drift()));
        // No id is made up: the gateway takes the body for what makes two webhooks one.
        Ok(Decoded { event_type: event_type(), event_id: None, payload })
    }

    fn map(&self, (event, mut drift): Self::Payload) -> Result<Notices, Unreadable> {
        let reached = Reached {
            order: event.order,
            event: None,
            account: None,
            word: event.status,
            at: event.at.0,
        };
        Ok(Notices { notices: vec![reached.notice("status", &mut drift)], drift })
    }

    fn demo(key: [u8; 32]) -> Demo {
        Demo {
            config: json!({ "secrets": [hex::encode(key)] }),
            webhooks: vec![DemoWebhook {
                story: "an order is placed",
                body: include_bytes!("goldens/1-ordered.json"),
            }],
            signer: None,
        }
    }
}

labgate_testkit::conformance!(Anonymous in "tests/capabilities/anonymous");

/// What the gateway dedupes on when the vendor sends `body` under `message_id` after `seconds`.
fn key(body: &str, message_id: &str, seconds: i64) -> String {
    let at = ARRIVAL + jiff::SignedDuration::from_secs(seconds);
    let request = subject().proven(&subject().post(body.as_bytes()), message_id, at);
    let event_id = subject().provider().read(&request).unwrap().event_id;
    dedupe_key(&request, event_id.as_ref())
}

#[test]
fn the_body_is_what_makes_two_webhooks_one() {
    let body = r#"{"order":"o1","status":"ordered","at":"2026-08-01T08:00:00Z"}"#;
    let later = r#"{"order":"o1","status":"ordered","at":"2026-08-02T08:00:00Z"}"#;
    let once = key(body, MESSAGE_ID, 0);
    assert!(once.starts_with("body-sha256:"));
    assert_eq!(key(body, "msg_another", 3600), once);
    assert_ne!(key(later, MESSAGE_ID, 0), once);
}
