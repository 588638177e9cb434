//! What only Junction's configuration can get wrong.

use serde_json::{Value, json};

use crate::subject::{JUNCTION, SECRETS, junction};

#[test]
fn a_mistake_is_named_and_its_value_is_not() {
    let secret = SECRETS[0];
    check(json!({}), "missing field `secrets`");
    check(json!({ "secrets": [] }), "secrets: expected at least one secret");
    check(json!({ "secrets": [secret, ""] }), "secrets[1]: expected a secret of at least 8 bytes");
    check(json!({ "secrets": ["whsec_not base64!"] }), "secrets[0]: expected `whsec_` and base64");
    check(
        json!({ "secrets": [secret, "whsec_"] }),
        "secrets[1]: expected a secret of at least 8 bytes",
    );
    check(json!({ "secrets": secret }), "secrets: expected a sequence");
    check(json!({ "secrets": [{ "value": secret }] }), "secrets[0]: expected a string");
    check(
        json!({ "secrets": [secret], "signature": "none" }),
        "signature: expected `standard_webhooks` or `body_hmac`",
    );
    check(
        json!({ "secrets": [secret], "signatures": "body_hmac" }),
        "signatures: unknown field `signatures`, expected one of `secrets`, `signature`, \
         `signature_header`, `tolerance`",
    );
    check(
        json!({ "secrets": [secret], "signature": "body_hmac", "signature_header": "x y" }),
        "signature_header: expected the name of a header",
    );
    check(
        json!({ "secrets": [secret], "tolerance": "soon" }),
        "tolerance: expected a length of time from 1s to 24h, as in `10m`",
    );
}

#[test]
fn a_setting_of_the_other_scheme_is_refused() {
    let secret = SECRETS[0];
    check(
        json!({ "secrets": [secret], "signature_header": "x-hookdeck-signature" }),
        "signature_header: expected only with body_hmac",
    );
    check(
        json!({ "secrets": [secret], "signature": "body_hmac", "tolerance": "10m" }),
        "tolerance: expected only with standard_webhooks: body_hmac covers no time",
    );
}

#[test]
fn a_secret_is_taken_as_the_dashboard_shows_it() {
    for secret in ["whsec_bmV3LXNlY3JldC1vZi10aGUtc3VpdGU=", "bmV3LXNlY3JldC1vZi10aGUtc3VpdGU="] {
        junction(&[secret]);
    }
}

fn check(config: Value, expected: &str) {
    let error = (JUNCTION.registration.build)(config).unwrap_err();
    assert_eq!(error.to_string(), expected);
}
