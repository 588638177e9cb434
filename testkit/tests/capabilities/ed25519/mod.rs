//! A vendor that signs with a private key of its own: the configuration holds public keys, and
//! nobody but the vendor can sign.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Notices, Provider, RawRequest, Retries,
    VerifiedRequest,
    decode::{Drift, Unreadable},
    verify::{Coverage, Proof, Reason, Refusal, Verifier},
};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::event::{self, Event};

const SIGNATURE: HeaderName = HeaderName::from_static("x-ed25519-signature");

#[derive(Debug)]
pub(crate) struct Ed25519 {
    verifier: PublicKeys,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The vendor's public keys in base64, the new one first.
    public_keys: Vec<String>,
}

/// The base64 of an Ed25519 signature of the body, under one of several keys.
struct PublicKeys(Vec<[u8; 32]>);

impl fmt::Debug for PublicKeys {
    /// What an operator configured is not printed, whether it is secret or not.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKeys({})", self.0.len())
    }
}

impl Verifier for PublicKeys {
    fn verify(&self, request: &RawRequest, _now: Timestamp) -> Result<Proof, Refusal> {
        let signature = STANDARD
            .decode(request.header(SIGNATURE.as_str())?)
            .map_err(|_| Reason::MalformedHeader)?;
        // Neither the keys nor the signature are secret, so the time that this takes may tell.
        let fits = |key: &[u8; 32]| {
            UnparsedPublicKey::new(&ED25519, key).verify(&request.body, &signature).is_ok()
        };
        let secret_index = self.0.iter().position(fits).ok_or(Reason::Mismatch)?;
        Ok(Proof { secret_index, message_id: None })
    }

    fn secrets(&self) -> usize {
        self.0.len()
    }

    fn covers(&self) -> Coverage {
        Coverage { body: true, time: false }
    }

    fn sign(&self, _: &RawRequest, _message_id: &str, _now: Timestamp) -> Option<HeaderMap> {
        None
    }
}

impl Provider for Ed25519 {
    const KIND: &'static str = "ed25519";
    const EVENT_TYPES: &'static [&'static str] = event::EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config;
    type Payload = (Event, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        if config.public_keys.is_empty() {
            return Err(ConfigError::at("public_keys", "expected at least one key"));
        }
        let keys = config.public_keys.iter().enumerate().map(|(index, text)| {
            let key = STANDARD.decode(text.trim()).ok().and_then(|key| key.try_into().ok());
            key.ok_or_else(|| {
                let problem = "expected an Ed25519 key, the base64 of 32 bytes";
                ConfigError::at(format!("public_keys[{index}]"), problem)
            })
        });
        Ok(Self { verifier: PublicKeys(keys.collect::<Result<_, _>>()?) })
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

    /// The demo plays the vendor, and so holds the private key that a configuration never has.
    fn demo(key: [u8; 32]) -> Demo {
        let pair = Ed25519KeyPair::from_seed_unchecked(&key).expect("any 32 bytes are a seed");
        let public_key = STANDARD.encode(pair.public_key());
        Demo {
            config: json!({ "public_keys": [public_key] }),
            webhooks: vec![DemoWebhook {
                story: "an order is placed",
                body: include_bytes!("goldens/1-ordered.json"),
            }],
            signer: Some(Arc::new(move |request, _message_id, _now| {
                let signature = STANDARD.encode(pair.sign(&request.body));
                let value = HeaderValue::try_from(signature).expect("base64 is visible ASCII");
                HeaderMap::from_iter([(SIGNATURE, value)])
            })),
        }
    }
}

labgate_testkit::conformance!(Ed25519 in "tests/capabilities/ed25519");
