//! `t=,v1=` and what vendors and forgers make of it.

use labgate_core::verify::{Coverage, Reason, TimeUnit, TimestampedHmac, Verifier as _};

use super::{Headers, mac, secrets, sent, verdict};
use crate::words::{START, second};

const BODY: &str = r#"{"event":{"id":7}}"#;
/// Computed with OpenSSL, under `fs-new-key`.
const GOOD: &str = "66636d6f74eabfe74d713be052e62adb05788a88c82cedbb1efc4b4ddc7c792b";
/// The same under `fs-old-key`.
const OLD: &str = "806d08649397bce2a0f83ec3b5b332205317baabe27087438f416ef8be1c88d0";

fn check_headers(headers: Headers<'_>, now: i64, expected: Result<usize, Reason>) {
    let secrets = secrets(&["fs-new-key", "fs-old-key"]);
    let verifier = TimestampedHmac::new("fullscript-signature", &secrets);
    let proof = verdict(&verifier, BODY.as_bytes(), headers, second(now));
    assert_eq!(
        proof.as_ref().map(|proof| proof.secret_index).map_err(|why| *why),
        expected,
        "{headers:?}"
    );
    assert!(proof.is_ok_and(|proof| proof.message_id.is_none()) || expected.is_err());
}

/// Checks a header in which `T`, `G` and `O` stand for the time and the two signatures.
fn check(pattern: &str, expected: Result<usize, Reason>) {
    let value = pattern.replace('T', &START.to_string()).replace('G', GOOD).replace('O', OLD);
    check_headers(&[("fullscript-signature", &value)], START, expected);
}

#[test]
fn fields_come_in_any_order_and_company() {
    check("t=T,v1=G", Ok(0));
    check("t=T,v1=O", Ok(1));
    check("v1=G,t=T", Ok(0));
    check("  t=T ,  v1=G  ", Ok(0));
    check("t=T,v1=O,v1=G", Ok(0));
    check("t=T,v1=zz,v1=,v1=O", Ok(1));
    check("v0=G,t=T,scheme=hmac,v1=G,v2=a=b", Ok(0));
    check(&format!("t=T,v1={}", GOOD.to_uppercase()), Ok(0));
}

#[test]
fn a_header_of_another_form_is_malformed() {
    for pattern in ["", ",", "T", "t=T,v1", "t=T,v1=G,", "t=T,,v1=G", "t", "G"] {
        check(pattern, Err(Reason::MalformedHeader));
    }
}

#[test]
fn the_time_stands_there_exactly_once() {
    for pattern in ["v1=G", "t=T,t=T,v1=G", "t=T,v1=G,t=1", "t=1,t=T,v1=G", "t=,v1=G", "t =T,v1=G"]
    {
        check(pattern, Err(Reason::MalformedHeader));
    }
    for time in ["-1", "+T", " T", "T.0", "1e9", "99999999999999999999"] {
        check(&format!("t={time},v1=G"), Err(Reason::MalformedHeader));
    }
    check("t=0T,v1=G", Err(Reason::Mismatch));
}

#[test]
fn the_time_is_held_against_ours() {
    let value = format!("t={START},v1={GOOD}");
    let check = |late, expected| {
        check_headers(&[("fullscript-signature", &value)], START + late, expected);
    };
    check(300, Ok(0));
    check(301, Err(Reason::Stale));
    check(-60, Ok(0));
    check(-61, Err(Reason::Future));
    let absurd = mac(b"fs-new-key", &format!("9223372036854775807.{BODY}"));
    let value = format!("t=9223372036854775807,v1={}", hex::encode(absurd));
    check_headers(&[("fullscript-signature", &value)], START, Err(Reason::Future));
}

#[test]
fn without_a_known_version_there_is_nothing_to_compare() {
    for pattern in ["t=T", "t=T,v0=G", "t=T,V1=G", "t=T,v2=G,v11=G", "t=T,v1 =G"] {
        check(pattern, Err(Reason::UnknownVersion));
    }
}

#[test]
fn a_signature_that_is_not_whole_does_not_match() {
    for text in
        ["", "zz", &GOOD[..63], &GOOD[..62], &GOOD[2..], &format!("{GOOD}00"), &format!("0x{GOOD}")]
    {
        check(&format!("t=T,v1={text}"), Err(Reason::Mismatch));
    }
    check("t=T,v1= G", Err(Reason::Mismatch));
    let unsigned_time = hex::encode(mac(b"fs-new-key", BODY));
    check(&format!("t=T,v1={unsigned_time}"), Err(Reason::Mismatch));
}

#[test]
fn the_header_stands_there_once_and_in_ascii() {
    let value = format!("t={START},v1={GOOD}");
    let header = ("fullscript-signature", &*value);
    check_headers(&[], START, Err(Reason::MissingHeader));
    check_headers(&[("x-signature", &value)], START, Err(Reason::MissingHeader));
    check_headers(&[header, header], START, Err(Reason::MalformedHeader));
    check_headers(
        &[("fullscript-signature", &format!("{value},é=1"))],
        START,
        Err(Reason::MalformedHeader),
    );
}

#[test]
fn milliseconds_are_signed_as_they_stand() {
    let verifier = TimestampedHmac::new("x-terra-signature", &secrets(&["key-of-the-tests"]));
    let verifier = verifier.counting(TimeUnit::Milliseconds);
    let time = format!("{START}123");
    let signature = hex::encode(mac(b"key-of-the-tests", &format!("{time}.{BODY}")));
    let header = format!("t={time},v1={signature}");
    let verdict_at = |now| {
        verdict(&verifier, BODY.as_bytes(), &[("x-terra-signature", &header)], second(now))
            .map(|proof| proof.secret_index)
    };
    assert_eq!(verdict_at(START), Ok(0));
    assert_eq!(verdict_at(START + 300), Ok(0));
    assert_eq!(verdict_at(START + 301), Err(Reason::Stale));
    assert_eq!(verdict_at(START - 61), Err(Reason::Future));
    let signed = verifier.sign(&sent(BODY.as_bytes()), "", second(START)).unwrap();
    let text = signed["x-terra-signature"].to_str().unwrap();
    assert!(text.starts_with(&format!("t={START}000,v1=")), "{text}");
    assert_eq!(verifier.covers(), Coverage::FULL);
}
