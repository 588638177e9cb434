//! Both ways of signing, made by others than the code under test, and never taken for each other.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use labgate_core::{
    DynProvider, RawRequest,
    verify::{Reason, Refusal},
};
use labgate_testkit::ARRIVAL;
use serde_json::json;
use sha2::Sha256;
use standardwebhooks::Webhook;

use crate::subject::{JUNCTION, SECRETS, STRANGER, junction, relay};

const BODY: &[u8] = br#"{"event_type":"labtest.order.updated","data":{"id":"4056"}}"#;
const RELAY_HEADERS: [&str; 3] = ["x-webhook-signature", "x-junction-signature", "x-signature"];

#[test]
fn an_independent_signer_is_accepted_in_either_family() {
    for family in ["svix", "webhook"] {
        for (index, secret) in SECRETS.into_iter().enumerate() {
            let request = post(&standard(family, secret));
            let verified = junction(&SECRETS).verify(&request, ARRIVAL).unwrap();
            assert_eq!(verified.proof().secret_index, index);
            assert_eq!(verified.proof().message_id.as_deref(), Some("msg_1"));
        }
        check_refused(&*junction(&SECRETS), &standard(family, STRANGER), Reason::Mismatch);
    }
}

#[test]
fn a_family_is_taken_whole() {
    let [id, time, signature] = standard("svix", SECRETS[0]);
    let mixed = [id, ("webhook-timestamp".into(), time.1), signature];
    check_refused(&*junction(&SECRETS), &mixed, Reason::MissingHeader);

    // A second family beside the first neither helps nor harms it.
    let both = [standard("svix", SECRETS[0]), standard("webhook", STRANGER)];
    assert!(junction(&SECRETS).verify(&post(&both.concat()), ARRIVAL).is_ok());
    let both = [standard("svix", STRANGER), standard("webhook", SECRETS[0])];
    check_refused(&*junction(&SECRETS), &both.concat(), Reason::Mismatch);
}

#[test]
fn a_version_that_nobody_knows_proves_nothing() {
    let [id, time, (name, signature)] = standard("svix", SECRETS[0]);
    for version in ["v2,", "v1a,", "V1,", ""] {
        let other = signature.replace("v1,", version);
        let headers = [id.clone(), time.clone(), (name.clone(), other)];
        check_refused(&*junction(&SECRETS), &headers, Reason::UnknownVersion);
    }
}

#[test]
fn a_relay_signs_in_any_of_three_headers_in_any_of_four_spellings() {
    for header in RELAY_HEADERS {
        for secret in SECRETS {
            for text in spellings(secret) {
                check_accepted(&*relay(&SECRETS), &[(header.into(), text)]);
            }
        }
        for text in spellings(STRANGER) {
            check_refused(&*relay(&SECRETS), &[(header.into(), text)], Reason::Mismatch);
        }
        for text in ["", "sha256=", "sha1=00", "not hex", "AAAA"] {
            check_refused(&*relay(&SECRETS), &[(header.into(), text.into())], Reason::Mismatch);
        }
    }
}

#[test]
fn a_relay_may_send_several_headers_if_one_of_them_fits() {
    let [good, ..] = spellings(SECRETS[0]);
    let [bad, ..] = spellings(STRANGER);
    let [first, second, third] = RELAY_HEADERS.map(String::from);
    check_accepted(
        &*relay(&SECRETS),
        &[(first.clone(), bad.clone()), (second.clone(), good.clone())],
    );
    check_accepted(&*relay(&SECRETS), &[(first, good.clone()), (third, bad)]);
    check_refused(
        &*relay(&SECRETS),
        &[(second.clone(), good.clone()), (second, good)],
        Reason::MalformedHeader,
    );
}

#[test]
fn a_relay_may_sign_in_a_header_of_its_own() {
    let config = json!({
        "secrets": SECRETS,
        "signature": "body_hmac",
        "signature_header": "X-Hookdeck-Signature",
    });
    let relay = JUNCTION.built(config);
    for text in spellings(SECRETS[1]) {
        check_accepted(&*relay, &[("x-hookdeck-signature".into(), text.clone())]);
        check_refused(&*relay, &[("x-signature".into(), text)], Reason::MissingHeader);
    }
}

#[test]
fn a_signature_may_be_older_where_that_is_configured() {
    let patient = JUNCTION.built(json!({ "secrets": SECRETS, "tolerance": "15m" }));
    let later = |minutes| ARRIVAL + jiff::SignedDuration::from_mins(minutes);
    let request = post(&standard("svix", SECRETS[0]));
    let stale = Refusal::NotProven(Reason::Stale);
    assert!(patient.verify(&request, later(15)).is_ok());
    assert_eq!(patient.verify(&request, later(16)).unwrap_err(), stale);
    assert!(junction(&SECRETS).verify(&request, later(5)).is_ok());
    assert_eq!(junction(&SECRETS).verify(&request, later(6)).unwrap_err(), stale);
}

#[test]
fn neither_way_is_taken_for_the_other() {
    // The same text as secret of both, so that only the way of signing differs.
    let (svix, relay) = (junction(&SECRETS), relay(&SECRETS));
    let standard = post(&standard("svix", SECRETS[0]));
    assert!(svix.verify(&standard, ARRIVAL).is_ok());
    assert_eq!(relay.verify(&standard, ARRIVAL).unwrap_err(), Reason::MissingHeader.into());
    for header in RELAY_HEADERS {
        for text in spellings(SECRETS[0]) {
            let request = post(&[(header.into(), text)]);
            assert!(relay.verify(&request, ARRIVAL).is_ok());
            assert_eq!(svix.verify(&request, ARRIVAL).unwrap_err(), Reason::MissingHeader.into());
        }
    }
}

#[test]
fn nobody_is_answered_before_they_are_proven() {
    for method in [Method::GET, Method::HEAD, Method::POST] {
        let request = RawRequest { method, body: "".into(), ..post(&[]) };
        assert_eq!(junction(&SECRETS).handshake(&request), None);
    }
}

/// Headers as the reference implementation of Standard Webhooks writes them.
fn standard(family: &str, secret: &str) -> [(String, String); 3] {
    let at = ARRIVAL.as_second();
    let signature = Webhook::new(secret).unwrap().sign("msg_1", at, BODY).unwrap();
    [("id", "msg_1".into()), ("timestamp", at.to_string()), ("signature", signature)]
        .map(|(name, value)| (format!("{family}-{name}"), value))
}

/// The MAC of the body in hex and base64, bare and with `sha256=`.
fn spellings(secret: &str) -> [String; 4] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(BODY);
    let mac = mac.finalize().into_bytes();
    let (hex, base64) = (hex::encode(mac), STANDARD.encode(mac));
    [format!("sha256={hex}"), format!("sha256={base64}"), hex, base64]
}

fn post(headers: &[(String, String)]) -> RawRequest {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    }
    RawRequest {
        method: Method::POST,
        path: "/v1/webhooks/junction".into(),
        query: String::new(),
        headers: map,
        body: BODY.into(),
    }
}

fn check_accepted(provider: &dyn DynProvider, headers: &[(String, String)]) {
    let verified = provider.verify(&post(headers), ARRIVAL);
    assert!(verified.is_ok(), "{verified:?}");
}

fn check_refused(provider: &dyn DynProvider, headers: &[(String, String)], reason: Reason) {
    let verified = provider.verify(&post(headers), ARRIVAL);
    assert_eq!(verified.unwrap_err(), Refusal::NotProven(reason));
}
