//! A vendor that hands out tokens for its API, and tells by webhook only that an order was placed.

mod api;

use api::Api;
use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Identifier, Notices, Provider, Retries, Secret,
    Secrets, VerifiedRequest,
    decode::{Drift, Unreadable},
    errands::{Fetch, OpenOrder},
    model::OrderStatus,
    notice::{FetchNotice, FetchSubject},
    verify::{BodyHmac, Verifier},
};
use labgate_testkit::ARRIVAL;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::event::{self, Event};

#[derive(Debug)]
pub(crate) struct Tokens {
    verifier: BodyHmac,
    api: Option<Api>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Signing keys, the new one first.
    secrets: Secrets,
    /// What tokens are asked for with.
    client_secret: Option<Secret>,
}

impl Provider for Tokens {
    const KIND: &'static str = "tokens";
    const EVENT_TYPES: &'static [&'static str] = event::EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config;
    type Payload = (Event, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        let verifier = BodyHmac::new(&["x-tokens-signature"], &config.secrets);
        Ok(Self { verifier, api: config.client_secret.map(Api::new) })
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

    fn fetch(&self) -> Option<&dyn Fetch> {
        self.api.as_ref().map(|api| api as &dyn Fetch)
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

labgate_testkit::conformance!(Tokens in "tests/capabilities/tokens");

#[test]
fn an_open_order_is_asked_for_by_its_id() {
    let provider = subject().laid_over(json!({ "client_secret": "a-client-secret" })).provider();
    let id = Identifier::new("o1").unwrap();
    let order = OpenOrder {
        provider_order_id: id.clone(),
        status: OrderStatus::Ordered,
        last_seen_at: ARRIVAL,
    };
    let pointers = provider.fetch().unwrap().sweep(&order);
    assert_eq!(pointers, [FetchNotice::new(FetchSubject::Order, id.clone(), id)]);
}
