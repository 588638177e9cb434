//! Webhooks of a vendor as files, each with its meaning beside it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use http::{HeaderName, HeaderValue, Method, Uri};
use labgate_core::{Notice, Notices, RawRequest, Reading, decode::Unreadable};
use serde_json::{Value, json};

use crate::{ARRIVAL, Subject};

/// A request of the folder of goldens.
#[derive(Clone, Debug)]
pub struct Golden {
    /// The name of its file, without its ending.
    pub name: String,
    /// The request, without a signature.
    pub request: RawRequest,
    /// What stands in its meaning, if there is one yet.
    pub(crate) meaning: Option<Value>,
}

/// Endings of the files of a folder of goldens; the longer ones first.
pub(crate) const MEANING: &str = ".notices.json";
pub(crate) const FETCH: &str = ".fetch.json";
pub(crate) const POLL: &str = ".poll.json";
const HTTP: &str = ".http";
const BODY: &str = ".json";

/// All webhooks of `subject`, by name; there is at least one. Handshakes are none.
pub fn all(subject: &Subject) -> Vec<Golden> {
    let goldens = requests(subject).into_iter().filter(|golden| !golden.is_handshake(subject));
    let goldens: Vec<_> = goldens.collect();
    assert!(!goldens.is_empty(), "{} holds no goldens", folder(subject).display());
    goldens
}

/// The golden called `name`.
pub fn one(subject: &Subject, name: &str) -> Golden {
    let found = requests(subject).into_iter().find(|golden| golden.name == name);
    found.unwrap_or_else(|| panic!("{} holds no {name}", folder(subject).display()))
}

/// Everything that a vendor may send, handshakes too.
pub(crate) fn requests(subject: &Subject) -> Vec<Golden> {
    let read = |name: String, ending: &str| {
        let file = fs::read(folder(subject).join(format!("{name}{ending}")));
        let file = file.expect("a file that was just listed can be read");
        let request = if ending == HTTP { parsed(&name, &file) } else { subject.post(&file) };
        let meaning = meaning(subject, &name);
        Golden { name, request, meaning }
    };
    let mut goldens: Vec<_> = [BODY, HTTP]
        .into_iter()
        .flat_map(|ending| names(subject, ending).into_iter().map(move |name| read(name, ending)))
        .collect();
    goldens.sort_by(|left, right| left.name.cmp(&right.name));
    goldens
}

impl Golden {
    /// What the provider makes of it, signed by the vendor; the vendor's id of the message is
    /// made of the golden's name.
    pub fn read(&self, subject: &Subject) -> Reading {
        let provider = subject.provider();
        let reading = provider.read(&subject.proven(&self.request, &self.message_id(), ARRIVAL));
        reading.unwrap_or_else(|error| panic!("{}: not even its event: {error}", self.name))
    }

    /// Whether it only tests the endpoint, by what its meaning says.
    pub(crate) fn is_handshake(&self, subject: &Subject) -> bool {
        match &self.meaning {
            Some(meaning) => meaning.get("handshake").is_some(),
            None => subject.provider().handshake(&self.request).is_some(),
        }
    }

    pub(crate) fn message_id(&self) -> String {
        format!("msg_{}", self.name)
    }
}

/// What stands in `NAME.notices.json`.
pub(crate) fn meaning(subject: &Subject, name: &str) -> Option<Value> {
    let text = fs::read(folder(subject).join(format!("{name}{MEANING}"))).ok()?;
    let meaning = serde_json::from_slice(&text);
    Some(meaning.unwrap_or_else(|error| panic!("{name}{MEANING} is not JSON: {error}")))
}

/// The folder of goldens.
pub(crate) fn folder(subject: &Subject) -> PathBuf {
    subject.folder.join("goldens")
}

/// The names of the files with this ending and no longer one, in order.
pub(crate) fn names(subject: &Subject, ending: &str) -> Vec<String> {
    let folder = folder(subject);
    let entries = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder of goldens can be listed").file_name());
    let mut names = Vec::new();
    for file in entries {
        let file = file.to_str().expect("goldens have names in UTF-8");
        let endings = [MEANING, FETCH, POLL, HTTP, BODY];
        let its = endings.into_iter().find(|ending| file.ends_with(ending));
        let its = its.unwrap_or_else(|| panic!("{file} is no golden"));
        if its == ending {
            names.push(file[..file.len() - its.len()].to_owned());
        }
    }
    names.sort();
    names
}

/// What is wrong with the folder: a meaning without a webhook, two webhooks of one name.
pub(crate) fn disorder(subject: &Subject) -> Vec<String> {
    let mut owners = BTreeMap::<String, usize>::new();
    for name in [FETCH, POLL, HTTP, BODY].into_iter().flat_map(|ending| names(subject, ending)) {
        *owners.entry(name).or_default() += 1;
    }
    let meanings = BTreeSet::from_iter(names(subject, MEANING));
    let orphans = meanings.iter().filter(|name| !owners.contains_key(*name));
    let orphans = orphans.map(|name| format!("{name}{MEANING} is the meaning of nothing"));
    let twins = owners.iter().filter(|(_, files)| **files > 1);
    orphans.chain(twins.map(|(name, _)| format!("{name} stands there twice"))).collect()
}

/// A whole request, as in RFC 9112.
fn parsed(name: &str, file: &[u8]) -> RawRequest {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(file) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => panic!("{name}{HTTP} has no empty line after its head"),
        Err(error) => panic!("{name}{HTTP} is no request: {error}"),
    };
    let known = "a complete request has this";
    let target: Uri = head.path.expect(known).parse().unwrap_or_else(|error| {
        panic!("{name}{HTTP} has a target that is none: {error}");
    });
    let headers = head.headers.iter().map(|header| {
        let value = HeaderValue::from_bytes(header.value).expect("httparse knows header values");
        (HeaderName::try_from(header.name).expect("httparse knows header names"), value)
    });
    RawRequest {
        method: Method::try_from(head.method.expect(known)).expect("httparse knows methods"),
        path: target.path().into(),
        query: target.query().unwrap_or_default().into(),
        headers: headers.collect(),
        body: file[length..].to_vec().into(),
    }
}

/// A reading as it stands in a meaning.
pub(crate) fn told(reading: &Reading) -> Value {
    let mut told = json!({ "event_type": reading.event_type, "event_id": reading.event_id });
    match &reading.notices {
        Ok(notices) => {
            told["notices"] = json!(notices.notices);
            told["drift"] = json!(notices.drift);
        }
        Err(error) => told["unreadable"] = json!(error.to_string()),
    }
    told
}

/// What fetched documents say, as it stands in a meaning.
pub(crate) fn told_by(documents: Result<Vec<Notices>, Unreadable>) -> Value {
    match documents {
        Ok(all) => {
            let notices: Vec<&Notice> = all.iter().flat_map(|told| &told.notices).collect();
            let drift: BTreeSet<&String> = all.iter().flat_map(|told| &told.drift).collect();
            json!({ "notices": notices, "drift": drift })
        }
        Err(error) => json!({ "unreadable": error.to_string() }),
    }
}
