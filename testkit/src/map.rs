//! What a webhook says, in our words.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, tz::Offset};
use labgate_core::{Reply, dedupe_key};
use serde_json::{Value, json};

use crate::{
    ARRIVAL, Subject,
    decode::{self, attempt},
    goldens,
    json::{CANARY, changed_at, places, replaced, texts},
    meaning,
};

/// Every request of the goldens, signed and proven, becomes exactly what `NAME.notices.json` says:
/// event type, event id, notices and drift, or the answer to a handshake. No file stands alone.
pub fn goldens_become_their_notices(subject: &Subject) {
    let mut faults = goldens::disorder(subject);
    for golden in goldens::requests(subject) {
        let actual = if golden.is_handshake(subject) {
            let Some(reply) = subject.provider().handshake(&golden.request) else {
                faults.push(format!("{} is not answered as a handshake", golden.name));
                continue;
            };
            json!({ "handshake": answer(reply) })
        } else {
            goldens::told(&golden.read(subject))
        };
        faults.extend(meaning::difference(subject, &golden.name, actual));
    }
    assert!(faults.is_empty(), "{} goldens do not hold:\n{}", faults.len(), faults.join("\n"));
}

/// As an HTTP answer.
fn answer(reply: Reply) -> Value {
    match reply {
        Reply::Json(body) => json!({ "status": 200, "body": body }),
        Reply::Text(text) => json!({ "status": 200, "body": String::from_utf8_lossy(&text) }),
        Reply::Empty => json!({ "status": 204, "body": null }),
    }
}

/// A webhook read twice by one instance of the provider, and by another one, says the same: it
/// can be read again years later.
pub fn says_the_same_twice(subject: &Subject) {
    for golden in goldens::all(subject) {
        let provider = subject.provider();
        let request = subject.proven(&golden.request, &golden.message_id(), ARRIVAL);
        let first = goldens::told(&golden.read(subject));
        for again in [&provider, &provider, &subject.provider()] {
            let again = again.read(&request).map(|reading| goldens::told(&reading));
            assert!(again.as_ref() == Ok(&first), "{} says another thing each time", golden.name);
        }
    }
}

/// The key on which webhooks are deduped is the same when the vendor sends a webhook again, and
/// is shared only by goldens that say the same.
pub fn keys_are_unique_and_stable(subject: &Subject) {
    let provider = subject.provider();
    let mut known: Vec<(String, String, Value)> = Vec::new();
    for golden in goldens::all(subject) {
        let name = golden.name.clone();
        let keys = [0, 600].map(|seconds| {
            let at = ARRIVAL + SignedDuration::from_secs(seconds);
            let request = subject.proven(&golden.request, &golden.message_id(), at);
            let event_id = provider.read(&request).ok().and_then(|reading| reading.event_id);
            dedupe_key(&request, event_id.as_ref())
        });
        let [key, later] = keys;
        assert!(key == later, "{name} is another webhook when it is sent again");
        let told = goldens::told(&golden.read(subject))["notices"].clone();
        for (other, other_key, other_told) in &known {
            let differ = key != *other_key || told == *other_told;
            assert!(differ, "{name} and {other} say two things and are deduped as one webhook");
        }
        known.push((name, key, told));
    }
}

/// The same instant, written at another offset from UTC, says the same.
pub fn times_are_utc(subject: &Subject) {
    for golden in decode::bodies_of_json(subject) {
        let body = golden.request.body.to_vec();
        let Ok(expected) = attempt(subject, &golden, body.clone()) else { continue };
        for text in texts(&serde_json::from_slice(&body).expect("the body is JSON")) {
            let Some(elsewhere) = at_another_offset(&text) else { continue };
            let told = attempt(subject, &golden, replaced(&body, &text, &elsewhere));
            let told = told.map(|told| told.notices);
            assert!(
                told.as_ref() == Ok(&expected.notices),
                "{}: {elsewhere} says another thing than {text}",
                golden.name
            );
        }
    }
}

/// The same instant at an offset that no vendor uses, if `text` is one that names its offset.
fn at_another_offset(text: &str) -> Option<String> {
    let instant: Timestamp = text.parse().ok()?;
    let offset = Offset::from_seconds(5 * 3600 + 45 * 60).expect("Kathmandu has an offset");
    Some(instant.display_with_offset(offset).to_string())
}

/// Whatever stands in place of whatever value, nothing panics, and neither an error nor the drift
/// repeats anything out of the body.
pub fn errors_hold_no_content(subject: &Subject) {
    let mut seen = BTreeSet::new();
    for golden in decode::bodies_of_json(subject) {
        let json: Value = serde_json::from_slice(&golden.request.body).expect("the body is JSON");
        let event_type = golden.read(subject).event_type;
        for place in places(&json) {
            // Items of one list, and events of one type, are read by the same code.
            let pattern = place.replace(|character: char| character.is_ascii_digit(), "#");
            if !seen.insert((event_type.as_str().to_owned(), pattern)) {
                continue;
            }
            for body in changed_at(&json, &place) {
                let said = match attempt(subject, &golden, body) {
                    Ok(told) => format!("{:?}", told.drift),
                    Err(error) => error,
                };
                let name = &golden.name;
                assert!(!said.contains(CANARY), "{name}: {place}: an error holds content: {said}");
            }
        }
    }
}
