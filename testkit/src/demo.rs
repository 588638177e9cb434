//! What `labgate demo` shows must be what the provider understands.

use crate::{ARRIVAL, MESSAGE_ID, Subject, subject::Holder};

/// The configuration of the demo builds. It has webhooks, each of them says something, and nothing
/// in them is new to the provider. Two keys give two configurations.
pub fn is_understood(subject: &Subject) {
    let demo = subject.demo(Holder::New);
    let provider = subject.built(demo.config.clone());
    assert!(!demo.webhooks.is_empty(), "the demo has no webhooks");
    for webhook in demo.webhooks {
        let request = subject.proven(&subject.post(webhook.body), MESSAGE_ID, ARRIVAL);
        let told = provider.read(&request).and_then(|reading| reading.notices);
        let told = told.unwrap_or_else(|error| panic!("{}: {error}", webhook.story));
        assert!(!told.notices.is_empty(), "{}: it says nothing", webhook.story);
        assert!(told.drift.is_empty(), "{}: {:?} is new", webhook.story, told.drift);
    }
    let other = subject.demo(Holder::Stranger).config;
    assert_ne!(other, demo.config, "the demo's secrets do not depend on the key");
}
