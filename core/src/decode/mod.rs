//! Reading a vendor's JSON: errors name the field and never its content, and what the vendor
//! added since the adapter was written is counted, not refused.

mod mend;
mod node;
mod path;
mod patterns;
mod scalar;
mod shape;
mod surrogate;

use std::{collections::BTreeSet, fmt};

use serde::de::DeserializeOwned;
use serde_json::{error::Category, value::RawValue};

use self::{
    mend::mend,
    node::Node,
    path::{join, known_part, push_pattern, without_indices},
    patterns::Patterns,
};
pub use self::{
    scalar::Scalar,
    shape::{Shape, Unread, Why},
};

/// Proven, but not readable: which field, and what was expected there.
///
/// Both texts come from Labgate, never from the body, so this may be sent, stored and logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Unreadable {
    /// The path of the field (`data.events[0].created_at`); empty for the body as a whole.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

impl Unreadable {
    /// An error at `field`. Neither text may hold anything out of the body.
    pub fn at(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => write!(formatter, "body: {}", self.problem),
            field => write!(formatter, "{field}: {}", self.problem),
        }
    }
}

/// Paths at which a vendor said something that the adapter does not know: a bounded set, since
/// they name places in our types and never a key or value of the body.
pub type Drift = BTreeSet<String>;

/// The items of the list `json`, which stands at `path` of the body (empty for the whole body), for
/// vendors that send many events at once; each with its own path, to be read under.
pub fn items<'a>(path: &str, json: &'a [u8]) -> Result<Vec<(String, &'a RawValue)>, Unreadable> {
    let json = json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json);
    let items: Vec<&RawValue> =
        serde_json::from_slice(json).map_err(|error| match error.classify() {
            Category::Data => Unreadable::at(path, safe(&error.to_string())),
            Category::Syntax | Category::Eof | Category::Io => not_json(path, &error),
        })?;
    let located = |(index, item)| (format!("{path}[{index}]"), item);
    Ok(items.into_iter().enumerate().map(located).collect())
}

/// Reads the parts of one body, and gathers drift on the way.
#[derive(Debug, Default)]
pub struct Reader {
    drift: Drift,
}

/// At how many places of one object something may have to be mended before it is refused.
const MENDED: usize = 32;

impl Reader {
    /// Reads the object `json`, which stands at `path` of the body (empty for the whole body). What
    /// does not fit costs no more than it must, and is drift: [`Shape::dispensable`], a `null` in a
    /// list, half a character, a repeated key.
    pub fn read<T: DeserializeOwned>(
        &mut self,
        path: &str,
        json: &[u8],
        shape: Shape,
    ) -> Result<T, Unreadable> {
        // Serde does not look at the bytes of fields that nobody reads.
        let json = str::from_utf8(json).map_err(|_| Unreadable::at(path, "not UTF-8"))?;
        // A byte order mark may be ignored (RFC 8259, section 8.1).
        let json = json.strip_prefix('\u{feff}').unwrap_or(json);
        // Serde would read `[1, 2]` as a struct of two fields; no vendor means that.
        if !json.trim_ascii_start().starts_with('{') {
            return Err(Unreadable::at(path, "expected an object"));
        }
        let mut failed = match self.attempt(path, json, shape) {
            Ok(value) => return Ok(value),
            Err(failed) => failed,
        };
        if let Err(error) = serde_json::from_str::<&RawValue>(json) {
            return Err(not_json(path, &error));
        }
        let mut root = Node::new(json);
        let mut places = Drift::new();
        loop {
            let (misfit, error) = failed;
            let message = error.to_string();
            let place = mend::<T>(&mut root, &misfit, &message, shape)
                .ok_or_else(|| Unreadable::at(join(path, &known_part(&misfit)), safe(&message)))?;
            places.insert(join(&without_indices(path), &place));
            if places.len() > MENDED {
                return Err(Unreadable::at(path, "too many fields that do not fit"));
            }
            failed = match self.attempt(path, &root.text(), shape) {
                Ok(value) => {
                    self.drift.extend(places);
                    return Ok(value);
                }
                Err(failed) => failed,
            };
        }
    }

    fn attempt<T: DeserializeOwned>(
        &mut self,
        path: &str,
        json: &str,
        shape: Shape,
    ) -> Result<T, (serde_path_to_error::Path, serde_json::Error)> {
        let left_alone = Patterns::of(shape.unread);
        let mut name = String::new();
        let mut note = |ignored: serde_ignored::Path<'_>| {
            name.clear();
            let parent = push_pattern(&mut name, &ignored);
            if !left_alone.cover(&name, parent) {
                self.drift.insert(join(&without_indices(path), &join(&name[..parent], "*")));
            }
        };
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let read = T::deserialize(serde_ignored::Deserializer::new(&mut deserializer, &mut note));
        if let Ok(value) = read.and_then(|value| deserializer.end().map(|()| value)) {
            return Ok(value);
        }
        // To know where one is costs as much as to read, so only what fails is read again for it.
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
        T::deserialize(tracked)
            .and_then(|value| deserializer.end().map(|()| value))
            .map_err(|error| (track.path(), error))
    }

    /// Notes that the value at `path` is none that the adapter knows.
    pub fn unknown_value(&mut self, path: &str) {
        self.drift.insert(path.into());
    }

    /// What was found that the adapter does not know.
    pub fn into_drift(self) -> Drift {
        self.drift
    }
}

/// A path may lead through a key of the body here, so only the position is told.
fn not_json(path: &str, error: &serde_json::Error) -> Unreadable {
    let (line, column) = (error.line(), error.column());
    Unreadable::at(path, format!("not valid JSON at line {line} column {column}"))
}

/// Serde's message without what it quotes from the body.
///
/// Its messages are either of a field name of ours, or end in what was expected, which is ours
/// too; anything else is replaced.
pub fn safe(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(text, _)| text);
    if message.starts_with("missing field `")
        || message.starts_with("duplicate field `")
        || message.starts_with("expected ")
    {
        return message.into();
    }
    match message.rsplit_once(", expected ") {
        Some((_, expected)) if expected.starts_with("struct ") => "expected an object".into(),
        Some((_, expected)) => format!("expected {expected}"),
        None => "not of the expected form".into(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Body {
        data: Box<RawValue>,
    }

    #[derive(Debug, Deserialize)]
    struct Data {
        #[serde(default)]
        events: Vec<Event>,
        #[serde(default)]
        value: Option<Scalar>,
        note: Option<String>,
        r#box: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    struct Inner {
        count: u64,
    }

    #[derive(Debug, Deserialize)]
    struct Event {
        id: u64,
        note: Option<String>,
    }

    fn read(body: &str) -> Result<(Data, Drift), Unreadable> {
        let mut reader = Reader::default();
        let body: Body = reader.read("", body.as_bytes(), Shape::default())?;
        const UNREAD: Unread =
            Unread::because("a test", &["physician", "events[].status", "free.*"]);
        let shape = Shape { unread: &[UNREAD], dispensable: &["note", "events[].note", "box"] };
        let data = reader.read("data", body.data.get().as_bytes(), shape)?;
        Ok((data, reader.into_drift()))
    }

    fn check_error(body: &str, expected: &str) {
        assert_eq!(read(body).unwrap_err().to_string(), expected, "{body}");
    }

    #[test]
    fn items_of_a_list_are_counted_in_errors_and_not_in_drift() {
        let mut reader = Reader::default();
        let mut read = |body: &str| -> Result<Vec<Event>, Unreadable> {
            let mut read = |(path, item): (String, &RawValue)| {
                reader.read(&path, item.get().as_bytes(), Shape::default())
            };
            items("", body.as_bytes())?.into_iter().map(&mut read).collect()
        };
        assert_eq!(read(r#"[{"id":1},{"id":2,"new":3}]"#).unwrap().len(), 2);
        for (body, expected) in [
            (r#"[{"id":1},{"id":"Jordan"}]"#, "[1].id: expected u64"),
            (r#"{"Jordan":1}"#, "body: expected a sequence"),
            (r#"[{"id":1}"#, "body: not valid JSON at line 1 column 9"),
        ] {
            assert_eq!(read(body).unwrap_err().to_string(), expected, "{body}");
        }
        assert_eq!(Vec::from_iter(reader.into_drift()), ["[].*"]);
    }

    #[test]
    fn an_error_names_the_field_and_not_its_content() {
        check_error(
            r#"{"data":{"events":[{"id":1},{"id":"Jordan"}]}}"#,
            "data.events[1].id: expected u64",
        );
        check_error(r#"{"data":{"events":[{}]}}"#, "data.events[0]: missing field `id`");
        check_error(
            r#"{"data":{"events":{"Jordan, expected":1}}}"#,
            "data.events: expected a sequence",
        );
        check_error(r#"{"Jordan":1}"#, "body: missing field `data`");
        check_error(r#"{"data":{"Jordan":tru}}"#, "body: not valid JSON at line 1 column 22");
        check_error(r#"{"data":{}} Jordan"#, "body: not valid JSON at line 1 column 13");
        check_error(r#"{"data":{},"data":{"new":1}}"#, "body: duplicate field `data`");
        check_error(r#"{"data":[[]]}"#, "data: expected an object");
        check_error("[[],[]]", "body: expected an object");
        check_error("", "body: expected an object");
        check_error("null", "body: expected an object");
        check_error(r#"{"data":{"value":true}}"#, "data.value: expected a string or a number");
    }

    #[test]
    fn drift_is_told_by_place_and_never_by_name() {
        let (_, drift) = read(
            r#"{"data":{"physician":1,"Jordan":2,"events":[{"id":1,"status":3,"new":4}]},"x":5}"#,
        )
        .unwrap();
        assert_eq!(Vec::from_iter(drift), ["*", "data.*", "data.events[].*"]);
    }

    #[test]
    fn a_key_can_be_left_alone_wherever_it_stands() {
        let drift = |fields| {
            let body =
                br#"{"box":{"count":1,"extension":2,"_count":3,"extensions":4},"extension":5}"#;
            let mut reader = Reader::default();
            let unread = vec![Unread::elsewhere(fields)].leak();
            let shape = Shape { unread, dispensable: &[] };
            let _data: Data = reader.read("", body, shape).unwrap();
            Vec::from_iter(reader.into_drift())
        };
        assert_eq!(drift(&[]), ["*", "box.*"]);
        assert_eq!(drift(&["**.extension", "**._*"]), ["box.*"]);
        assert!(drift(&["**.extension", "**._*", "**.extensions"]).is_empty());
        assert_eq!(drift(&["**.extension", "**._*", "**.box.extensions"]), [""; 0]);
        assert_eq!(drift(&["**.extension", "**._*", "**.ox.extensions"]), ["box.*"]);
    }

    #[test]
    fn what_can_be_done_without_is_counted_and_not_refused() {
        let (data, drift) = read(
            r#"{"data":{"note":{"a":"Jordan"},"events":[{"id":1,"note":"x"},{"id":2,"note":[3]}],"value":7.0}}"#,
        )
        .unwrap();
        assert_eq!((data.note, data.events[1].id), (None, 2));
        assert_eq!(data.events[0].note.as_deref(), Some("x"));
        assert_eq!(data.value, Some(Scalar::Number("7.0".parse().unwrap())));
        assert_eq!(Vec::from_iter(drift), ["data.events[].note", "data.note"]);

        // What the field itself can't do without takes the field with it.
        let (data, drift) = read(r#"{"data":{"box":{"count":"many"}}}"#).unwrap();
        assert!(data.r#box.is_none());
        assert_eq!(Vec::from_iter(drift), ["data.box.count"]);
        let (data, _) = read(r#"{"data":{"box":{"count":3}}}"#).unwrap();
        assert_eq!(data.r#box.map(|inner| inner.count), Some(3));
    }

    #[test]
    fn a_number_keeps_its_digits() {
        let (data, _) = read(r#"{"data":{"value":7.0}}"#).unwrap();
        assert_eq!(data.value, Some(Scalar::Number("7.0".parse().unwrap())));
        assert!(data.events.is_empty());
    }
}
