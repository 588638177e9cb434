//! Request bodies, and what they must become.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use labgate_core::Reading;
use serde_json::{Value, json};

use crate::{Subject, subject::proven};

/// A request body of the folder of goldens.
#[derive(Clone, Debug)]
pub struct Golden {
    /// The name of its file, without `.json`.
    pub name: String,
    /// The file, byte for byte.
    pub body: Vec<u8>,
}

/// Every `NAME.json`, signed and proven, becomes exactly what `NAME.notices.json` says: event
/// type, event id, notices and drift. No file of either kind stands alone.
pub fn become_their_notices(subject: &Subject) {
    let rewrite = env::var("LABGATE_GOLDENS").is_ok_and(|word| word == "rewrite");
    assert!(
        !rewrite || env::var_os("CI").is_none(),
        "goldens are rewritten by people who read them, not where CI is set"
    );
    let folder = Path::new(subject.goldens);
    let provider = subject.provider();
    let goldens = all(subject);
    let mut faults = Vec::new();
    for golden in &goldens {
        let actual = match provider.read(&proven(&*provider, &golden.body)) {
            Ok(reading) => told(&reading),
            Err(error) => panic!("{}: not even the event type can be read: {error}", golden.name),
        };
        let path = folder.join(format!("{}{NOTICES}", golden.name));
        if rewrite {
            fs::write(&path, pretty(&actual) + "\n").expect("the folder of goldens is writable");
        } else if let Some(fault) = difference(&path, &actual) {
            faults.push(format!("{}: {fault}", golden.name));
        }
    }
    for name in names(folder, NOTICES) {
        if !goldens.iter().any(|golden| golden.name == name) {
            faults.push(format!("{name}{NOTICES} has no {name}.json"));
        }
    }
    assert!(faults.is_empty(), "{} goldens do not hold:\n{}", faults.len(), faults.join("\n"));
}

/// All goldens of `subject`, by name; there is at least one.
pub fn all(subject: &Subject) -> Vec<Golden> {
    let folder = Path::new(subject.goldens);
    let mut goldens: Vec<_> = names(folder, ".json")
        .into_iter()
        .filter(|name| !name.ends_with(".notices"))
        .map(|name| one(subject, &name))
        .collect();
    goldens.sort_by(|left, right| left.name.cmp(&right.name));
    assert!(!goldens.is_empty(), "{} holds no goldens", folder.display());
    goldens
}

/// The golden called `name`.
pub fn one(subject: &Subject, name: &str) -> Golden {
    let path = Path::new(subject.goldens).join(format!("{name}.json"));
    let body = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Golden { name: name.into(), body }
}

/// What follows the name of a golden that is expected.
const NOTICES: &str = ".notices.json";

/// A reading as it stands in a golden.
fn told(reading: &Reading) -> Value {
    match &reading.notices {
        Ok(told) => json!({
            "event_type": reading.event_type,
            "event_id": reading.event_id,
            "notices": told.notices,
            "drift": told.drift,
        }),
        Err(error) => json!({
            "event_type": reading.event_type,
            "event_id": reading.event_id,
            "unreadable": error.to_string(),
        }),
    }
}

fn difference(path: &PathBuf, actual: &Value) -> Option<String> {
    let Ok(text) = fs::read_to_string(path) else {
        return Some(format!("{} is missing; LABGATE_GOLDENS=rewrite writes it", path.display()));
    };
    let expected: Value = match serde_json::from_str(&text) {
        Ok(expected) => expected,
        Err(error) => return Some(format!("its notices are not JSON: {error}")),
    };
    if expected == *actual {
        return None;
    }
    let (expected, actual) = (pretty(&expected), pretty(actual));
    let differs = expected.lines().zip(actual.lines()).position(|(left, right)| left != right);
    let at = differs.unwrap_or(expected.lines().count().min(actual.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("(the end)").trim().to_owned();
    Some(format!("line {}: expected {}, was {}", at + 1, line(&expected), line(&actual)))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a value has string keys and no failing field")
}

fn names(folder: &Path, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder of goldens can be listed").file_name());
    entries.filter_map(|name| Some(name.to_str()?.strip_suffix(ending)?.to_owned())).collect()
}
