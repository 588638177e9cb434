//! Nobody but the vendor comes in.

use http::{HeaderName, HeaderValue, header};
use jiff::SignedDuration;
use labgate_core::RawRequest;

use crate::{ARRIVAL, Golden, Holder, Subject, goldens};

/// In the middle of a rotation a golden passes whether it is signed with the old secret or the new
/// one, wherever in the list they stand, and the proof tells the operator which it was.
pub fn goldens_are_accepted_under_each_secret(subject: &Subject) {
    let [new, old] = [Holder::New, Holder::Old];
    for holders in [[new, old], [old, new]] {
        let provider = subject.built(subject.rotation(holders));
        for Golden { name, request, .. } in goldens::all(subject) {
            let [first, second] = holders.map(|holder| {
                let signed = subject.signed(&request, holder, &name, ARRIVAL);
                let verified = provider.verify(&signed, ARRIVAL);
                let verified = verified.unwrap_or_else(|refusal| {
                    panic!("{name}: refused, signed with the {holder:?} secret: {refusal}")
                });
                assert_eq!(verified.body(), &request.body, "{name}: its body was touched");
                verified.proof().secret_index
            });
            assert!(first < second, "{name}: the proof does not tell which secret fits");
            assert!(second < provider.secrets(), "{name}: the secret that fits is none of them");
        }
    }
}

/// Where the proof covers the body, a request whose body differs in any bit, is shorter or is
/// longer than what was signed is refused; where it does not, some of these pass: what is said of
/// the proof is true. Large bodies are sampled.
pub fn flipped_byte_is_refused(subject: &Subject) {
    for golden in goldens::all(subject) {
        let body = golden.request.body.to_vec();
        let last = body.len().saturating_sub(1);
        let mut changed: Vec<(String, Vec<u8>)> =
            vec![("one more byte".into(), [&body[..], b" "].concat())];
        if !body.is_empty() {
            changed.push(("one byte less".into(), body[1..].to_vec()));
            changed.push(("no body".into(), Vec::new()));
        }
        for index in (0..last).step_by(1 + last / 64).chain((!body.is_empty()).then_some(last)) {
            let mut flipped = body.clone();
            flipped[index] ^= 1 << (index % 8);
            changed.push((format!("byte {index} flipped"), flipped));
        }
        let request = sent(subject, &golden, Holder::New, 0);
        let (accepted, refused): (Vec<_>, Vec<_>) = changed.into_iter().partition(|(_, body)| {
            accepts(subject, &RawRequest { body: body.clone().into(), ..request.clone() })
        });
        let name = &golden.name;
        if subject.provider().covers().body {
            let which: Vec<_> = accepted.into_iter().map(|(which, _)| which).collect();
            assert!(which.is_empty(), "{name} is accepted with another body: {}", which.join(", "));
        } else {
            let passes = !accepted.is_empty() || refused.is_empty();
            assert!(passes, "{name}: the proof covers the body, and covers() denies it");
        }
    }
}

/// What is signed under a further configuration is refused under the first: an option that nobody
/// heeds would let it pass.
pub fn is_another_way_of_signing(first: &Subject, further: &Subject) {
    for golden in goldens::all(first) {
        let request = sent(further, &golden, Holder::New, 0);
        assert!(!accepts(first, &request), "{}: the two ways of signing are one", golden.name);
    }
}

/// A request that lacks a header of the scheme, has it twice, or has any of its characters changed
/// is refused.
pub fn changed_header_is_refused(subject: &Subject) {
    let golden = goldens::all(subject).remove(0);
    let sent = sent(subject, &golden, Holder::New, 0);
    for (name, value) in scheme(&golden.request, &sent) {
        let replaced = |text: &[u8]| {
            let mut request = sent.clone();
            let value = HeaderValue::from_bytes(text).expect("changed within visible ASCII");
            request.headers.insert(&name, value);
            request
        };
        let (mut without, mut twice) = (sent.clone(), sent.clone());
        without.headers.remove(&name);
        twice.headers.append(&name, value.clone());
        let refused = |request: &RawRequest, how: &str| {
            assert!(!accepts(subject, request), "accepted: {name} {how}");
        };
        refused(&without, "is not there");
        refused(&twice, "is there twice");
        refused(&replaced(b""), "is empty");
        for (index, changed) in changes(value.as_bytes()) {
            refused(&replaced(&changed), &format!("with another character {index}"));
        }
    }
}

/// Where the proof covers the time, a request passes for seconds, and is refused an hour later and
/// an hour too early; where it does not, it passes at any time: what is said of the proof is true.
pub fn stale_and_future_are_refused(subject: &Subject) {
    let golden = goldens::all(subject).remove(0);
    let covers = subject.provider().covers().time;
    for (seconds, near) in [(-3600, false), (-10, true), (10, true), (3600, false)] {
        let accepted = accepts(subject, &sent(subject, &golden, Holder::New, seconds));
        assert_eq!(
            accepted,
            near || !covers,
            "{}: signed {seconds} s after its arrival, and covers().time is {covers}",
            golden.name
        );
    }
}

/// A request signed with a secret that is not the plugin's is refused.
pub fn another_secret_is_refused(subject: &Subject) {
    for golden in goldens::all(subject) {
        let accepted = accepts(subject, &sent(subject, &golden, Holder::Stranger, 0));
        assert!(!accepted, "{} is accepted, signed with a stranger's secret", golden.name);
    }
}

/// The golden as its holder would have sent it that many seconds after [`ARRIVAL`].
fn sent(subject: &Subject, golden: &Golden, holder: Holder, seconds: i64) -> RawRequest {
    let at = ARRIVAL + SignedDuration::from_secs(seconds);
    subject.signed(&golden.request, holder, &golden.message_id(), at)
}

fn accepts(subject: &Subject, request: &RawRequest) -> bool {
    subject.provider().verify(request, ARRIVAL).is_ok()
}

/// The headers that signing adds.
pub(crate) fn scheme(unsigned: &RawRequest, sent: &RawRequest) -> Vec<(HeaderName, HeaderValue)> {
    let added = sent.headers.iter().filter(|(name, value)| {
        *name != header::CONTENT_TYPE && unsigned.headers.get(*name) != Some(value)
    });
    added.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The value with each of its characters as another, and each letter in the other case; but in hex
/// and in the name of an authentication scheme no case means anything.
fn changes(value: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut changes = Vec::new();
    let is_word =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    for (index, &byte) in value.iter().enumerate() {
        let start = value[..index].iter().rposition(|byte| !is_word(byte)).map_or(0, |at| at + 1);
        let word: &[u8] = value[start..].split(|byte| !is_word(byte)).next().unwrap_or_default();
        let swapped = if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { byte };
        let hex = word.iter().all(u8::is_ascii_hexdigit);
        let scheme = start == 0 && value.get(word.len()) == Some(&b' ');
        for other in [another(byte), if hex || scheme { byte } else { swapped }] {
            let mut altered = value.to_vec();
            altered[index] = other;
            changes.push((index, altered));
        }
    }
    changes.retain(|(_, altered)| altered != value);
    changes
}

/// A character that means something else, in hex, in base64, and as a word.
fn another(character: u8) -> u8 {
    match character {
        b'9' => b'0',
        b'z' => b'a',
        b'Z' => b'A',
        b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => character + 1,
        _ => b'x',
    }
}
