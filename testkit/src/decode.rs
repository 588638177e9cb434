//! Whatever stands in a proven body, it is read or refused, and what is new does no harm.

use labgate_core::{Notices, RawRequest};

use crate::{
    ARRIVAL, Golden, Holder, Subject, goldens,
    json::{CANARY, is_json, replaced, with_a_new_key},
};

/// A JSON body that ends too early is an error at every length, and never a panic. Large bodies
/// are sampled.
pub fn every_prefix_is_an_error(subject: &Subject) {
    for golden in bodies_of_json(subject) {
        let body = &golden.request.body;
        let whole = body.trim_ascii_end().len();
        for length in (0..whole).step_by(1 + whole / 300) {
            let read = attempt(subject, &golden, body[..length].to_vec());
            assert!(read.is_err(), "{}: its first {length} bytes are read", golden.name);
        }
    }
}

/// A key that the vendor added to any object changes no notice, and is counted as drift.
pub fn extra_fields_are_accepted(subject: &Subject) {
    for golden in bodies_of_json(subject) {
        let name = &golden.name;
        let before = attempt(subject, &golden, golden.request.body.to_vec());
        let Ok(before) = before else { continue };
        let after = attempt(subject, &golden, with_a_new_key(&golden.request.body));
        let after = after.unwrap_or_else(|error| panic!("{name}: new keys are refused: {error}"));
        assert!(after.notices == before.notices, "{name}: new keys change the notices");
        let drift: Vec<_> = after.drift.difference(&before.drift).collect();
        assert!(!drift.is_empty(), "{name}: nobody noticed the new keys");
        assert!(!format!("{drift:?}").contains(CANARY), "{name}: drift repeats a key");
    }
}

/// An event type that the provider does not list says nothing and is counted as drift: the
/// goldens' own, and the one that a golden gets instead of its own.
pub fn unlisted_event_types_say_nothing(subject: &Subject) {
    let listed = subject.provider().event_types();
    for mut golden in goldens::all(subject) {
        let event_type = golden.read(subject).event_type;
        let word = "unlisted.event";
        let body = &golden.request.body;
        golden.request.body = replaced(body, event_type.as_str(), word).into();
        for value in
            golden.request.headers.values_mut().filter(|value| **value == event_type.as_str())
        {
            *value = word.parse().expect("a word can stand in a header");
        }
        let request = subject.proven(&golden.request, &golden.message_id(), ARRIVAL);
        let name = golden.name;
        let reading = subject.provider().read(&request);
        let reading = reading.unwrap_or_else(|error| panic!("{name}, unlisted: {error}"));
        // What has no word for its event, or makes one of several, keeps it.
        if !listed.contains(&reading.event_type.as_str()) {
            let told = reading.notices;
            let told = told.unwrap_or_else(|error| panic!("{name}: an unlisted type: {error}"));
            assert!(told.notices.is_empty(), "{name}: an unlisted event type says something");
            assert!(!told.drift.is_empty(), "{name}: nobody noticed an unlisted event type");
        }
    }
}

/// Webhooks whose body is JSON, as far as they can be read.
pub(crate) fn bodies_of_json(subject: &Subject) -> impl Iterator<Item = Golden> {
    goldens::all(subject).into_iter().filter(|golden| is_json(&golden.request.body))
}

/// What the golden says with another body, or why it can't be read. A verifier that chooses its
/// key by the body may already refuse it.
pub(crate) fn attempt(
    subject: &Subject,
    golden: &Golden,
    body: Vec<u8>,
) -> Result<Notices, String> {
    let request = RawRequest { body: body.into(), ..golden.request.clone() };
    let request = subject.signed(&request, Holder::New, &golden.message_id(), ARRIVAL);
    let provider = subject.provider();
    let proven = provider.verify(&request, ARRIVAL).map_err(|refusal| refusal.to_string())?;
    let told = provider.read(&proven).and_then(|reading| reading.notices);
    told.map_err(|error| format!("{error} {error:?}"))
}
