//! JSON texts, changed in one place and nowhere else.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// A text that stands in no vendor's JSON and in none of our own.
pub(crate) const CANARY: &str = "canary-7f3a";

/// `body` with one more key in every object, and every other byte as it was, so that no number
/// loses a digit.
pub(crate) fn with_a_new_key(body: &[u8]) -> Vec<u8> {
    let mut changed = Vec::with_capacity(body.len() * 2);
    let (mut in_text, mut escaped) = (false, false);
    for (index, &byte) in body.iter().enumerate() {
        changed.push(byte);
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            b'{' if !in_text => {
                changed.extend(format!(r#""{CANARY}":[{{"deep":1}},"{CANARY}"]"#).as_bytes());
                let next = body[index + 1..].iter().find(|byte| !byte.is_ascii_whitespace());
                changed.extend((next != Some(&b'}')).then_some(b','));
            }
            _ => {}
        }
    }
    changed
}

/// Every place of `json` by its pointer, the root first.
pub(crate) fn places(json: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let children: Vec<(String, &Value)> = match json {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(array) => {
            array.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (key, value) in children {
        let key = key.replace('~', "~0").replace('/', "~1");
        found.extend(places(value).into_iter().map(|below| format!("/{key}{below}")));
    }
    found
}

/// `json` with other values at `place`, of every type and with the canary wherever it fits.
pub(crate) fn changed_at(json: &Value, place: &str) -> Vec<Vec<u8>> {
    let wrong =
        [json!(CANARY), json!([CANARY]), json!({ CANARY: CANARY }), json!(true), json!(-1.5)];
    let replace = |value: Value| {
        serde_json::to_vec(&with(json, place, value))
            .expect("a value has string keys and no failing field")
    };
    wrong.into_iter().map(replace).collect()
}

/// `config` with `overlay` laid over it: objects go into one another, anything else replaces what
/// was there.
pub(crate) fn lay_over(config: &mut Value, overlay: &Value) {
    match (config, overlay) {
        (Value::Object(config), Value::Object(overlay)) => {
            for (key, value) in overlay {
                lay_over(config.entry(key).or_insert(Value::Null), value);
            }
        }
        (config, overlay) => *config = overlay.clone(),
    }
}

/// Two configurations as one in the middle of a rotation: objects go into one another, lists
/// after one another without repetition, and of anything else the first stands.
pub(crate) fn joined(first: &Value, second: &Value) -> Value {
    match (first, second) {
        (Value::Object(first), Value::Object(second)) => {
            let mut all = first.clone();
            for (key, value) in second {
                let value = first.get(key).map_or(value.clone(), |known| joined(known, value));
                all.insert(key.clone(), value);
            }
            Value::Object(all)
        }
        (Value::Array(first), Value::Array(second)) => {
            let new = second.iter().filter(|item| !first.contains(item));
            Value::Array(first.iter().chain(new).cloned().collect())
        }
        (first, _) => first.clone(),
    }
}

/// Whether `body` is a JSON object or list, and not a word that happens to be one.
pub(crate) fn is_json(body: &[u8]) -> bool {
    matches!(serde_json::from_slice(body), Ok(Value::Object(_) | Value::Array(_)))
}

/// Every text in `json`, keys aside.
pub(crate) fn texts(json: &Value) -> BTreeSet<String> {
    let at = |place: String| json.pointer(&place).and_then(Value::as_str).map(str::to_owned);
    places(json).into_iter().filter_map(at).collect()
}

/// `body` with the text `old` wherever it is a whole text, and every other byte as it was.
pub(crate) fn replaced(body: &[u8], old: &str, new: &str) -> Vec<u8> {
    let Ok(text) = str::from_utf8(body) else { return body.to_vec() };
    text.replace(&json!(old).to_string(), &json!(new).to_string()).into()
}

/// `json` with `value` at `place`; a field that is not there yet is added.
pub(crate) fn with(json: &Value, place: &str, value: Value) -> Value {
    let mut changed = json.clone();
    if let Some(here) = changed.pointer_mut(place) {
        *here = value;
    } else if let Some((parent, field)) = place.rsplit_once('/')
        && let Some(Value::Object(table)) = changed.pointer_mut(parent)
    {
        table.insert(field.into(), value);
    }
    changed
}

/// `json` without what stands at `place`.
pub(crate) fn without(json: &Value, place: &str) -> Value {
    let mut changed = json.clone();
    let (parent, key) = place.rsplit_once('/').unwrap_or_default();
    match changed.pointer_mut(parent) {
        Some(Value::Object(object)) => {
            object.remove(&key.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(list)) => {
            list.remove(key.parse().expect("a place in a list is an index"));
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
    }
    changed
}
