//! What a webhook only pointed at is fetched from the vendor's API.

use std::sync::Arc;

use futures_executor::block_on;
use labgate_core::{
    DynProvider, Notices,
    decode::Unreadable,
    errands::{Document, ErrandError, Fetch},
};

use crate::{
    ARRIVAL, Subject,
    credentials::check_home,
    goldens::{FETCH, told_by},
    meaning, readme,
    script::{Exchange, FetchScript, Scripted, all, failures, led_to},
    session::ScriptedSession,
};

/// Each `NAME.fetch.json` asks for exactly what it says, and what is fetched becomes what
/// `NAME.notices.json` says. A provider that fetches has at least one, and so has one that
/// fetches only as README.md configures it.
pub fn scripts_become_their_notices(subject: &Subject) {
    let mut faults = Vec::new();
    for (name, script) in scripts(subject) {
        let provider = provider(subject, &script);
        let client = Scripted::strict(&script.exchanges);
        let session = ScriptedSession::holding(&script.session);
        let lent = session.with(&client);
        let documents = block_on(fetch(&name, &provider).fetch(&script.pointer, &lent));
        let documents = documents.unwrap_or_else(|error| panic!("{name}: {error}"));
        let kept = script.session_after.as_ref().unwrap_or(&script.session);
        assert!(session.kept() == *kept, "{name}: other tokens are kept than it says");
        assert_eq!(client.asked().len(), script.exchanges.len(), "{name}: not all is asked for");
        let read = |body| {
            let document = Document { body, fetched_at: ARRIVAL };
            let told = fetch(&name, &provider).read(&script.pointer, &document);
            told.map(|told| told.ordered_by(ARRIVAL))
        };
        let told: Result<Vec<Notices>, Unreadable> = documents.into_iter().map(read).collect();
        faults.extend(meaning::difference(subject, &name, told_by(told)));

        let client = Scripted::strict(&script.acknowledge);
        let lent = session.with(&client);
        let confirmed = block_on(fetch(&name, &provider).acknowledge(&script.pointer, &lent));
        confirmed.unwrap_or_else(|error| panic!("{name}: acknowledged: {error}"));
        let asked = client.asked().len();
        assert_eq!(asked, script.acknowledge.len(), "{name}: not all is acknowledged");
    }
    assert!(faults.is_empty(), "{} scripts do not hold:\n{}", faults.len(), faults.join("\n"));
}

/// When the API refuses, does not know, is busy, is in trouble or is away, at whichever exchange,
/// the error says so, with the time that the vendor asks to be left alone. After the first
/// exchange, what is not found may be done without, and an address that is refused may have expired.
pub fn failures_have_their_class(subject: &Subject) {
    for (name, script) in scripts(subject) {
        let provider = provider(subject, &script);
        for index in 0..script.exchanges.len() {
            for (how, status, expected) in failures() {
                let client = Scripted::failing(&script.exchanges, index, status);
                let session = ScriptedSession::holding(&script.session);
                let lent = session.with(&client);
                let outcome = block_on(fetch(&name, &provider).fetch(&script.pointer, &lent));
                let gone = [ErrandError::NotFound, ErrandError::Refused].contains(&expected);
                let spared = expected == ErrandError::NotFound && outcome.is_ok();
                let class = outcome.err();
                let expired = gone && class == Some(ErrandError::Expired);
                assert!(
                    index > 0 && (spared || expired) || class.as_ref() == Some(&expected),
                    "{name}: {how} at exchange {index} is {class:?}, expected {expected:?}"
                );
            }
        }
    }
}

/// Wherever the pointer or an answer leads, credentials go only to hosts to which the script
/// sends them, and nothing is asked for but over `https`.
pub fn credentials_stay_at_home(subject: &Subject) {
    for (name, script) in scripts(subject) {
        let provider = provider(subject, &script);
        let ask = |exchanges: &[Exchange], elsewhere: Option<&str>| {
            let mut pointer = script.pointer.clone();
            if let Some(elsewhere) = elsewhere {
                let reference = led_to(elsewhere, pointer.reference.as_str());
                pointer.reference = labgate_core::Reference::new(reference)
                    .expect("another address is about as long");
            }
            let client = Scripted::lenient(exchanges);
            // Whether it gets along is not asked here.
            let session = ScriptedSession::holding(&script.session);
            let _ = block_on(fetch(&name, &provider).fetch(&pointer, &session.with(&client)));
            client.asked()
        };
        check_home(&name, &config(subject, &script), &script.exchanges, ask);
    }
}

fn scripts(subject: &Subject) -> Vec<(String, FetchScript)> {
    let scripts = all(subject, FETCH);
    let offers = readme::providers(subject).iter().any(|provider| provider.fetch().is_some());
    assert!(!offers || !scripts.is_empty(), "the provider fetches, and no NAME{FETCH} shows it");
    scripts
}

fn config(subject: &Subject, script: &FetchScript) -> serde_json::Value {
    subject.laid_over(script.config.clone().into()).config()
}

fn provider(subject: &Subject, script: &FetchScript) -> Arc<dyn DynProvider> {
    subject.built(config(subject, script))
}

fn fetch<'a>(name: &str, provider: &'a Arc<dyn DynProvider>) -> &'a dyn Fetch {
    provider.fetch().unwrap_or_else(|| panic!("{name}: with this configuration nothing is fetched"))
}
