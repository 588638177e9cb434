//! A vendor that signs method, path and query beside the body, so that a webhook can't be caught
//! on its way to one endpoint and sent to another.

use http::{HeaderMap, Method};
use jiff::Timestamp;
use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Notices, Provider, RawRequest, Retries, Secrets,
    VerifiedRequest,
    decode::{Drift, Unreadable},
    verify::{BodyHmac, Coverage, Proof, Refusal, Verifier},
};
use labgate_testkit::{ARRIVAL, Holder, MESSAGE_ID};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::event::{self, Event};

#[derive(Debug)]
pub(crate) struct Whole {
    verifier: WholeRequest,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Signing keys, the new one first.
    secrets: Secrets,
}

/// HMAC-SHA256 over `{method} {path} {query} {SHA-256 of the body}`; no part can hold a space, so
/// none can pass for a piece of another. Keys and comparisons stay with the scheme of the core,
/// which is given what is signed in the body's place.
#[derive(Debug)]
struct WholeRequest(BodyHmac);

fn signed_content(request: &RawRequest) -> RawRequest {
    let RawRequest { method, path, query, body, .. } = request;
    let content = format!("{method} {path} {query} {}", hex::encode(Sha256::digest(body)));
    RawRequest { body: content.into(), ..request.clone() }
}

impl Verifier for WholeRequest {
    fn verify(&self, request: &RawRequest, now: Timestamp) -> Result<Proof, Refusal> {
        self.0.verify(&signed_content(request), now)
    }

    fn secrets(&self) -> usize {
        self.0.secrets()
    }

    fn covers(&self) -> Coverage {
        self.0.covers()
    }

    fn sign(&self, request: &RawRequest, message_id: &str, now: Timestamp) -> Option<HeaderMap> {
        self.0.sign(&signed_content(request), message_id, now)
    }
}

impl Provider for Whole {
    const KIND: &'static str = "whole";
    const EVENT_TYPES: &'static [&'static str] = event::EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config;
    type Payload = (Event, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        let scheme = BodyHmac::new(&["x-whole-signature"], &config.secrets);
        Ok(Self { verifier: WholeRequest(scheme) })
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

labgate_testkit::conformance!(Whole in "tests/capabilities/whole");

#[test]
fn a_request_is_good_for_no_other_place() {
    let sent = RawRequest { query: "lab=1".into(), ..subject().post(b"{}") };
    let signed = subject().signed(&sent, Holder::New, MESSAGE_ID, ARRIVAL);
    let verify = |request: &RawRequest| subject().provider().verify(request, ARRIVAL);
    assert!(verify(&signed).is_ok());
    for moved in [
        RawRequest { method: Method::PUT, ..signed.clone() },
        RawRequest { path: "/v1/webhooks/another".into(), ..signed.clone() },
        RawRequest { query: "lab=2".into(), ..signed.clone() },
        RawRequest { query: String::new(), ..signed.clone() },
    ] {
        assert!(verify(&moved).is_err(), "{} {}?{}", moved.method, moved.path, moved.query);
    }
}
