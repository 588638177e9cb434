//! Secrets change while webhooks are on their way, in every scheme alike.

use labgate_core::verify::{Reason, Verifier};

use super::{FIRST, SCHEMES, SECOND, reason_of, request, secrets, sent};
use crate::words::minute;

const BODY: &[u8] = br#"{"event":{"id":7}}"#;

/// Signs under the first of `vendor` and verifies under `ours`.
fn check(vendor: &[&str], ours: &[&str], expected: Result<usize, Reason>) {
    for scheme in SCHEMES {
        let (vendor, ours) = (scheme(&secrets(vendor)), scheme(&secrets(ours)));
        let headers = vendor.sign(&sent(BODY), "msg_1", minute(0)).unwrap();
        let proof = ours.verify(&request(BODY, headers), minute(0)).map_err(reason_of);
        assert_eq!(proof.map(|proof| proof.secret_index), expected, "{ours:?}");
    }
}

#[test]
fn the_index_tells_which_secret_is_in_use() {
    let third = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    check(&[FIRST], &[FIRST], Ok(0));
    // The gateway learns the new secret before the vendor uses it, and keeps the old one after.
    check(&[FIRST], &[SECOND, FIRST], Ok(1));
    check(&[SECOND], &[SECOND, FIRST], Ok(0));
    // The vendor was first.
    check(&[SECOND], &[FIRST], Err(Reason::Mismatch));
    check(&[SECOND], &[FIRST, SECOND], Ok(1));
    // The old one is gone for good.
    check(&[FIRST], &[SECOND], Err(Reason::Mismatch));
    check(&[third], &[FIRST, SECOND, third], Ok(2));
    check(&[third], &[FIRST, SECOND], Err(Reason::Mismatch));
}

#[test]
fn a_secret_that_stands_there_twice_is_reported_at_its_first_place() {
    check(&[FIRST], &[SECOND, FIRST, FIRST], Ok(1));
}

#[test]
fn only_the_first_secret_signs() {
    check(&[SECOND, FIRST], &[FIRST], Err(Reason::Mismatch));
    check(&[SECOND, FIRST], &[SECOND], Ok(0));
}

#[test]
fn a_vendor_that_signs_with_both_is_met_by_either() {
    let vendors = [FIRST, SECOND].map(|secret| SCHEMES[0](&secrets(&[secret])));
    let mut headers = vendors[0].sign(&sent(BODY), "msg_1", minute(0)).unwrap();
    let other = vendors[1].sign(&sent(BODY), "msg_1", minute(0)).unwrap();
    let both =
        [&headers, &other].map(|signed| signed["svix-signature"].to_str().unwrap()).join(" ");
    headers.insert("svix-signature", both.parse().unwrap());
    let index = |ours: &dyn Verifier| {
        ours.verify(&request(BODY, headers.clone()), minute(0)).unwrap().secret_index
    };
    assert_eq!(index(&*vendors[0]), 0);
    assert_eq!(index(&*vendors[1]), 0);
    assert_eq!(index(&*SCHEMES[0](&secrets(&[SECOND, FIRST]))), 0);
}
