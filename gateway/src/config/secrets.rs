//! Secrets by reference: `env:NAME` and `file:PATH`.

use std::collections::HashMap;

use serde_json::Value;

use super::Fault;

/// Replaces every reference below `api`, `plugins` and `store` by what it refers to, and tells of
/// each that leads nowhere. A trailing line break of a file is not part of the secret.
pub(super) fn resolve(tree: &mut Value, environment: &HashMap<String, String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for section in ["api", "plugins", "store"] {
        if let Some(value) = tree.get_mut(section) {
            walk(section, value, environment, &mut faults);
        }
    }
    faults
}

fn walk(
    path: &str,
    value: &mut Value,
    environment: &HashMap<String, String>,
    faults: &mut Vec<Fault>,
) {
    match value {
        Value::String(text) => match referred(text, environment) {
            None => {}
            Some(Ok(secret)) => *text = secret,
            Some(Err(problem)) => faults.push(Fault::at(path, problem)),
        },
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                walk(&format!("{path}[{index}]"), item, environment, faults);
            }
        }
        Value::Object(table) => {
            for (key, item) in table {
                walk(&format!("{path}.{key}"), item, environment, faults);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn referred(text: &str, environment: &HashMap<String, String>) -> Option<Result<String, String>> {
    if let Some(name) = text.strip_prefix("env:") {
        return Some(match environment.get(name) {
            None => Err(format!("environment variable `{name}` is not set")),
            Some(secret) if secret.trim().is_empty() => {
                Err(format!("environment variable `{name}` is empty"))
            }
            Some(secret) => Ok(secret.clone()),
        });
    }
    let path = text.strip_prefix("file:")?;
    Some(match std::fs::read_to_string(path) {
        Err(error) => Err(format!("file `{path}` can't be read: {error}")),
        Ok(secret) if secret.trim().is_empty() => Err(format!("file `{path}` is empty")),
        Ok(secret) => Ok(secret.trim_end_matches(['\r', '\n']).into()),
    })
}
