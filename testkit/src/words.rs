//! The vendor's words, each taken for what it means.

use std::collections::BTreeSet;

use labgate_core::model::OrderStatus;
use serde_json::{Value, json};

use crate::{
    Subject, documents,
    documents::Document,
    json::{replaced, with},
    readme,
};

/// Each word of [`Provider::STATUSES`] is listed once, not as an end that it is the opposite of, and
/// becomes its status wherever a golden says another word of its table.
///
/// [`Provider::STATUSES`]: labgate_core::Provider::STATUSES
pub fn statuses_mean_what_the_table_says(subject: &Subject) {
    let tables = subject.provider().statuses();
    let mut known = BTreeSet::new();
    for (word, status) in tables.iter().copied().flatten() {
        assert!(known.insert(*word), "{word} is listed twice");
        let ends = ["cancel", "void", "reject"].iter().any(|end| word.to_lowercase().contains(end));
        let is_done = matches!(status, OrderStatus::Completed | OrderStatus::Corrected);
        assert!(!(ends && is_done), "{word} is listed as {status:?}");
    }
    let (mut seen, mut faults) = (BTreeSet::new(), BTreeSet::new());
    for document in documents::all(subject) {
        for (word, _) in entries(&document.says(document.body.clone())) {
            let Some((path, table)) = table_of(tables, &word) else { continue };
            let becomes = |other: &str| {
                let entries = entries(&document.says(replaced(&document.body, &word, other)));
                entries.into_iter().filter(|(its, _)| its == other).collect::<Vec<_>>()
            };
            // Some events say what became of an order by their type, whatever the word.
            let reads = becomes(NONSENSE).iter().any(|(_, status)| status == "unknown");
            if !reads || !seen.insert(document.kind.clone()) {
                continue;
            }
            for (word, status) in table {
                let wrong = becomes(&format!("{path}{word}"));
                if wrong.iter().any(|(_, its)| *its != json!(status)) {
                    faults.insert(format!("{}: {word} is not {}", document.kind, json!(status)));
                }
            }
        }
    }
    let faults: Vec<_> = faults.into_iter().collect();
    assert!(faults.is_empty(), "the table says otherwise:\n{}", faults.join("\n"));
}

/// A table of the vendor's words.
type Table = &'static [(&'static str, OrderStatus)];

/// The table that holds `word`, or the last part of it for vendors that write a path; and that path.
fn table_of<'a>(tables: &[Table], word: &'a str) -> Option<(&'a str, Table)> {
    let end = word.rfind('.').map_or(0, |dot| dot + 1);
    let of = |start: usize| {
        let holds = |table: &&Table| table.iter().any(|(known, _)| *known == &word[start..]);
        Some((&word[..start], *tables.iter().find(holds)?))
    };
    of(0).or_else(|| of(end))
}

/// The words of orders' statuses in what is said, and what they became.
fn entries(said: &Value) -> Vec<(String, Value)> {
    let notices = said["notices"].as_array().into_iter().flatten();
    let orders = notices.filter(|notice| notice["about"] == "order");
    let entries = orders.flat_map(|order| order["entries"].as_array().into_iter().flatten());
    let entry = |entry: &Value| {
        Some((entry["provider_status"].as_str()?.to_owned(), entry["status"].clone()))
    };
    entries.filter_map(entry).collect()
}

/// Spellings of a critical judgement: HL7's flags (table 0078), and words of laboratories.
const CRITICAL: [&str; 16] = [
    "critical",
    "Critical",
    "CRITICAL",
    "critically high",
    "crit",
    "CRIT",
    "panic",
    "Panic High",
    "HH",
    "hh",
    "HH*",
    "LL",
    "LL*",
    "AA",
    "C",
    "C*",
];

/// Where a golden judges a finding, a critical word in place of the judgement makes it critical, or
/// is drift, or is refused; it is never harmless in silence.
pub fn critical_words_alarm(subject: &Subject) {
    let mut faults = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for document in documents::all(subject) {
        let json = document.json();
        let before = document.says(document.body.clone());
        for leaf in document.leaves() {
            let judges = |word: &str| {
                let body = with(&json, &leaf.place, json!(word));
                document.says(serde_json::to_vec(&body).expect("a value is JSON"))
            };
            let kind = (document.kind.clone(), leaf.path.clone());
            let known = leaf.text().is_some_and(|word| !judgements(&before, &word).is_empty());
            if !known || seen.contains(&kind) || judgements(&judges(NONSENSE), NONSENSE).is_empty()
            {
                continue;
            }
            seen.insert(kind);
            for word in CRITICAL {
                let said = judges(word);
                let found = judgements(&said, word);
                let alarms = found.iter().all(|ours| ours.starts_with("critical"));
                let is_drift = said["drift"] != before["drift"] || said.get("unreadable").is_some();
                if !(is_drift || alarms && !found.is_empty()) {
                    faults.insert(format!("{word} at {} ({})", leaf.path, document.name));
                }
            }
        }
    }
    let faults: Vec<_> = faults.into_iter().collect();
    assert!(faults.is_empty(), "harmless in silence:\n{}", faults.join("\n"));
}

/// A word that no vendor has.
const NONSENSE: &str = "canary-word";

/// What became of the judgements that the vendor words as `word`.
fn judgements(said: &Value, word: &str) -> Vec<String> {
    let notices = said["notices"].as_array().into_iter().flatten();
    let found = notices.flat_map(|notice| notice["observations"].as_array().into_iter().flatten());
    found
        .filter(|found| found["provider_interpretation"] == word)
        .map(|found| found["interpretation"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Whatever says something has a listed event type. The type in capitals, or with a capital first,
/// says the same, is drift or is refused: it is not somebody else's in silence.
pub fn event_types_are_listed_and_heard_in_any_case(subject: &Subject) {
    let listed = subject.provider().event_types();
    for document in documents::webhooks(subject) {
        let Document { name, kind, body, .. } = &document;
        let before = document.says(body.clone());
        let says_something = before["notices"].as_array().is_some_and(|all| !all.is_empty());
        let is_listed = listed.contains(&kind.as_str());
        assert!(!says_something || is_listed, "{name} says something, and {kind} is not listed");
        let mut first = kind.clone();
        first[..1].make_ascii_uppercase();
        for other in [kind.to_uppercase(), first] {
            let after = document.says(replaced(body, kind, &other));
            let is_heard = after["notices"] == before["notices"]
                || after.get("unreadable").is_some()
                || after["drift"].as_array().is_some_and(|drift| !drift.is_empty());
            assert!(is_heard, "{name}: {other} is somebody else's in silence");
        }
    }
}

/// The table of statuses stands in README.md.
pub fn readme_shows_the_statuses(subject: &Subject) {
    let row = |(word, status): &(&str, OrderStatus)| {
        let ours = json!(status);
        (format!("`{word}`"), format!("`{}`", ours.as_str().expect("a status is a word")))
    };
    let rows = subject.provider().statuses().iter().copied().flatten().map(row).collect();
    readme::holds_table(subject, "statuses", ["the vendor's word", "status"], rows);
}
