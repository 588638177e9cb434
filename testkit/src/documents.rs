//! Everything of a vendor's that a provider reads as JSON: webhooks, and what is fetched or polled.

use labgate_core::{VerifiedRequest, notice::FetchNotice};
use serde_json::{Value, json};

use crate::{ARRIVAL, Subject, decode, fetch, goldens, leaves::Leaf, poll};

/// A JSON document of the goldens, and how the provider reads one in its place.
pub(crate) struct Document {
    /// The name of its golden.
    pub(crate) name: String,
    pub(crate) body: Vec<u8>,
    /// Documents of one kind are read by the same code: the event type, or the way of asking.
    pub(crate) kind: String,
    /// What it was asked for with, if it was fetched.
    pub(crate) pointer: Option<FetchNotice>,
    read: Box<dyn Fn(Vec<u8>) -> Value>,
}

impl Document {
    /// What the provider makes of `body` in its place, as it stands in a meaning. Each is read by a
    /// provider of its own.
    pub(crate) fn says(&self, body: Vec<u8>) -> Value {
        (self.read)(body)
    }

    /// The document, its numbers as far as JSON values hold them.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// Its leaves, in the order of the body.
    pub(crate) fn leaves(&self) -> Vec<Leaf> {
        Leaf::all(str::from_utf8(&self.body).expect("JSON is UTF-8"))
    }
}

/// Every JSON document of the goldens, as far as the provider can read it.
pub(crate) fn all(subject: &Subject) -> Vec<Document> {
    let all = webhooks(subject).into_iter().chain(fetch::documents(subject));
    let all = all.chain(poll::documents(subject));
    all.filter(|one| one.says(one.body.clone()).get("unreadable").is_none()).collect()
}

/// Those of webhooks.
pub(crate) fn webhooks(subject: &Subject) -> Vec<Document> {
    let document = |golden: goldens::Golden| {
        let proven = subject.proven(&golden.request, &golden.message_id(), ARRIVAL);
        let (registration, config) = (subject.registration, subject.config());
        let body = golden.request.body.to_vec();
        let read = move |body: Vec<u8>| {
            let (headers, proof) = (proven.headers().clone(), proven.proof().clone());
            let request = VerifiedRequest::from_archive(body.into(), headers, proof, ARRIVAL);
            let provider = (registration.build)(config.clone()).expect("it was built before");
            match provider.read(&request) {
                Ok(reading) => goldens::told(&reading),
                Err(error) => json!({ "unreadable": error.to_string() }),
            }
        };
        let kind = golden.read(subject).event_type.to_string();
        Document { name: golden.name, kind, body, pointer: None, read: Box::new(read) }
    };
    decode::bodies_of_json(subject).map(document).collect()
}

impl Document {
    /// One that was asked for.
    pub(crate) fn asked(
        name: &str,
        kind: &str,
        body: Vec<u8>,
        pointer: Option<FetchNotice>,
        read: impl Fn(Vec<u8>) -> Value + 'static,
    ) -> Self {
        Self { name: name.into(), kind: kind.into(), body, pointer, read: Box::new(read) }
    }
}
