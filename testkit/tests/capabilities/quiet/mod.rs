//! A vendor that takes nothing but an empty answer for an acknowledgement.

use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Identifier, Notices, Provider, Receipt, Reply,
    Retries, Secret, VerifiedRequest,
    decode::{Drift, Reader, Shape, Unreadable},
    reply::Acknowledged,
    time::VendorTime,
    verify::{BodyHmac, Verifier},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::status::{EVENT_TYPES, Reached, event_type};

#[derive(Debug)]
pub(crate) struct Quiet {
    verifier: BodyHmac,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Signing keys, the new one first.
    secrets: Vec<Secret>,
}

#[derive(Deserialize)]
pub(crate) struct Event {
    id: Identifier,
    order: Identifier,
    status: String,
    at: VendorTime,
}

impl Provider for Quiet {
    const KIND: &'static str = "quiet";
    const EVENT_TYPES: &'static [&'static str] = EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config;
    type Payload = (Event, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        if config.secrets.is_empty() {
            return Err(ConfigError::at("secrets", "expected at least one secret"));
        }
        Ok(Self { verifier: BodyHmac::new(&["x-quiet-signature"], &config.secrets) })
    }

    fn verifier(&self) -> &dyn Verifier {
        &self.verifier
    }

    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Self::Payload>, Unreadable> {
        let mut reader = Reader::default();
        let event: Event = reader.read("", request.body(), Shape::default())?;
        let event_id = Some(event.id.clone());
        let payload = Ok((event, reader.into_drift()));
        Ok(Decoded { event_type: event_type(), event_id, payload })
    }

    fn map(&self, (event, mut drift): Self::Payload) -> Result<Notices, Unreadable> {
        let reached = Reached {
            order: event.order,
            event: Some(event.id),
            account: None,
            word: event.status,
            at: event.at.0,
        };
        Ok(Notices { notices: vec![reached.notice("status", &mut drift)], drift })
    }

    /// 204, whatever became of the webhook.
    fn acknowledge(&self, _: &Receipt) -> Reply {
        Reply::Empty
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

labgate_testkit::conformance!(Quiet in "tests/capabilities/quiet");

#[test]
fn whatever_became_of_it_the_answer_is_empty() {
    let accepted = Acknowledged::Accepted { ingested_count: 1 };
    for outcome in [accepted, Acknowledged::Duplicate, Acknowledged::Ignored] {
        let receipt = Receipt { event_type: event_type(), outcome };
        assert!(subject().provider().acknowledge(&receipt) == Reply::Empty);
    }
}
