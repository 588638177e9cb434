//! What `labgate demo` shows must be what the provider understands.

use crate::{Subject, subject::proven};

/// The configuration of the demo builds, each of its webhooks says something, and nothing
/// in them is new to the provider. Two keys give two configurations.
pub fn is_understood(subject: &Subject) {
    let key = std::array::from_fn(|index| u8::try_from(index).expect("a key has 32 bytes"));
    let demo = (subject.registration.demo)(key);
    let provider = (subject.registration.build)(demo.config.clone())
        .unwrap_or_else(|error| panic!("the demo's configuration is refused: {error}"));
    for webhook in demo.webhooks {
        let read = provider.read(&proven(&*provider, webhook.body));
        let told = read.and_then(|reading| reading.notices);
        let told = told.unwrap_or_else(|error| panic!("{}: {error}", webhook.story));
        assert!(!told.notices.is_empty(), "{}: it says nothing", webhook.story);
        assert!(told.drift.is_empty(), "{}: {:?} is new", webhook.story, told.drift);
    }
    let other = (subject.registration.demo)(key.map(|byte| !byte)).config;
    assert_ne!(other, demo.config, "the demo's secrets do not depend on the key");
}
