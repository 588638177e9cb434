//! From a file and the environment to [`Settings`].

use std::{collections::HashMap, path::Path};

use config::{Config, File, FileFormat, Value as Override, ValueKind};
use labgate_core::decode::safe;
use serde_json::Value;

use super::{Fault, Settings, secrets, weak};

/// Reads the configuration at `path`, overridden by `environment`, with its secrets resolved; the
/// ones that could not be are [`Settings::faults`].
pub fn load(path: &Path, environment: &HashMap<String, String>) -> Result<Settings, Vec<Fault>> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| vec![Fault::at(&name, format!("can't be read: {error}"))])?;
    let file = syntax(&name, &text).map_err(|fault| vec![fault])?;
    let mut tree = merged(&text, &file, environment)
        .map_err(|_| vec![Fault::at(&name, "does not fit the overrides in the environment")])?;
    let mut faults = secrets::resolve(&mut tree, environment);
    match serde_path_to_error::deserialize::<_, Settings>(tree) {
        Ok(settings) => {
            faults.extend(weak::faults(&settings));
            Ok(Settings { faults, ..settings })
        }
        Err(error) => {
            let path = error.path().to_string();
            let message = error.into_inner().to_string();
            // An unknown key is no secret, and its owner wants to see it.
            let problem =
                if message.starts_with("unknown field `") { message } else { safe(&message) };
            // A secret that is not there is not weak too.
            if !faults.iter().any(|fault| fault.path == path) {
                faults.push(Fault::at(if path == "." { name } else { path }, problem));
            }
            Err(faults)
        }
    }
}

/// Checks the file alone: the parser's own message shows the line, which may hold a secret.
fn syntax(name: &str, text: &str) -> Result<toml::Table, Fault> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        let before = text.get(..start).unwrap_or_default();
        let number = before.matches('\n').count() + 1;
        let line = text.lines().nth(number - 1).unwrap_or_default().trim();
        let header = if is_header(line) { format!(" at `{line}`") } else { String::new() };
        let message = error.message().lines().next().unwrap_or("not TOML");
        Fault::at(format!("{name} line {number}"), format!("{message}{header}"))
    })
}

/// Whether a line is the header of a table, which holds no value.
fn is_header(line: &str) -> bool {
    let name = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(plain))
}

fn merged(
    text: &str,
    file: &toml::Table,
    environment: &HashMap<String, String>,
) -> Result<Value, config::ConfigError> {
    let mut builder = Config::builder().add_source(File::from_str(text, FileFormat::Toml));
    for (name, value) in environment {
        // Only names with a double underscore are ours to read as keys: `LABGATE_API_TOKEN` is
        // what an operator calls a secret.
        if let Some(key) = name.strip_prefix("LABGATE_").filter(|key| key.contains("__")) {
            let key = key.to_lowercase().replace("__", ".");
            let value = typed(file, &key, value);
            builder = builder.set_override(key, value)?;
        }
    }
    builder.build()?.try_deserialize()
}

/// A variable has no type: it takes that of the key that it overrides. A token of digits stays a
/// text.
fn typed(file: &toml::Table, key: &str, text: &str) -> Override {
    let mut steps = key.split('.');
    let first = steps.next().and_then(|step| file.get(step));
    let known = steps.fold(first, |value, step| value?.get(step));
    let list = ["secrets", "scopes", "encryption_keys", "trusted_proxies"]
        .iter()
        .any(|name| key.ends_with(&format!(".{name}")));
    let number = key.starts_with("server.m");
    let kind = match known {
        Some(toml::Value::Array(_)) => list_of(text),
        None if list => list_of(text),
        Some(toml::Value::Boolean(_)) => {
            text.parse().map_or_else(|_| text.into(), ValueKind::Boolean)
        }
        Some(toml::Value::Integer(_)) => text.parse().map_or_else(|_| text.into(), ValueKind::I64),
        None if number => text.parse().map_or_else(|_| text.into(), ValueKind::I64),
        _ => text.into(),
    };
    Override::new(None, kind)
}

fn list_of(text: &str) -> ValueKind {
    ValueKind::Array(text.split(',').map(|item| Override::new(None, item.trim())).collect())
}
