//! Bodies to send: the providers' own samples of invented people, and variations of them.

use std::{fs, path::Path};

use serde_json::{Value, json};

/// The body at `providers/{name}.json`: `junction/demo/1-ordered`.
pub fn sample(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers");
    fs::read(folder.join(format!("{name}.json"))).unwrap_or_else(|_| panic!("no sample {name}"))
}

/// `body` with `value` at the JSON pointer `at`, whose parent is there.
pub fn with(body: &[u8], at: &str, value: impl Into<Value>) -> Vec<u8> {
    let mut json: Value = serde_json::from_slice(body).unwrap();
    let (parent, key) = at.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {at}"));
    match key.parse::<usize>() {
        Ok(index) if parent.is_array() => parent[index] = value.into(),
        _ => parent[key] = value.into(),
    }
    serde_json::to_vec(&json).unwrap()
}

/// A small order of Junction that was placed and nothing else.
pub fn order(id: &str) -> Vec<u8> {
    let at = "2026-08-01T10:00:00+00:00";
    let status = "received.walk_in_test.ordered";
    let events = json!([{ "id": 1, "created_at": at, "status": status }]);
    let data = json!({ "id": id, "created_at": at, "updated_at": at, "events": events });
    json!({ "event_type": "labtest.order.created", "data": data }).to_string().into_bytes()
}
