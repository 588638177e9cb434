//! A vendor with a key for each account: one plugin serves them all, and no account can speak for
//! another.

mod per_account;

use std::collections::BTreeMap;

use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Identifier, Notices, Provider, RawRequest, Retries,
    Secrets, VerifiedRequest,
    decode::{Drift, Reader, Shape, Unreadable},
    time::VendorTime,
    verify::{BodyHmac, Verifier},
};
use labgate_testkit::{ARRIVAL, Holder, MESSAGE_ID};
use per_account::PerAccount;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::event::{EVENT_TYPES, Reached, event_type};

#[derive(Debug)]
pub(crate) struct Accounts {
    verifier: PerAccount,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The vendor's accounts by the names that it has for them.
    accounts: BTreeMap<String, Account>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    /// The account's signing keys, the new one first.
    secrets: Secrets,
}

/// The account is no option: who names none must not be read, see `per_account.rs`.
#[derive(Deserialize)]
pub(crate) struct Event {
    id: Identifier,
    account: Identifier,
    order: Identifier,
    status: String,
    at: VendorTime,
}

impl Provider for Accounts {
    const KIND: &'static str = "accounts";
    const EVENT_TYPES: &'static [&'static str] = EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config;
    type Payload = (Event, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        if config.accounts.is_empty() {
            return Err(ConfigError::at("accounts", "expected at least one account"));
        }
        let schemes = config.accounts.into_iter().map(|(name, account)| {
            (name, BodyHmac::new(&["x-accounts-signature"], &account.secrets))
        });
        Ok(Self { verifier: PerAccount::new(schemes.collect()) })
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
            account: Some(event.account),
            word: event.status,
            at: event.at.0,
        };
        Ok(Notices { notices: vec![reached.notice("status", &mut drift)], drift })
    }

    fn demo(key: [u8; 32]) -> Demo {
        let (north, south) = key.split_at(key.len() / 2);
        Demo {
            config: json!({ "accounts": {
                "north": { "secrets": [hex::encode(north)] },
                "south": { "secrets": [hex::encode(south)] },
            }}),
            webhooks: vec![
                DemoWebhook {
                    story: "an order of one account",
                    body: include_bytes!("goldens/north-ordered.json"),
                },
                DemoWebhook {
                    story: "an order of another, signed with another key",
                    body: include_bytes!("goldens/south-ordered.json"),
                },
            ],
            signer: None,
        }
    }
}

labgate_testkit::conformance!(Accounts in "tests/capabilities/accounts");

#[test]
fn an_account_cannot_speak_for_another() {
    let mut config = subject().demo(Holder::New).config;
    let south = config["accounts"]["south"].clone();
    config["accounts"]["north"] = south;
    let holder_of_the_southern_key = subject().built(config);
    let accepted = |account: &str| {
        let body = format!(r#"{{"account":"{account}"}}"#);
        let mut request = subject().post(body.as_bytes());
        let signed = holder_of_the_southern_key.sign(&request, MESSAGE_ID, ARRIVAL);
        request.headers.extend(signed.unwrap());
        subject().provider().verify(&request, ARRIVAL).is_ok()
    };
    assert!(accepted("south"));
    assert!(!accepted("north"));
}

#[test]
fn an_account_that_is_not_configured_is_nobodys() {
    let stranger = json!({ "accounts": { "west": { "secrets": ["key-of-a-stranger"] } } });
    let body = subject().post(br#"{"account":"west"}"#);
    let headers = subject().built(stranger).sign(&body, MESSAGE_ID, ARRIVAL).unwrap();
    assert!(subject().provider().verify(&RawRequest { headers, ..body }, ARRIVAL).is_err());
}

#[test]
fn secrets_are_counted_through_all_accounts() {
    let index_of = |account: &str| {
        let body = subject().post(format!(r#"{{"account":"{account}"}}"#).as_bytes());
        subject().proven(&body, MESSAGE_ID, ARRIVAL).proof().secret_index
    };
    assert_eq!([index_of("north"), index_of("south")], [0, 2], "each has a new and an old one");
    assert_eq!(subject().provider().secrets(), 4);
}
