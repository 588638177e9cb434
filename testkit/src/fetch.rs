//! What a webhook only pointed at is fetched from the vendor's API.

use std::{collections::BTreeSet, sync::Arc};

use futures_executor::block_on;
use labgate_core::{
    DynProvider, Notices,
    decode::Unreadable,
    errands::{Document, ErrandError, Fetch},
};
use serde_json::{Value, json};

use crate::{
    ARRIVAL, Subject,
    credentials::check_home,
    documents,
    goldens::{FETCH, told_by},
    json::{is_json, with},
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

/// Where a fetched document repeats the ids of what was asked for, the order's or another one that
/// the pointer holds, and says others in their place, no report of the pointer's order comes of it;
/// nor where it says another patient in one of several places.
pub fn results_of_others_are_not_reported(subject: &Subject) {
    for document in documents(subject) {
        let Some(pointer) = &document.pointer else { continue };
        let order = pointer.provider_order_id.as_str();
        let before = document.says(document.body.clone());
        let notices = before["notices"].as_array().into_iter().flatten();
        let patients = notices.filter_map(|told| {
            told["details"]["patient"]["provider_patient_id"].as_str().map(str::to_owned)
        });
        let asked = pointer.reference.as_str().split('/').chain([order]).map(str::to_owned);
        let asked: BTreeSet<String> = asked.collect();
        let patients: Vec<String> = patients.filter(|id| !asked.contains(id)).collect();
        let json = document.json();
        let swapped = |json: &Value, place: &str, id: &str| {
            let text = json.pointer(place).and_then(Value::as_str).unwrap_or_default();
            let stem = text.strip_suffix(id).unwrap_or_default();
            with(json, place, json!(format!("{stem}{ANOTHER}")))
        };
        let reports = |json: &Value| {
            let said = document.says(serde_json::to_vec(json).expect("a value is JSON"));
            let mut notices = said["notices"].as_array().into_iter().flatten();
            notices.any(|told| told["about"] == "report" && told["provider_order_id"] == order)
        };
        let places = |id: &str| -> Vec<String> {
            let leaves = document.leaves().into_iter();
            let its = leaves.filter(|leaf| leaf.text().is_some_and(|text| is_of(&text, id)));
            its.map(|leaf| leaf.place).collect()
        };
        for id in asked {
            let places = places(&id);
            let others = places.iter().fold(json.clone(), |json, at| swapped(&json, at, &id));
            assert!(
                places.is_empty() || !reports(&others),
                "{}: another one in place of {id}, and it is reported all the same",
                document.name
            );
        }
        for id in patients {
            let places = places(&id);
            for place in places.iter().filter(|_| places.len() > 1) {
                assert!(
                    !reports(&swapped(&json, place, &id)),
                    "{}: another patient at {place}, and it is reported all the same",
                    document.name
                );
            }
        }
    }
}

/// An id that is nobody's.
const ANOTHER: &str = "999000111";

/// Whether `text` is `id` or a reference that ends in it.
fn is_of(text: &str, id: &str) -> bool {
    text.strip_suffix(id).is_some_and(|stem| stem.is_empty() || stem.ends_with(['/', ':']))
}

/// What the scripts fetch, as far as it is JSON.
pub(crate) fn documents(subject: &Subject) -> Vec<documents::Document> {
    let mut all = Vec::new();
    for (name, script) in scripts(subject) {
        let asking = provider(subject, &script);
        let client = Scripted::lenient(&script.exchanges);
        let session = ScriptedSession::holding(&script.session);
        let lent = session.with(&client);
        let fetched = block_on(fetch(&name, &asking).fetch(&script.pointer, &lent));
        for body in fetched.unwrap_or_default().into_iter().filter(|body| is_json(body)) {
            let (build, config) = (subject.registration.build, config(subject, &script));
            let (its, pointer) = (name.clone(), script.pointer.clone());
            let read = move |body: Vec<u8>| {
                let provider = build(config.clone()).expect("it was built before");
                let document = Document { body: body.into(), fetched_at: ARRIVAL };
                let told = fetch(&its, &provider).read(&pointer, &document);
                told_by(told.map(|told| vec![told.ordered_by(ARRIVAL)]))
            };
            let pointer = Some(script.pointer.clone());
            all.push(documents::Document::asked(&name, "fetched", body.to_vec(), pointer, read));
        }
    }
    all
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
