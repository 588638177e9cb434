//! From a file and the environment to [`Settings`].

use std::{collections::HashMap, path::Path};

use config::{Config, Environment, File, FileFormat};
use labgate_core::decode::safe;
use serde_json::Value;

use super::{Fault, Settings, secrets};

/// Reads the configuration at `path`, overridden by `environment`, with its secrets resolved; the
/// ones that could not be are [`Settings::faults`].
pub fn load(path: &Path, environment: &HashMap<String, String>) -> Result<Settings, Vec<Fault>> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| vec![Fault::at(&name, format!("can't be read: {error}"))])?;
    syntax(&name, &text).map_err(|fault| vec![fault])?;
    let mut tree = merged(&text, environment)
        .map_err(|_| vec![Fault::at(&name, "does not fit the overrides in the environment")])?;
    let faults = secrets::resolve(&mut tree, environment);
    let settings = serde_path_to_error::deserialize(tree).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        // An unknown key is no secret, and its owner wants to see it.
        let problem = if message.starts_with("unknown field `") { message } else { safe(&message) };
        vec![Fault::at(if path == "." { name } else { path }, problem)]
    })?;
    Ok(Settings { faults, ..settings })
}

/// Checks the file alone: the parser's own message shows the line, which may hold a secret.
fn syntax(name: &str, text: &str) -> Result<(), Fault> {
    let Err(error) = toml::from_str::<toml::Table>(text) else { return Ok(()) };
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..start).unwrap_or_default();
    let number = before.matches('\n').count() + 1;
    let line = text.lines().nth(number - 1).unwrap_or_default().trim();
    // A table's header holds no value.
    let header = if line.starts_with('[') { format!(" at `{line}`") } else { String::new() };
    let message = error.message().lines().next().unwrap_or("not TOML");
    Err(Fault::at(format!("{name} line {number}"), format!("{message}{header}")))
}

fn merged(text: &str, environment: &HashMap<String, String>) -> Result<Value, config::ConfigError> {
    // Only names with a double underscore are ours to read as keys: `LABGATE_API_TOKEN` is what
    // an operator calls a secret.
    let overrides: HashMap<String, String> = environment
        .iter()
        .filter(|(name, _)| name.starts_with("LABGATE_") && name.contains("__"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let lists = ["__SECRETS", "__SCOPES"];
    let mut source = Environment::with_prefix("LABGATE")
        .prefix_separator("_")
        .separator("__")
        .list_separator(",")
        .try_parsing(true);
    for name in overrides.keys().filter(|name| lists.iter().any(|list| name.ends_with(list))) {
        let key = name["LABGATE_".len()..].to_lowercase().replace("__", ".");
        source = source.with_list_parse_key(&key);
    }
    // Without a key of this kind every value would be split at its commas.
    source = source.with_list_parse_key("none");
    Config::builder()
        .add_source(File::from_str(text, FileFormat::Toml))
        .add_source(source.source(Some(overrides)))
        .build()?
        .try_deserialize()
}
