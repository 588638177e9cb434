//! Nothing that a vendor says is lost in silence: each value of a body is accounted for.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Span, Timestamp, civil};
use labgate_core::decode::{Shape, Unread, Why};
use serde_json::{Value, json, value::RawValue};

use crate::{
    Subject,
    documents::{self, Document},
    json::{texts, with, without},
    readme,
};

/// Each value of a golden counts: when it is another, null or gone, the notices, the drift or the
/// error are others too, unless its path is one of those that [`Provider::SHAPES`] leave alone.
///
/// Of the values at one path of a golden it is enough that the first or the last counts, since one
/// may replace the other; no more than three goldens of a kind are asked about one path; and one
/// that says nothing is not asked.
///
/// [`Provider::SHAPES`]: labgate_core::Provider::SHAPES
pub fn each_is_accounted_for(subject: &Subject) {
    let shapes = subject.provider().shapes();
    let mut asked = BTreeMap::<(String, String), usize>::new();
    let mut silent = BTreeMap::<String, String>::new();
    for document in documents::all(subject) {
        let json = document.json();
        let says = |json: &Value| document.says(serde_json::to_vec(json).expect("a value is JSON"));
        let before = says(&json);
        if before["notices"] == json!([]) {
            continue;
        }
        for (path, leaves) in ends(document.leaves()) {
            let why = unread(&shapes, &path);
            let times = asked.entry((document.kind.clone(), path.clone())).or_default();
            if *times == 3 || has_no_use(&why) {
                continue;
            }
            *times += 1;
            let is_spare = why.iter().any(|why| matches!(why, Why::Spare(_)));
            let may_be_missing = is_spare || leaves.iter().any(Leaf::is_nothing);
            let counts = |changes: fn(&Leaf, &Value) -> Vec<Value>| {
                leaves
                    .iter()
                    .any(|leaf| changes(leaf, &json).iter().any(|json| says(json) != before))
            };
            let how = if !counts(Leaf::replaced) {
                "is another"
            } else if may_be_missing {
                continue;
            } else if !counts(|leaf, json| vec![with(json, &leaf.place, Value::Null)]) {
                "is null"
            } else if !counts(|leaf, json| vec![without(json, &leaf.place)]) {
                "is gone"
            } else {
                continue;
            };
            silent.entry(path).or_insert(format!("{how} ({})", document.name));
        }
    }
    let faults: Vec<_> = silent.iter().map(|(path, how)| format!("{path} {how}")).collect();
    assert!(faults.is_empty(), "nobody notices when:\n{}", faults.join("\n"));
}

/// The first and the last of the leaves at each path.
fn ends(leaves: Vec<Leaf>) -> BTreeMap<String, Vec<Leaf>> {
    let mut ends = BTreeMap::<String, Vec<Leaf>>::new();
    for leaf in leaves {
        let its = ends.entry(leaf.path.clone()).or_default();
        its.truncate(1);
        its.push(leaf);
    }
    ends
}

/// Every number of a result, and every unit, stands in what is said as it stands in the body, digit
/// by digit, unless its path is left alone or says nothing there.
pub fn numbers_and_units_are_verbatim(subject: &Subject) {
    let shapes = subject.provider().shapes();
    let mut lost = BTreeSet::new();
    for document in documents::all(subject) {
        let said = document.says(document.body.clone());
        if !said["notices"].as_array().is_some_and(|all| all.iter().any(has_observations)) {
            continue;
        }
        let words = words(&said["notices"]);
        for leaf in document.leaves() {
            let Some(word) = leaf.number_or_unit() else { continue };
            let why = unread(&shapes, &leaf.path);
            let is_left_alone = why.iter().any(|why| !matches!(why, Why::Elsewhere));
            if !words.contains(&word) && !is_left_alone && counts(&document, &leaf) {
                lost.insert(format!("{}: {word} at {}", document.name, leaf.path));
            }
        }
    }
    let lost: Vec<_> = lost.into_iter().collect();
    assert!(lost.is_empty(), "not said as it stands in the body:\n{}", lost.join("\n"));
}

/// Whether another value of `leaf` says something else.
fn counts(document: &Document, leaf: &Leaf) -> bool {
    let json = document.json();
    let says = |json: &Value| document.says(serde_json::to_vec(json).expect("a value is JSON"));
    let before = says(&json);
    leaf.replaced(&json).iter().any(|json| says(json) != before)
}

/// What is left alone stands in README.md, with the reasons.
pub fn readme_says_what_is_left_alone(subject: &Subject) {
    // What several shapes leave alone for one reason is one row, in the order of the shapes.
    let mut rows: Vec<(&str, BTreeSet<String>)> = Vec::new();
    for (place, shape) in subject.provider().shapes() {
        for Unread { why, fields } in shape.unread {
            let (Why::NoUse(why) | Why::Spare(why)) = why else { continue };
            let paths = fields.iter().map(|field| format!("`{}`", join(place, field)));
            match rows.iter_mut().find(|(known, _)| known == why) {
                Some((_, all)) => all.extend(paths),
                None => rows.push((why, paths.collect())),
            }
        }
    }
    let row =
        |(why, paths): (&str, BTreeSet<String>)| (Vec::from_iter(paths).join(", "), why.to_owned());
    let rows = rows.into_iter().map(row).collect();
    readme::holds_table(subject, "unread", ["field", "why it is left alone"], rows);
}

fn has_observations(notice: &Value) -> bool {
    notice["observations"].as_array().is_some_and(|all| !all.is_empty())
}

/// Why the shapes leave `path` alone, if they do.
fn unread(shapes: &[(&'static str, Shape)], path: &str) -> Vec<Why> {
    let mut all = Vec::new();
    for (place, shape) in shapes {
        let Some(below) = below(place, path) else { continue };
        let unread: &'static [Unread] = shape.unread;
        all.extend(unread.iter().filter(|unread| unread.covers(below)).map(|unread| unread.why));
    }
    all
}

fn has_no_use(why: &[Why]) -> bool {
    why.iter().any(|why| matches!(why, Why::NoUse(_)))
}

/// What is left of `path` below `place`, in which `*` is any key.
fn below<'a>(place: &str, path: &'a str) -> Option<&'a str> {
    if place.is_empty() {
        return Some(path);
    }
    let (first, further) = place.split_once('.').unwrap_or((place, ""));
    let (own, rest) = path.split_once('.')?;
    (first == own || first == "*").then(|| below(further, rest)).flatten()
}

fn join(place: &str, field: &str) -> String {
    if place.is_empty() { field.into() } else { format!("{place}.{field}") }
}

/// Every text and number of `said`, and every word of its texts.
fn words(said: &Value) -> BTreeSet<String> {
    let mut all = texts(said);
    let numbers = crate::json::places(said).into_iter().filter_map(|place| {
        let number = said.pointer(&place).filter(|value| value.is_number())?;
        Some(number.to_string())
    });
    let inner: Vec<String> = all
        .iter()
        .flat_map(|text| text.split([' ', '<', '>', '=', '(', ')', ',', ';', ':', '-', '–', '/']))
        .map(str::to_owned)
        .collect();
    all.extend(numbers.chain(inner));
    all
}

/// A value of a body that has no parts.
pub(crate) struct Leaf {
    /// Where it stands, as a JSON pointer.
    pub(crate) place: String,
    /// The same as drift names it: `[]` for every index, and from the last resource type on, as
    /// paths of FHIR do.
    pub(crate) path: String,
    /// As it stands in the body.
    raw: String,
}

impl Leaf {
    /// Every leaf of `json`.
    pub(crate) fn all(json: &str) -> Vec<Self> {
        let mut leaves = Vec::new();
        Self::gather(json, String::new(), String::new(), &mut leaves);
        leaves
    }

    fn gather(json: &str, place: String, path: String, leaves: &mut Vec<Self>) {
        if let Ok(object) = serde_json::from_str::<BTreeMap<String, &RawValue>>(json) {
            let resource = object.get("resourceType").map(|name| name.get());
            let resource = resource.and_then(|name| serde_json::from_str::<String>(name).ok());
            let path = resource.unwrap_or(path);
            for (key, value) in object {
                let place = format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
                Self::gather(value.get(), place, join(&path, &key), leaves);
            }
        } else if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(json) {
            for (index, value) in list.iter().enumerate() {
                let place = format!("{place}/{index}");
                Self::gather(value.get(), place, format!("{path}[]"), leaves);
            }
        } else {
            leaves.push(Self { place, path, raw: json.into() });
        }
    }

    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.raw).expect("a leaf is JSON")
    }

    pub(crate) fn text(&self) -> Option<String> {
        serde_json::from_str(&self.raw).ok()
    }

    /// Whether it says no more than its absence.
    fn is_nothing(&self) -> bool {
        matches!(self.raw.as_str(), "null" | "false" | "\"\"")
    }

    /// The document with other values in its place.
    fn replaced(&self, json: &Value) -> Vec<Value> {
        self.others().into_iter().map(|other| with(json, &self.place, other)).collect()
    }

    /// Other values of its kind: a time becomes an earlier and a later one, so that it is read all
    /// the same.
    fn others(&self) -> Vec<Value> {
        match self.value() {
            Value::Bool(value) => vec![json!(!value)],
            Value::Number(number) => match number.as_i64() {
                Some(number) => vec![json!(number + 1), json!(number - 1)],
                None => {
                    number.as_f64().map_or(Vec::new(), |it| vec![json!(it + 1.5), json!(it - 1.5)])
                }
            },
            Value::String(text) => others(&text).into_iter().map(Value::String).collect(),
            Value::Null => vec![json!("another")],
            Value::Array(_) | Value::Object(_) => Vec::new(),
        }
    }

    /// A number as it is written, or a unit.
    fn number_or_unit(&self) -> Option<String> {
        let key = self.path.rsplit('.').next().unwrap_or_default();
        match self.value() {
            Value::Number(_) => Some(self.raw.clone()),
            Value::String(text) if key == "unit" && !text.is_empty() => Some(text),
            Value::String(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        }
    }
}

/// Other texts of the kind of `text`.
fn others(text: &str) -> Vec<String> {
    let day = SignedDuration::from_hours(24);
    if let Ok(at) = text.parse::<Timestamp>() {
        return vec![(at - day).to_string(), (at + day).to_string()];
    }
    let days = Span::new().days(1);
    if let Ok(at) = text.parse::<civil::DateTime>() {
        let dated = text.len() == "2026-08-01".len();
        let shown = |at: civil::DateTime| {
            if dated { at.date().to_string() } else { at.to_string() }
        };
        let moved = [at.checked_sub(days), at.checked_add(days)];
        return moved.into_iter().flatten().map(shown).collect();
    }
    if let Ok(number) = text.parse::<i64>() {
        return vec![(number + 1).to_string(), (number - 1).to_string()];
    }
    if let Ok(number) = text.parse::<f64>() {
        return vec![(number + 1.5).to_string(), (number - 1.5).to_string()];
    }
    vec![format!("{text}-other"), "another".into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_is_named_as_drift_names_it() {
        let body = r#"{"a":[{"b":1.50},{"b":[]}],"entry":[{"resource":{"resourceType":"X","c":{"d/e":null}}}]}"#;
        let leaves: Vec<_> =
            Leaf::all(body).into_iter().map(|leaf| (leaf.place, leaf.path, leaf.raw)).collect();
        let leaf = |place: &str, path: &str, raw: &str| (place.into(), path.into(), raw.into());
        assert_eq!(
            leaves,
            [
                leaf("/a/0/b", "a[].b", "1.50"),
                leaf("/entry/0/resource/c/d~1e", "X.c.d/e", "null"),
                leaf("/entry/0/resource/resourceType", "X.resourceType", "\"X\""),
            ]
        );
    }

    #[test]
    fn another_value_is_of_the_same_kind() {
        assert_eq!(others("2026-08-01T09:00:00Z").len(), 2);
        assert_eq!(others("2026-08-01"), ["2026-07-31", "2026-08-02"]);
        assert_eq!(others("2026-08-01T09:00:00"), ["2026-07-31T09:00:00", "2026-08-02T09:00:00"]);
        assert_eq!(others("41"), ["42", "40"]);
        assert_eq!(others("word"), ["word-other", "another"]);
    }

    #[test]
    fn a_place_may_lead_through_any_key() {
        assert_eq!(below("data.samples.*", "data.samples.s-1.date"), Some("date"));
        assert_eq!(below("", "data.id"), Some("data.id"));
        assert_eq!(below("data", "database.id"), None);
        assert_eq!(below("data", "data"), None);
    }
}
