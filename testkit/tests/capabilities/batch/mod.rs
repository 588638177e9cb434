//! A vendor that sends many events in one request, as a JSON list.

use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Notices, Provider, Retries, Secrets, VerifiedRequest,
    decode::{Drift, Reader, Shape, Unreadable, items},
    verify::{BodyHmac, Verifier},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::event::{EVENT_TYPES, Event, Reached, event_type};

#[derive(Debug)]
pub(crate) struct Batch {
    verifier: BodyHmac,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Signing keys, the new one first.
    secrets: Secrets,
}

impl Provider for Batch {
    const KIND: &'static str = "batch";
    /// A request has one type, whatever it is a batch of; a vendor with several sorts of events in
    /// a batch still has one name here for all of them.
    const EVENT_TYPES: &'static [&'static str] = EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config;
    type Payload = (Vec<Event>, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        Ok(Self { verifier: BodyHmac::new(&["x-batch-signature"], &config.secrets) })
    }

    fn verifier(&self) -> &dyn Verifier {
        &self.verifier
    }

    /// The batch has no id, and needs none: events that come again in another batch merge into
    /// nothing new. One event that can't be read keeps its whole batch in quarantine.
    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Self::Payload>, Unreadable> {
        let mut reader = Reader::default();
        let events: Result<Vec<Event>, _> = items("", request.body())?
            .into_iter()
            .map(|(path, event)| reader.read(&path, event.get().as_bytes(), Shape::default()))
            .collect();
        let payload = events.map(|events| (events, reader.into_drift()));
        Ok(Decoded { event_type: event_type(), event_id: None, payload })
    }

    fn map(&self, (events, mut drift): Self::Payload) -> Result<Notices, Unreadable> {
        let reached = events.into_iter().map(Reached::from);
        let notices = reached.map(|reached| reached.notice("[].status", &mut drift)).collect();
        Ok(Notices { notices, drift })
    }

    fn demo(key: [u8; 32]) -> Demo {
        Demo {
            config: json!({ "secrets": [hex::encode(key)] }),
            webhooks: vec![DemoWebhook {
                story: "two orders at once",
                body: include_bytes!("goldens/two-orders.json"),
            }],
            signer: None,
        }
    }
}

labgate_testkit::conformance!(Batch in "tests/capabilities/batch");

#[test]
fn events_that_come_again_in_another_batch_change_nothing() {
    let first = r#"{"id":"e1","order":"o1","status":"ordered","at":"2026-08-01T08:00:00Z"}"#;
    let second = r#"{"id":"e2","order":"o1","status":"at_lab","at":"2026-08-03T08:00:00Z"}"#;
    let mut world = labgate_testkit::World::default();
    let mut absorb = |batch: String| {
        for notice in subject().told(batch.as_bytes()).unwrap().notices {
            world.absorb(&notice);
        }
        world.clone()
    };
    let once = absorb(format!("[{first},{second}]"));
    assert_eq!(once.order("o1").timeline.len(), 2);
    assert!(absorb(format!("[{second}]")) == once);
    assert!(absorb(format!("[{second},{first},{second}]")) == once);
}

#[test]
fn an_empty_batch_says_nothing() {
    assert!(subject().told(b"[]").unwrap().notices.is_empty());
}
