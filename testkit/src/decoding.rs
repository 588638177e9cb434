//! Whatever stands in a proven body, it is read or refused, and an error repeats none of it.

use std::collections::BTreeSet;

use labgate_core::Reading;
use serde_json::Value;

use crate::{
    Subject, goldens,
    json::{CANARY, changed_at, places, with_a_new_key},
    subject::proven,
};

/// A body that ends too early is an error at every length, and never a panic. Large bodies are
/// sampled.
pub fn refuses_what_is_cut_short(subject: &Subject) {
    let provider = subject.provider();
    for golden in goldens::all(subject) {
        let whole = golden.body.trim_ascii_end().len();
        for length in (0..whole).step_by(1 + whole / 300) {
            let read = provider.read(&proven(&*provider, &golden.body[..length]));
            assert!(read.is_err(), "{}: its first {length} bytes were read", golden.name);
        }
    }
}

/// A key that the vendor added to any object changes no notice, and is counted as drift.
pub fn counts_what_is_new(subject: &Subject) {
    for golden in goldens::all(subject) {
        let name = &golden.name;
        let before = notices(subject.read(&golden.body).map_err(|error| error.to_string()));
        let after = subject.read(&with_a_new_key(&golden.body));
        let after = notices(after.map_err(|error| error.to_string()));
        let (before, after) = (before.expect(name), after.expect(name));
        assert_eq!(after.notices, before.notices, "{name}: a new key changed the notices");
        let drift: Vec<_> = after.drift.difference(&before.drift).collect();
        assert!(!drift.is_empty(), "{name}: nobody noticed the new keys");
        assert!(!format!("{drift:?}").contains(CANARY), "{name}: drift repeats a key");
    }
}

/// Whatever stands in place of whatever value, nothing panics, and neither an error nor the drift
/// repeats anything out of the body.
pub fn errors_hold_no_content(subject: &Subject) {
    let provider = subject.provider();
    let mut seen = BTreeSet::new();
    for golden in goldens::all(subject) {
        let json: Value = serde_json::from_slice(&golden.body).expect("goldens are JSON");
        let event_type = subject.read(&golden.body).expect("goldens are readable").event_type;
        for place in places(&json) {
            // Items of one list, and events of one type, are read by the same code.
            let pattern = place.replace(|character: char| character.is_ascii_digit(), "#");
            if !seen.insert((event_type.as_str().to_owned(), pattern)) {
                continue;
            }
            for body in changed_at(&json, &place) {
                let said = match provider.read(&proven(&*provider, &body)) {
                    Ok(Reading { notices: Ok(told), .. }) => format!("{:?}", told.drift),
                    Err(error) | Ok(Reading { notices: Err(error), .. }) => {
                        format!("{error} {error:?}")
                    }
                };
                assert!(!said.contains(CANARY), "{}: {place}: {said}", golden.name);
            }
        }
    }
}

/// An event type that the provider does not list says nothing, and is counted as drift.
pub fn lists_the_event_types_that_it_knows(subject: &Subject) {
    let known = subject.provider().event_types();
    for golden in goldens::all(subject) {
        let reading = subject.read(&golden.body).expect("goldens are readable");
        let told = reading.notices.expect("goldens are readable");
        if !known.contains(&reading.event_type.as_str()) {
            assert!(told.notices.is_empty(), "{}: an unlisted type says something", golden.name);
            assert!(!told.drift.is_empty(), "{}: nobody noticed an unlisted type", golden.name);
        }
    }
}

fn notices(read: Result<Reading, String>) -> Result<labgate_core::Notices, String> {
    read?.notices.map_err(|error| error.to_string())
}
