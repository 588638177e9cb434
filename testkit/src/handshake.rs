//! What anybody may ask helps nobody.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, Method};
use labgate_core::{Identifier, RawRequest, Receipt, Reply, reply::Acknowledged};
use serde_json::Value;

use crate::{
    ARRIVAL, Golden, Holder, Subject, goldens,
    json::{is_json, replaced, texts},
    secrets, verify,
};

/// No webhook of the goldens is answered as a handshake, signed or not.
pub fn webhooks_are_no_handshakes(subject: &Subject) {
    let provider = subject.provider();
    for golden in goldens::all(subject) {
        let signed = subject.signed(&golden.request, Holder::New, &golden.message_id(), ARRIVAL);
        for request in [&golden.request, &signed] {
            let answered = provider.handshake(request).is_some();
            assert!(!answered, "{} is a webhook, and is answered as a handshake", golden.name);
        }
    }
}

/// No secret that proves webhooks stands in the answer to a handshake or in an acknowledgement.
pub fn no_signing_secret_is_given_away(subject: &Subject) {
    let provider = subject.provider();
    let asked = asked(subject, &handshakes(subject), "a word");
    let mut said: Vec<String> =
        asked.iter().filter_map(|request| provider.handshake(request)).map(text).collect();
    let accepted = Acknowledged::Accepted { ingested_count: 1 };
    for outcome in [accepted, Acknowledged::Duplicate, Acknowledged::Ignored] {
        let event_type = Identifier::new("some.event").expect("a short word is an identifier");
        said.push(text(provider.acknowledge(&Receipt { event_type, outcome })));
    }
    for secret in secrets::of(subject).into_iter().filter(|secret| secret.signs) {
        let given = secret.forms().any(|form| said.iter().any(|text| text.contains(&form)));
        assert!(!given, "a handshake gives away the secret at {}", secret.place);
    }
}

/// Whoever asks with what a webhook signs does not get its signature: a handshake computes no MAC
/// with a key of webhooks.
pub fn no_signature_is_given_away(subject: &Subject) {
    let handshakes = handshakes(subject);
    let provider = subject.provider();
    for golden in goldens::all(subject).into_iter().take(3) {
        let sent = subject.signed(&golden.request, Holder::New, &golden.message_id(), ARRIVAL);
        let values = verify::scheme(&golden.request, &sent);
        let values: Vec<_> = values.iter().filter_map(|(_, value)| value.to_str().ok()).collect();
        let known: BTreeSet<&str> = values.iter().flat_map(|value| words(value)).collect();
        let signatures: Vec<_> = known.iter().filter_map(|word| bytes(word)).collect();
        let body = String::from_utf8_lossy(&golden.request.body);
        for challenge in signed_texts(&known, &body) {
            for request in asked(subject, &handshakes, &challenge) {
                let Some(reply) = provider.handshake(&request) else { continue };
                let reply = text(reply);
                // What was asked may come back.
                let given = words(&reply)
                    .filter(|word| !challenge.contains(word))
                    .any(|word| bytes(word).is_some_and(|bytes| signatures.contains(&bytes)));
                assert!(!given, "a handshake gives away the signature of {}", golden.name);
            }
        }
    }
}

/// What a scheme may sign of a webhook: the body, with words of its headers before it.
fn signed_texts(words: &BTreeSet<&str>, body: &str) -> Vec<String> {
    let mut texts = vec![body.to_owned()];
    for first in words {
        for separator in [".", ":", ""] {
            texts.push(format!("{first}{separator}{body}"));
            for second in words {
                texts.push(format!("{first}{separator}{second}{separator}{body}"));
            }
        }
    }
    texts
}

/// Requests of the kind that test an endpoint, with `challenge` wherever a challenge may stand: in
/// those of the goldens in place of each value, and under names that vendors are fond of.
fn asked(subject: &Subject, handshakes: &[Golden], challenge: &str) -> Vec<RawRequest> {
    let encoded: Vec<_> = challenge.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let encoded = encoded.concat();
    let header = HeaderValue::from_bytes(challenge.as_bytes());
    let mut asked = Vec::new();
    for RawRequest { query, headers, body, .. } in
        handshakes.iter().map(|golden| golden.request.clone())
    {
        for value in [challenge, &encoded] {
            let pairs = query.split('&').map(|pair| match pair.split_once('=') {
                Some((name, _)) => format!("{name}={value}"),
                None => pair.to_owned(),
            });
            let query = pairs.collect::<Vec<_>>().join("&");
            asked.push(RawRequest {
                query,
                headers: headers.clone(),
                body: body.clone(),
                ..post(subject)
            });
        }
        if let Ok(value) = &header {
            let headers = headers.keys().map(|name| (name.clone(), value.clone())).collect();
            asked.push(RawRequest {
                query: query.clone(),
                headers,
                body: body.clone(),
                ..post(subject)
            });
        }
        let known = if is_json(&body) {
            texts(&serde_json::from_slice(&body).expect("the body is JSON"))
        } else {
            BTreeSet::new()
        };
        for known in known {
            let body = replaced(&body, &known, challenge).into();
            asked.push(RawRequest { headers: headers.clone(), body, ..post(subject) });
        }
    }
    for name in ["challenge", "hub.challenge", "crc_token", "token", "validationToken"] {
        asked.push(RawRequest { query: format!("{name}={encoded}"), ..post(subject) });
        let body = serde_json::json!({ name: challenge }).to_string().into();
        asked.push(RawRequest { body, ..post(subject) });
    }
    asked.push(RawRequest { body: challenge.to_owned().into(), ..post(subject) });
    asked.push(post(subject));
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::OPTIONS];
    let with = |method: &Method, request: &RawRequest| RawRequest {
        method: method.clone(),
        ..request.clone()
    };
    methods
        .iter()
        .flat_map(|method| asked.iter().map(move |request| with(method, request)))
        .collect()
}

fn handshakes(subject: &Subject) -> Vec<Golden> {
    let requests = goldens::requests(subject).into_iter();
    requests.filter(|golden| golden.is_handshake(subject)).collect()
}

fn post(subject: &Subject) -> RawRequest {
    RawRequest { headers: HeaderMap::new(), ..subject.post(b"") }
}

/// All that a reply says.
fn text(reply: Reply) -> String {
    match reply {
        Reply::Json(body) => texts(&Value::Object(body)).into_iter().collect::<Vec<_>>().join(" "),
        Reply::Text(text) => String::from_utf8_lossy(&text).into_owned(),
        Reply::Empty => String::new(),
    }
}

/// The words of a header: a time, an id, a version, a signature.
fn words(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ' ', ';']).flat_map(|part| {
        let named = part.split_once('=').filter(|(_, word)| !word.trim_matches('=').is_empty());
        [part, named.map_or(part, |(_, word)| word)]
    })
}

/// What a word stands for, so that hex and base64 of one signature are one; a short one is none.
fn bytes(word: &str) -> Option<Vec<u8>> {
    let decoded = hex::decode(word).or_else(|_| STANDARD.decode(word));
    let bytes = decoded.unwrap_or_else(|_| word.as_bytes().to_vec());
    (bytes.len() >= 16).then_some(bytes)
}
