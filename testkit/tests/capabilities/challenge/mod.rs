//! A vendor that tests the endpoint with a challenge whose answer must be computed, and proves its
//! deliveries by nothing but a token.

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderName, Method};
use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Notices, Provider, RawRequest, Reply, Retries, Secret,
    Secrets, VerifiedRequest,
    decode::{Drift, Unreadable},
    verify::{StaticToken, Verifier},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, json};
use sha2::Sha256;

use crate::event::{self, Event};

#[derive(Debug)]
pub(crate) struct Challenge {
    verifier: StaticToken,
    challenge_secret: Secret,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Tokens that deliveries carry, the new one first.
    secrets: Secrets,
    /// The key of the answers to challenges. Anybody can have anything hashed with it, so it must
    /// not be one of the secrets.
    challenge_secret: Secret,
}

impl Provider for Challenge {
    const KIND: &'static str = "challenge";
    const EVENT_TYPES: &'static [&'static str] = event::EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config;
    type Payload = (Event, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        if config.secrets.iter().any(|secret| secret.expose() == config.challenge_secret.expose()) {
            let problem = "expected another value than a secret";
            return Err(ConfigError::at("challenge_secret", problem));
        }
        let header = HeaderName::from_static("x-challenge-token");
        let verifier = StaticToken::new(header, &config.secrets)?;
        Ok(Self { verifier, challenge_secret: config.challenge_secret })
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

    /// `GET ?msg=…` is answered with the message's MAC.
    fn handshake(&self, request: &RawRequest) -> Option<Reply> {
        if request.method != Method::GET {
            return None;
        }
        let mut query = form_urlencoded::parse(request.query.as_bytes());
        let (_, message) = query.find(|(name, _)| name == "msg")?;
        let key = self.challenge_secret.expose().as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
        mac.update(message.as_bytes());
        let answer = hex::encode(mac.finalize().into_bytes());
        Some(Reply::Json(Map::from_iter([("secret_token".into(), answer.into())])))
    }

    fn demo(key: [u8; 32]) -> Demo {
        let (secret, challenge) = key.split_at(key.len() / 2);
        Demo {
            config: json!({
                "secrets": [hex::encode(secret)],
                "challenge_secret": hex::encode(challenge),
            }),
            webhooks: vec![DemoWebhook {
                story: "an order is placed",
                body: include_bytes!("goldens/1-ordered.json"),
            }],
            signer: None,
        }
    }
}

labgate_testkit::conformance!(Challenge in "tests/capabilities/challenge");

/// As `openssl dgst -sha256 -hmac a-challenge-secret` has it.
#[test]
fn the_answer_is_the_mac_of_the_message() {
    let config =
        json!({ "secrets": ["a-token-of-the-tests"], "challenge_secret": "a-challenge-secret" });
    let asked = RawRequest {
        method: Method::GET,
        query: "msg=what+do+ya+want+for+nothing%3F".into(),
        ..subject().post(b"")
    };
    let mac = "1ac2002310f0ee85a3f98e6b5becb6effde3fbd4f454f7fac0c78f8e7bb4f9f3";
    let expected = Reply::Json(Map::from_iter([("secret_token".into(), mac.into())]));
    assert!(subject().built(config).handshake(&asked) == Some(expected));
}

#[test]
fn a_secret_that_answers_challenges_opens_nothing() {
    let config = json!({ "secrets": ["new-token", "old-token"], "challenge_secret": "old-token" });
    let error = (subject().registration.build)(config).unwrap_err();
    assert_eq!(error.to_string(), "challenge_secret: expected another value than a secret");
}
