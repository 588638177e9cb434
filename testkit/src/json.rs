//! JSON texts, changed in one place and nowhere else.

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
        let mut changed = json.clone();
        *changed.pointer_mut(place).expect("a place of this very value") = value;
        serde_json::to_vec(&changed).expect("a value has string keys and no failing field")
    };
    wrong.into_iter().map(replace).collect()
}
