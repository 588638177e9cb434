//! Bodies to send: the providers' own samples of invented people, and variations of them.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{Request, junction};

/// The body at `providers/{name}.json`: `junction/demo/1-ordered`.
pub fn sample(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers");
    fs::read(folder.join(format!("{name}.json"))).unwrap_or_else(|_| panic!("no sample {name}"))
}

/// Names of every sample of Junction whose name starts with one of `prefixes`.
pub fn names(prefixes: &[&str]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers/junction/goldens");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let name = name.strip_suffix(".json")?;
            let fits = prefixes.iter().any(|prefix| name.starts_with(prefix));
            (fits && !name.contains('.')).then(|| format!("junction/goldens/{name}"))
        })
        .collect();
    names.sort_unstable();
    names
}

/// Every webhook of a walk-in order's life, from the first to the last, for the order `id`.
pub fn lifecycle(id: &str) -> Vec<Request> {
    // What the samples call their order and its appointment.
    let (order, appointment) =
        ("476fb725-8d1f-4b11-98cd-8dbc9bf88a46", "2a969026-c19f-41d6-9489-90c919453da0");
    let names = names(&["order-walkin-0", "appointment-psc-0", "result-ready"]);
    let webhooks = names.iter().filter_map(|name| {
        let body = String::from_utf8(sample(name)).unwrap();
        // Some are of another order.
        body.contains(order).then(|| {
            let body = body.replace(order, id).replace(appointment, &format!("{id}-appointment"));
            junction(&format!("{name} of {id}"), body)
        })
    });
    webhooks.collect()
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
