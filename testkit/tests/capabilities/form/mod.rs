//! A vendor that sends forms: `application/x-www-form-urlencoded` in place of JSON.

use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Notices, Provider, Retries, Secrets, VerifiedRequest,
    decode::{Drift, Unreadable},
    verify::{BodyHmac, Verifier},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::event::{self, Event};

#[derive(Debug)]
pub(crate) struct Form {
    verifier: BodyHmac,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Signing keys, the new one first.
    secrets: Secrets,
}

/// The form as a JSON object of texts, so that the core's reader takes it from there: it names the
/// field that does not fit, repeats no content, and counts what is new.
fn object_of(form: &[u8]) -> Result<Map<String, Value>, Unreadable> {
    let mut object = Map::new();
    for (name, value) in form_urlencoded::parse(form) {
        // The crate puts this in place of what is not UTF-8; two ids must not become one.
        if name.contains('\u{fffd}') || value.contains('\u{fffd}') {
            return Err(Unreadable::at("", "not UTF-8"));
        }
        if object.insert(name.into_owned(), value.into()).is_some() {
            return Err(Unreadable::at("", "expected each field once"));
        }
    }
    Ok(object)
}

impl Provider for Form {
    const KIND: &'static str = "form";
    const EVENT_TYPES: &'static [&'static str] = event::EVENT_TYPES;
    const RETRIES: Retries = Retries::AfterAnyFailure;
    const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";

    type Config = Config;
    type Payload = (Event, Drift);

    fn new(config: Config) -> Result<Self, ConfigError> {
        Ok(Self { verifier: BodyHmac::new(&["x-form-signature"], &config.secrets) })
    }

    fn verifier(&self) -> &dyn Verifier {
        &self.verifier
    }

    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Self::Payload>, Unreadable> {
        let json = Value::Object(object_of(request.body())?).to_string();
        event::decode(json.as_bytes())
    }

    fn map(&self, payload: Self::Payload) -> Result<Notices, Unreadable> {
        Ok(event::map(payload))
    }

    fn demo(key: [u8; 32]) -> Demo {
        Demo {
            config: json!({ "secrets": [hex::encode(key)] }),
            webhooks: vec![DemoWebhook {
                story: "an order is placed",
                body: b"id=e1&order=o1&status=ordered&at=2026-08-01T08%3A00%3A00Z",
            }],
            signer: None,
        }
    }
}

labgate_testkit::conformance!(Form in "tests/capabilities/form");

fn check_unreadable(form: &[u8], expected: &str) {
    assert_eq!(subject().told(form).unwrap_err().to_string(), expected);
}

#[test]
fn what_is_wrong_with_a_form_is_told_without_its_content() {
    check_unreadable(b"id=e1&order=o1&status=ordered&at=soon", "at: expected an RFC 3339 time");
    check_unreadable(b"id=e1&order=o1", "body: missing field `status`");
    check_unreadable(b"id=e1&id=e2", "body: expected each field once");
    check_unreadable(b"id=%FF", "body: not UTF-8");
}

#[test]
fn a_new_field_is_drift_under_no_name_of_the_vendors() {
    let form = b"id=e1&order=o1&status=ordered&at=2026-08-01&person=somebody";
    assert_eq!(Vec::from_iter(subject().told(form).unwrap().drift), ["*"]);
}
