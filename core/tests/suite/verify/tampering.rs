//! What was signed passes, and nothing that differs from it by a single bit.

use http::{HeaderMap, HeaderValue};
use labgate_core::verify::Verifier;
use proptest::{collection::vec, prelude::*};

use super::{FIRST, SCHEMES, request, secrets, sent};
use crate::words::minute;

fn passes(verifier: &dyn Verifier, body: &[u8], headers: HeaderMap) -> bool {
    verifier.verify(&request(body, headers), minute(0)).is_ok()
}

/// `bytes` with one bit flipped, for every bit.
fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

/// Whether two signatures differ only in how hexadecimal digits are written.
fn same_digits(left: &[u8], right: &[u8]) -> bool {
    let hex = left.rsplit(|byte| *byte == b'=').next().unwrap_or_default();
    let (label, digits) = right.split_at(right.len() - hex.len());
    hex.len() == 64 && left.starts_with(label) && hex.eq_ignore_ascii_case(digits)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_is_signed_verifies(body in vec(any::<u8>(), 0..400), id in "[!-~]{1,80}") {
        for scheme in SCHEMES {
            let verifier = scheme(&secrets(&[FIRST]));
            let headers = verifier.sign(&sent(&body), &id, minute(0)).unwrap();
            prop_assert!(passes(&*verifier, &body, headers), "{verifier:?}");
        }
    }

    #[test]
    fn a_flipped_bit_of_the_body_is_refused(body in vec(any::<u8>(), 1..60)) {
        for scheme in SCHEMES {
            let verifier = scheme(&secrets(&[FIRST]));
            let headers = verifier.sign(&sent(&body), "msg_1", minute(0)).unwrap();
            for flipped in flips(&body) {
                prop_assert!(!passes(&*verifier, &flipped, headers.clone()), "{verifier:?}");
            }
        }
    }

    #[test]
    fn a_longer_or_shorter_body_is_refused(body in vec(any::<u8>(), 1..60), more in any::<u8>()) {
        for scheme in SCHEMES {
            let verifier = scheme(&secrets(&[FIRST]));
            let headers = verifier.sign(&sent(&body), "msg_1", minute(0)).unwrap();
            let longer = [&body[..], &[more]].concat();
            for changed in [&longer, &body[1..], &body[..body.len() - 1]] {
                prop_assert!(!passes(&*verifier, changed, headers.clone()), "{verifier:?}");
            }
        }
    }

    /// Ids, times and signatures all stand in headers.
    #[test]
    fn a_flipped_bit_of_any_header_is_refused(body in vec(any::<u8>(), 0..60), id in "[!-~]{1,20}") {
        for scheme in SCHEMES {
            let verifier = scheme(&secrets(&[FIRST]));
            let signed = verifier.sign(&sent(&body), &id, minute(0)).unwrap();
            for (name, value) in &signed {
                for flipped in flips(value.as_bytes()) {
                    // What is no header value can't arrive.
                    let Ok(forged) = HeaderValue::from_bytes(&flipped) else { continue };
                    if same_digits(value.as_bytes(), &flipped) {
                        continue;
                    }
                    let mut headers = signed.clone();
                    headers.insert(name, forged.clone());
                    prop_assert!(!passes(&*verifier, &body, headers), "{name}: {forged:?}");
                }
            }
        }
    }
}
