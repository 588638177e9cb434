//! Nobody but the vendor comes in, and nothing that could help anybody else goes out.

use http::{HeaderMap, HeaderValue, Method};
use jiff::SignedDuration;
use labgate_core::{DynProvider, Identifier, RawRequest, Receipt, reply::Acknowledged};

use crate::{
    ARRIVAL, Subject, goldens,
    subject::{request, signed},
};

/// In the middle of a rotation a request passes whether it is signed with the old secret or the
/// new one, wherever in the list they stand, and the proof tells the operator which it was.
pub fn accepts_each_secret_of_a_rotation(subject: &Subject) {
    let [new, old] = subject.secrets;
    let orders = [[new, old], [old, new]];
    for golden in goldens::all(subject) {
        for (secret, secrets) in orders.iter().flat_map(|order| order.map(|one| (one, order))) {
            let request = signed(&*subject.with_secrets(&[secret]), &golden.body, ARRIVAL);
            let verified = subject.with_secrets(secrets).verify(&request, ARRIVAL);
            let verified = verified.unwrap_or_else(|refusal| panic!("{}: {refusal}", golden.name));
            let index = secrets.iter().position(|known| *known == secret);
            assert_eq!(Some(verified.proof().secret_index), index, "{}", golden.name);
            assert_eq!(verified.body(), &golden.body, "{}: the body was touched", golden.name);
        }
    }
}

/// A request whose body differs in any bit, is shorter or is longer than what was signed is
/// refused. Large bodies are sampled.
pub fn refuses_a_changed_body(subject: &Subject) {
    let provider = subject.provider();
    for golden in goldens::all(subject) {
        let request = signed(&*provider, &golden.body, ARRIVAL);
        let changed = |body: Vec<u8>| RawRequest { body: body.into(), ..request.clone() };
        for index in (0..golden.body.len()).step_by(1 + golden.body.len() / 64) {
            let mut body = golden.body.clone();
            body[index] ^= 1 << (index % 8);
            refused(&*provider, &changed(body), &format!("{}: byte {index}", golden.name));
        }
        refused(&*provider, &changed([&golden.body[..], b" "].concat()), "a longer body");
        refused(&*provider, &changed(golden.body[1..].to_vec()), "a shorter body");
        refused(&*provider, &changed(Vec::new()), "no body");
    }
}

/// A request that lacks a header of the scheme, has it twice, or has any of its characters
/// changed is refused.
pub fn refuses_a_changed_header(subject: &Subject) {
    let provider = subject.provider();
    let golden = goldens::all(subject).remove(0);
    let sent = signed(&*provider, &golden.body, ARRIVAL);
    refused(&*provider, &request(&*provider, HeaderMap::new(), &golden.body), "no headers");
    for (name, value) in &sent.headers {
        let replaced = |text: &[u8]| {
            let mut request = sent.clone();
            let value = HeaderValue::from_bytes(text).expect("changed within visible ASCII");
            request.headers.insert(name, value);
            request
        };
        let (mut without, mut twice) = (sent.clone(), sent.clone());
        without.headers.remove(name);
        twice.headers.append(name, value.clone());
        refused(&*provider, &without, &format!("no {name}"));
        refused(&*provider, &twice, &format!("{name} twice"));
        refused(&*provider, &replaced(b""), &format!("an empty {name}"));
        for index in 0..value.len() {
            let mut text = value.as_bytes().to_vec();
            text[index] = another(text[index]);
            refused(&*provider, &replaced(&text), &format!("{name}, character {index}"));
        }
    }
}

/// A request signed with a secret that is not the plugin's is refused.
pub fn refuses_another_secret(subject: &Subject) {
    let stranger = subject.with_secrets(&[subject.stranger]);
    for golden in goldens::all(subject) {
        let request = signed(&*stranger, &golden.body, ARRIVAL);
        refused(&*subject.provider(), &request, &golden.name);
    }
}

/// Where the time is signed, a request passes for seconds, and is refused an hour later and an
/// hour too early. Where it is not, it passes at any time, and `signs_time` must say so.
pub fn keeps_to_the_time(subject: &Subject) {
    let provider = subject.provider();
    let golden = goldens::all(subject).remove(0);
    for (seconds, near) in [(-3600, false), (-10, true), (10, true), (3600, false)] {
        let signed_at = ARRIVAL + SignedDuration::from_secs(seconds);
        let verified = provider.verify(&signed(&*provider, &golden.body, signed_at), ARRIVAL);
        assert_eq!(
            verified.is_ok(),
            near || !subject.signs_time,
            "signed {seconds} s after its arrival, and signs_time is {}",
            subject.signs_time
        );
    }
}

/// No secret stands in a `Debug`, a refusal, the answer to a handshake or an acknowledgement.
pub fn gives_no_secret_away(subject: &Subject) {
    let provider = subject.provider();
    let mut said = vec![format!("{provider:?}")];
    for (body, path) in [(&b""[..], "an empty body"), (b"{}", "some body")] {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::OPTIONS] {
            let asked = RawRequest { method, ..request(&*provider, HeaderMap::new(), body) };
            let verified = provider.verify(&asked, ARRIVAL);
            said.push(format!("{path}: {asked:?} {:?} {verified:?}", provider.handshake(&asked)));
            said.extend(verified.err().map(|refusal| refusal.to_string()));
        }
    }
    for golden in goldens::all(subject) {
        let request = signed(&*provider, &golden.body, ARRIVAL);
        said.push(format!("{request:?} {:?}", provider.verify(&request, ARRIVAL)));
    }
    let accepted = Acknowledged::Accepted { ingested_count: 1 };
    for outcome in [accepted, Acknowledged::Duplicate, Acknowledged::Ignored] {
        let event_type = Identifier::new("some.event").expect("a short word is an identifier");
        said.push(format!("{:?}", provider.acknowledge(&Receipt { event_type, outcome })));
    }
    for secret in subject.secrets {
        let bare = secret.strip_prefix("whsec_").unwrap_or(secret);
        for text in &said {
            assert!(!text.contains(bare), "a secret was given away");
        }
    }
}

fn refused(provider: &dyn DynProvider, request: &RawRequest, why: &str) {
    assert!(provider.verify(request, ARRIVAL).is_err(), "accepted: {why}");
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
