//! What an operator must say, and may say.

use http::{HeaderMap, HeaderValue};
use labgate_core::RawRequest;
use labgate_testkit::ARRIVAL;
use serde_json::{Value, json};

use crate::subject;

#[test]
fn nobody_is_believed_by_default() {
    let config = json!({ "secrets": ["a-static-token"] });
    check_refused(config, "missing field `signature`");
}

#[test]
fn a_header_is_one_and_belongs_to_a_token() {
    let config = |signature: &str, header: &str| json!({ "secrets": ["a-static-token"], "signature": signature, "header": header });
    check_refused(config("static_token", "no header"), "header: expected the name of a header");
    check_refused(config("static_token", ""), "header: expected the name of a header");
    check_refused(config("body_hmac", "x-signature"), "header: expected only with static_token");
}

#[test]
fn the_api_is_asked_over_https_only() {
    let config = |base_url: &str, token: &str| {
        let api = json!({ "base_url": base_url, "token": token });
        json!({ "secrets": ["a-static-token"], "signature": "static_token", "api": api })
    };
    let expected = "api.base_url: expected an address with https:// and without a query";
    for wrong in [
        "http://localhost/R4",
        "fhir.example/R4",
        "https://fhir.example?a=b",
        "https://fhir.example/R4#a",
        "https://user:word@fhir.example/R4",
        "",
        "/R4",
    ] {
        check_refused(config(wrong, "a-static-token"), expected);
    }
    let expected = "api.token: expected a token of visible ASCII characters";
    check_refused(config("https://fhir.example/R4", "a-static\ntoken"), expected);
}

#[test]
fn a_token_is_read_from_the_header_that_was_registered() {
    let default = json!({ "secrets": ["a-static-token"], "signature": "static_token" });
    check_accepted(&default, "authorization", "Bearer a-static-token", true);
    check_accepted(&default, "authorization", "a-static-token", true);
    check_accepted(&default, "x-labgate-token", "a-static-token", false);
    let other = json!({
        "secrets": ["a-static-token"], "signature": "static_token", "header": "X-Labgate-Token",
    });
    check_accepted(&other, "x-labgate-token", "a-static-token", true);
    check_accepted(&other, "authorization", "Bearer a-static-token", false);
}

/// The MAC of `{}` as `openssl dgst -sha256 -hmac a-secret` gives it.
#[test]
fn medplum_signs_in_hex() {
    let config = json!({ "secrets": ["a-secret"], "signature": "body_hmac" });
    let mac = "840e57abfe2fde278d0f8b85f62296fed1d82a35e04320a6a44421c66a290a78";
    check_accepted(&config, "x-signature", mac, true);
    check_accepted(&config, "authorization", "Bearer a-secret", false);
}

fn check_refused(config: Value, expected: &str) {
    let error = (subject().registration.build)(config).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
}

fn check_accepted(config: &Value, header: &'static str, value: &'static str, expected: bool) {
    let headers =
        HeaderMap::from_iter([(header.parse().unwrap(), HeaderValue::from_static(value))]);
    let request = RawRequest { headers, ..RawRequest::post("/v1/webhooks/fhir", "{}") };
    let verified = subject().built(config.clone()).verify(&request, ARRIVAL);
    assert_eq!(verified.is_ok(), expected, "{header}: {value}");
}
