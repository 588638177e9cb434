//! Standard Webhooks against its published vectors and an independent signer.

use labgate_core::verify::{Reason, StandardWebhooks, Verifier as _};
use proptest::prelude::*;

use super::{FIRST, SECOND, mac, secrets, sent, verdict};
use crate::words::second;

pub(super) const PING: &str = r#"{"event_type":"ping","data":{"success":true}}"#;
pub(super) const PING_ID: &str = "msg_loFOjxBNrRLzqYUf";
pub(super) const PING_AT: i64 = 1_731_705_121;
pub(super) const PING_SIGNATURE: &str = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=";

fn check_vector(key: &str, id: &str, at: i64, body: &str, signature: &str) {
    let verifier = StandardWebhooks::new(&secrets(&[key])).unwrap();
    let (time, now) = (at.to_string(), second(at));
    for family in
        ["svix-id svix-timestamp svix-signature", "webhook-id webhook-timestamp webhook-signature"]
    {
        let names: Vec<_> = family.split(' ').collect();
        let headers = [(names[0], id), (names[1], &*time), (names[2], signature)];
        let proof = verdict(&verifier, body.as_bytes(), &headers, now).unwrap();
        assert_eq!((proof.secret_index, proof.message_id.as_deref()), (0, Some(id)), "{family}");
    }
    let signed = verifier.sign(&sent(body.as_bytes()), id, now).unwrap();
    assert_eq!(signed["svix-signature"], signature);
    assert_eq!(signed["svix-id"], id);
    assert_eq!(signed["svix-timestamp"], time);
}

#[test]
fn the_published_vectors_verify_and_are_signed_alike() {
    let other = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
    let body = r#"{"email":"test@example.com","username":"test_user"}"#;
    let id = "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk";
    for prefix in ["whsec_", ""] {
        let key = |text: &str| text.replacen("whsec_", prefix, 1);
        check_vector(&key(FIRST), PING_ID, PING_AT, PING, PING_SIGNATURE);
        check_vector(&key(SECOND), id, 1_649_367_553, body, other);
    }
    check_vector(&format!(" {FIRST}\n"), PING_ID, PING_AT, PING, PING_SIGNATURE);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_an_independent_signer_signs_verifies(
        key in proptest::collection::vec(any::<u8>(), 8..80),
        id in "[!-~]{1,60}",
        at in 0_i64..4_000_000_000,
        late in -60_i64..=300,
        body in ".{0,200}",
    ) {
        let signature = standardwebhooks::Webhook::from_bytes(key.clone()).unwrap()
            .sign(&id, at, body.as_bytes()).unwrap();
        let verifier = StandardWebhooks::new(&secrets(&[&StandardWebhooks::secret_of(&key)])).unwrap();
        let time = at.to_string();
        let headers = [("webhook-id", &*id), ("webhook-timestamp", &time), ("webhook-signature", &signature)];
        let proof = verdict(&verifier, body.as_bytes(), &headers, second(at + late)).unwrap();
        prop_assert_eq!(proof.message_id, Some(id.clone()));
        let signed = verifier.sign(&sent(body.as_bytes()), &id, second(at)).unwrap();
        prop_assert_eq!(signed["svix-signature"].to_str().unwrap(), signature);
    }
}

fn check_time(text: &str, now: i64, expected: Result<(), Reason>) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let key = STANDARD.decode(FIRST.trim_start_matches("whsec_")).unwrap();
    let signature = format!("v1,{}", STANDARD.encode(mac(&key, &format!("msg_1.{text}.{PING}"))));
    let headers = [("svix-id", "msg_1"), ("svix-timestamp", text), ("svix-signature", &*signature)];
    let verifier = StandardWebhooks::new(&secrets(&[FIRST])).unwrap();
    let found = verdict(&verifier, PING.as_bytes(), &headers, second(now)).map(|_| ());
    assert_eq!(found, expected, "{text:?} at {now}");
}

#[test]
fn a_signature_may_be_five_minutes_old_and_one_minute_ahead() {
    let time = PING_AT.to_string();
    check_time(&time, PING_AT, Ok(()));
    check_time(&time, PING_AT + 300, Ok(()));
    check_time(&time, PING_AT + 301, Err(Reason::Stale));
    check_time(&time, PING_AT - 60, Ok(()));
    check_time(&time, PING_AT - 61, Err(Reason::Future));
}

#[test]
fn an_absurd_time_is_refused_though_it_is_signed() {
    for text in ["", "-1", "+1731705121", "1731705121.0", "1.7e9", "0x673", "99999999999999999999"]
    {
        check_time(text, PING_AT, Err(Reason::MalformedHeader));
    }
    check_time("2024-11-15T21:12:01Z", PING_AT, Err(Reason::MalformedHeader));
    check_time("0", PING_AT, Err(Reason::Stale));
    check_time("1731705121000", PING_AT, Err(Reason::Future));
    check_time("9223372036854775807", PING_AT, Err(Reason::Future));
    check_time("9223372036854775807", -60, Err(Reason::Future));
}

#[test]
fn a_secret_that_is_not_base64_is_refused_by_its_place_and_not_its_value() {
    for text in ["whsec_%%%", "whsec_plJ3nmyCDGBKInavdOK15", "not base64"] {
        let error = StandardWebhooks::new(&secrets(&[FIRST, text])).unwrap_err();
        assert_eq!(error.to_string(), "secrets[1]: expected `whsec_` and base64", "{text}");
    }
}

#[test]
fn padding_of_a_secret_is_left_to_the_vendor() {
    for key in ["17 bytes of a key", "18 bytes of a key!", "16 byte of a key"] {
        let padded = StandardWebhooks::secret_of(key.as_bytes());
        let bare = padded.trim_end_matches('=');
        let [vendor, ours] = [&*padded, bare].map(|text| StandardWebhooks::new(&secrets(&[text])));
        let headers = vendor.unwrap().sign(&sent(b"{}"), "msg_1", second(0)).unwrap();
        let request = super::request(b"{}", headers);
        assert!(ours.unwrap().verify(&request, second(0)).is_ok(), "{bare}");
    }
}

#[test]
fn a_secret_is_as_strong_as_the_key_that_it_encodes() {
    for (key, problem) in [
        (&b"7 bytes"[..], "expected a secret of at least 8 bytes"),
        (&[0; 32], "expected a secret that is not one byte repeated"),
    ] {
        let text = StandardWebhooks::secret_of(key);
        let error = StandardWebhooks::new(&secrets(&[FIRST, &text])).unwrap_err();
        assert_eq!(error.to_string(), format!("secrets[1]: {problem}"));
    }
}
