//! A vendor that takes nothing but an empty answer for an acknowledgement.

use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Notices, Provider, Receipt, Reply, Retries, Secrets,
    VerifiedRequest,
    decode::{Drift, Unreadable},
    reply::Acknowledged,
    verify::{BodyHmac, Verifier},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::event::{self, Event};

#[derive(Debug)]
pub(crate) struct Quiet {
    verifier: BodyHmac,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Signing keys, the new one first.
    secrets: Secrets,
}

impl Provider for Quiet {
    const KIND: &'static str = "quiet";
    const EVENT_TYPES: &'static [&'static str] = event::EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config;
    type Payload = (Event, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        Ok(Self { verifier: BodyHmac::new(&["x-quiet-signature"], &config.secrets) })
    }

    fn verifier(&self) -> &dyn Verifier {
        &self.verifier
    }

    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Self::Payload>, Unreadable> {
        event::decode(request.body())
    }

    fn map(&self, payload: Self::Payload) -> Result<Notices, Unreadable> {
        Ok(event::map(payload))
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
        let receipt = Receipt { event_type: event::event_type(), outcome };
        assert!(subject().provider().acknowledge(&receipt) == Reply::Empty);
    }
}
