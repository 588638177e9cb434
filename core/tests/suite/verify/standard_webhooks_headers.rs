//! Standard Webhooks and the many ways in which its three headers can be wrong.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use labgate_core::verify::{Proof, Reason, StandardWebhooks};

use super::{
    FIRST, Headers, SECOND, secrets,
    standard_webhooks::{PING, PING_AT, PING_ID, PING_SIGNATURE},
    verdict,
};
use crate::words::second;

const OTHER: &str = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
const TIME: &str = "1731705121";

fn prove(headers: Headers<'_>) -> Result<Proof, Reason> {
    let verifier = StandardWebhooks::new(&secrets(&[SECOND, FIRST])).unwrap();
    verdict(&verifier, PING.as_bytes(), headers, second(PING_AT))
}

fn check_signature(header: &str, expected: Result<usize, Reason>) {
    let headers = [("svix-id", PING_ID), ("svix-timestamp", TIME), ("svix-signature", header)];
    assert_eq!(prove(&headers).map(|proof| proof.secret_index), expected, "{header}");
}

#[test]
fn one_good_signature_among_several_is_enough() {
    let good = PING_SIGNATURE;
    let bare = good.trim_start_matches("v1,");
    check_signature(good, Ok(1));
    for others in [OTHER, "v2,zzzz", &format!("v1a,{bare}"), "v1,%%%", "v1,", "rubbish", ""] {
        check_signature(&format!("{others} {good}"), Ok(1));
        check_signature(&format!("{good} {others}"), Ok(1));
    }
}

#[test]
fn without_a_known_version_there_is_nothing_to_compare() {
    let bare = PING_SIGNATURE.trim_start_matches("v1,");
    for version in ["v2,", "v1a,", "V1,", "v1=", "v1 ", " ", ""] {
        check_signature(&format!("{version}{bare}"), Err(Reason::UnknownVersion));
    }
    check_signature("", Err(Reason::UnknownVersion));
    check_signature(&format!("v1a,{bare} v2,{bare}"), Err(Reason::UnknownVersion));
}

#[test]
fn a_signature_that_is_not_whole_does_not_match() {
    let bare = PING_SIGNATURE.trim_start_matches("v1,");
    let mac = STANDARD.decode(bare).unwrap();
    let longer = [&mac[..], &[0]].concat();
    for part in [&mac[..0], &mac[..16], &mac[..31], &mac[1..], &longer] {
        check_signature(&format!("v1,{}", STANDARD.encode(part)), Err(Reason::Mismatch));
    }
    check_signature(&format!("v1,{}", bare.trim_end_matches('=')), Ok(1));
    for text in ["%%%", &bare[..20], &bare.to_uppercase()] {
        check_signature(&format!("v1,{text}"), Err(Reason::Mismatch));
    }
    check_signature(OTHER, Err(Reason::Mismatch));
}

#[test]
fn each_of_the_three_headers_stands_there_once_and_in_ascii() {
    for family in [
        ["svix-id", "svix-timestamp", "svix-signature"],
        ["webhook-id", "webhook-timestamp", "webhook-signature"],
    ] {
        let good: Vec<_> = family.into_iter().zip([PING_ID, TIME, PING_SIGNATURE]).collect();
        assert_eq!(prove(&good).map(|proof| proof.secret_index), Ok(1));
        for place in 0..3 {
            let mut missing = good.clone();
            missing.remove(place);
            assert_eq!(prove(&missing), Err(Reason::MissingHeader), "{missing:?}");
            let repeated = [&good[..], &[good[place]]].concat();
            assert_eq!(prove(&repeated), Err(Reason::MalformedHeader), "{repeated:?}");
            let mut foreign = good.clone();
            foreign[place].1 = "1731705121é";
            assert_eq!(prove(&foreign), Err(Reason::MalformedHeader), "{foreign:?}");
        }
        let mut nameless = good.clone();
        nameless[0].1 = "";
        assert_eq!(prove(&nameless), Err(Reason::MalformedHeader));
    }
    assert_eq!(prove(&[]), Err(Reason::MissingHeader));
}

#[test]
fn the_families_are_not_mixed() {
    let svix = [("svix-id", PING_ID), ("svix-timestamp", TIME), ("svix-signature", PING_SIGNATURE)];
    let webhook = [
        ("webhook-id", PING_ID),
        ("webhook-timestamp", TIME),
        ("webhook-signature", PING_SIGNATURE),
    ];
    for place in 0..3 {
        let mut mixed = svix;
        mixed[place] = webhook[place];
        assert_eq!(prove(&mixed), Err(Reason::MissingHeader), "{mixed:?}");
    }
    let forged = webhook.map(|(name, _)| (name, "0"));
    assert!(prove(&[svix, forged].concat()).is_ok());
    let forged = [("svix-id", "0"), ("svix-timestamp", TIME), ("svix-signature", "v1,AAAA")];
    assert_eq!(prove(&[forged, webhook].concat()), Err(Reason::Mismatch));
}
