//! What changed without a webhook is listed by the vendor's API.

use std::{collections::BTreeSet, sync::Arc};

use futures_executor::block_on;
use labgate_core::{
    DynProvider, Notices,
    decode::Unreadable,
    errands::{Document, Page, Poll},
};

use crate::{
    ARRIVAL, Subject,
    credentials::check_home,
    documents,
    goldens::{POLL, told_by},
    json::is_json,
    meaning, readme,
    script::{Exchange, PollScript, Scripted, all, failures},
    session::ScriptedSession,
};

/// Each `NAME.poll.json`, polled from no cursor until nothing more waits, asks for exactly what it
/// says, and what is listed becomes what `NAME.notices.json` says. A provider that polls has at
/// least one, and so has one that polls only as README.md configures it.
pub fn scripts_become_their_notices(subject: &Subject) {
    let mut faults = Vec::new();
    for (name, script) in scripts(subject) {
        let provider = provider(subject, &script);
        let pages = pages(&name, &script, poll(&name, &provider));
        let documents = pages.into_iter().flat_map(|page| page.documents);
        let read = |body| {
            let told = poll(&name, &provider).read(&Document { body, fetched_at: ARRIVAL });
            told.map(|told| told.ordered_by(ARRIVAL))
        };
        let told: Result<Vec<Notices>, Unreadable> = documents.map(read).collect();
        faults.extend(meaning::difference(subject, &name, told_by(told)));
    }
    assert!(faults.is_empty(), "{} scripts do not hold:\n{}", faults.len(), faults.join("\n"));
}

/// As [`crate::fetch::failures_have_their_class`], for the first page.
pub fn failures_have_their_class(subject: &Subject) {
    for (name, script) in scripts(subject) {
        let provider = provider(subject, &script);
        let exchanges = &script.pages[0].exchanges;
        for index in 0..exchanges.len() {
            for (how, status, expected) in failures() {
                let client = Scripted::failing(exchanges, index, status);
                let session = ScriptedSession::holding(&script.session);
                let lent = session.with(&client);
                let class = block_on(poll(&name, &provider).poll(None, &lent)).err();
                assert!(
                    class.as_ref() == Some(&expected),
                    "{name}: {how} at exchange {index} is {class:?}, expected {expected:?}"
                );
            }
        }
    }
}

/// As [`crate::fetch::credentials_stay_at_home`].
pub fn credentials_stay_at_home(subject: &Subject) {
    for (name, script) in scripts(subject) {
        let provider = provider(subject, &script);
        let exchanges: Vec<Exchange> =
            script.pages.iter().flat_map(|page| page.exchanges.clone()).collect();
        let ask = |exchanges: &[Exchange], _: Option<&str>| {
            let client = Scripted::lenient(exchanges);
            let session = ScriptedSession::holding(&script.session);
            let lent = session.with(&client);
            let mut cursor = None;
            for _ in &script.pages {
                let page = block_on(poll(&name, &provider).poll(cursor.as_deref(), &lent));
                cursor = page.ok().map(|page| page.cursor);
            }
            client.asked()
        };
        check_home(&name, &config(subject, &script), &exchanges, ask);
    }
}

/// While more waits, no page's cursor is one that was there before: a poll that stands still would
/// never end. And it rests after the last.
pub fn cursor_always_advances(subject: &Subject) {
    for (name, script) in scripts(subject) {
        let provider = provider(subject, &script);
        let poll = poll(&name, &provider);
        assert!(!poll.interval().is_zero(), "{name}: it never rests");
        let mut known = BTreeSet::new();
        for page in pages(&name, &script, poll) {
            let is_new = known.insert(page.cursor);
            assert!(is_new || !page.more, "{name}: its cursor stands still");
        }
    }
}

/// What the scripts list, as far as it is JSON.
pub(crate) fn documents(subject: &Subject) -> Vec<documents::Document> {
    let mut all = Vec::new();
    for (name, script) in scripts(subject) {
        let asking = provider(subject, &script);
        let listed = script.pages.iter().flat_map(|page| {
            let client = Scripted::lenient(&page.exchanges);
            let session = ScriptedSession::holding(&script.session);
            let page = block_on(poll(&name, &asking).poll(None, &session.with(&client)));
            page.map_or(Vec::new(), |page| page.documents)
        });
        for body in listed.filter(|body| is_json(body)) {
            let (build, config) = (subject.registration.build, config(subject, &script));
            let its = name.clone();
            let read = move |body: Vec<u8>| {
                let provider = build(config.clone()).expect("it was built before");
                let document = Document { body: body.into(), fetched_at: ARRIVAL };
                let told = poll(&its, &provider).read(&document);
                told_by(told.map(|told| vec![told.ordered_by(ARRIVAL)]))
            };
            all.push(documents::Document::asked(&name, "polled", body.to_vec(), None, read));
        }
    }
    all
}

/// All pages of the script.
fn pages(name: &str, script: &PollScript, poll: &dyn Poll) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    let session = ScriptedSession::holding(&script.session);
    for (index, page) in script.pages.iter().enumerate() {
        let client = Scripted::strict(&page.exchanges);
        let cursor = pages.last().map(|page| page.cursor.as_str());
        let polled = block_on(poll.poll(cursor, &session.with(&client)));
        let polled = polled.unwrap_or_else(|error| panic!("{name}: page {index}: {error}"));
        assert_eq!(client.asked().len(), page.exchanges.len(), "{name}: page {index}: not all");
        let is_last = index + 1 == script.pages.len();
        assert_eq!(polled.more, !is_last, "{name}: whether more waits after page {index}");
        pages.push(polled);
    }
    let kept = script.session_after.as_ref().unwrap_or(&script.session);
    assert!(session.kept() == *kept, "{name}: other tokens are kept than it says");
    pages
}

fn scripts(subject: &Subject) -> Vec<(String, PollScript)> {
    let scripts = all(subject, POLL);
    let offers = readme::providers(subject).iter().any(|provider| provider.poll().is_some());
    assert!(!offers || !scripts.is_empty(), "the provider polls, and no NAME{POLL} shows it");
    scripts
}

fn config(subject: &Subject, script: &PollScript) -> serde_json::Value {
    subject.laid_over(script.config.clone().into()).config()
}

fn provider(subject: &Subject, script: &PollScript) -> Arc<dyn DynProvider> {
    subject.built(config(subject, script))
}

fn poll<'a>(name: &str, provider: &'a Arc<dyn DynProvider>) -> &'a dyn Poll {
    provider.poll().unwrap_or_else(|| panic!("{name}: with this configuration nothing is polled"))
}
