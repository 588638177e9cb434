//! A MAC of the body, against GitHub's published vector and in every spelling.

use labgate_core::verify::{BodyHmac, Encoding, Keys, Reason, Verifier as _};

use super::{Headers, secrets, sent, verdict};
use crate::words::second;

/// Secret, body and signature are those of GitHub's page "Validating webhook deliveries".
const KEY: &str = "It's a Secret to Everybody";
const BODY: &[u8] = b"Hello, World!";
const HEX: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
const BASE64: &str = "dXEH6g6yUJ/CESIczphLijdXC211hsIsRvQ3nIsEPhc=";

fn check(headers: Headers<'_>, expected: Result<usize, Reason>) {
    let secrets = secrets(&["another secret", KEY]);
    let verifier = BodyHmac::new(&["x-hub-signature-256", "x-signature", "x-backup"], &secrets);
    // The scheme knows no time: any clock gives the same answer.
    for now in [0, 1_785_859_200, 253_402_207_200] {
        let proof = verdict(&verifier, BODY, headers, second(now));
        let found = proof.map(|proof| (proof.secret_index, proof.message_id));
        assert_eq!(found, expected.map(|index| (index, None)), "{headers:?}");
    }
}

#[test]
fn every_spelling_in_every_header_is_read() {
    for name in ["x-hub-signature-256", "x-signature", "x-backup"] {
        for text in [HEX, BASE64, BASE64.trim_end_matches('='), &HEX.to_uppercase()] {
            check(&[(name, text)], Ok(1));
            check(&[(name, &format!("sha256={text}"))], Ok(1));
        }
    }
}

#[test]
fn one_good_header_among_several_is_enough() {
    check(&[("x-hub-signature-256", "sha256=00"), ("x-signature", HEX)], Ok(1));
    check(&[("x-hub-signature-256", HEX), ("x-backup", "")], Ok(1));
    check(&[("x-hub-signature-256", "%%"), ("x-signature", "00"), ("x-backup", BASE64)], Ok(1));
}

#[test]
fn a_signature_that_is_not_whole_does_not_match() {
    let others = ["", "sha256=", &HEX[..62], &HEX[..63], &BASE64[..40], "00", "sha256=sha256=00"];
    for text in others {
        check(&[("x-signature", text)], Err(Reason::Mismatch));
    }
    for prefix in ["sha1=", "sha512=", "SHA256=", "sha256=sha256=", "v1,"] {
        check(&[("x-signature", &format!("{prefix}{HEX}"))], Err(Reason::Mismatch));
    }
    check(&[("x-signature", "00"), ("x-backup", "00")], Err(Reason::Mismatch));
}

#[test]
fn no_header_but_those_named_is_read() {
    check(&[], Err(Reason::MissingHeader));
    check(&[("x-other", HEX), ("signature", HEX)], Err(Reason::MissingHeader));
}

#[test]
fn a_header_stands_there_once_and_in_ascii() {
    check(&[("x-signature", HEX), ("x-signature", HEX)], Err(Reason::MalformedHeader));
    check(&[("x-signature", "é")], Err(Reason::MalformedHeader));
    check(&[("x-hub-signature-256", HEX), ("x-backup", "é")], Err(Reason::MalformedHeader));
}

#[test]
fn it_signs_in_its_first_header() {
    let verifier = BodyHmac::new(&["x-hub-signature-256", "x-signature"], &secrets(&[KEY]));
    let signed = verifier.sign(&sent(BODY), "msg_1", second(0)).unwrap();
    assert_eq!(signed.len(), 1);
    assert_eq!(signed["x-hub-signature-256"], format!("sha256={HEX}"));
}

/// As LetsGetChecked signs: `Authorization: LGC2-HMAC-SHA256 <base64>`.
#[test]
fn a_vendor_may_put_a_word_of_its_own_before_base64() {
    let verifier = BodyHmac::new(&["authorization"], &secrets(&[KEY]))
        .after("LGC2-HMAC-SHA256 ")
        .written_in(Encoding::Base64);
    for value in ["LGC2-HMAC-SHA256 ", "lgc2-hmac-sha256 ", "LGC2-HMAC-SHA256   ", ""] {
        let value = format!("{value}{BASE64}");
        assert!(
            verdict(&verifier, BODY, &[("authorization", &value)], second(0)).is_ok(),
            "{value}"
        );
    }
    for other in
        ["LGC2-HMAC-SHA256", "HMAC-SHA256 ", "sha256=", "LGC2-HMAC-SHA256 LGC2-HMAC-SHA256 "]
    {
        let value = format!("{other}{BASE64}");
        let refused = verdict(&verifier, BODY, &[("authorization", &value)], second(0));
        assert_eq!(refused, Err(Reason::Mismatch), "{value}");
    }
    let signed = verifier.sign(&sent(BODY), "msg_1", second(0)).unwrap();
    assert_eq!(signed["authorization"], format!("LGC2-HMAC-SHA256 {BASE64}"));
}

#[test]
fn keys_may_be_what_the_secrets_encode() {
    let encoded = Encoding::Base64.encode(KEY.as_bytes());
    let decoded = |texts: &[&str]| {
        Keys::decoded(&secrets(texts), |text| Encoding::Base64.decode(text), "expected base64")
    };
    let keys = decoded(&["YW5vdGhlciBzZWNyZXQ", &encoded]).unwrap();
    let verifier = BodyHmac::new(&["x-signature"], keys);
    let proof = verdict(&verifier, BODY, &[("x-signature", HEX)], second(0));
    assert_eq!(proof.map(|proof| proof.secret_index), Ok(1));
    let error = decoded(&[&encoded, "not base64!"]).unwrap_err();
    assert_eq!(error.to_string(), "secrets[1]: expected base64");
    let error = decoded(&["AAAAAAAAAAAAAAAAAAAAAA=="]).unwrap_err();
    assert_eq!(error.to_string(), "secrets[0]: expected a secret that is not one byte repeated");
}
