//! The examples of configuration in a provider's README.md.

use std::{fs, sync::Arc};

use labgate_core::DynProvider;
use serde_json::{Value, json};

use crate::Subject;

/// What stands under `[plugins.NAME]` in the blocks of TOML, without `provider`, which must be the
/// subject's own.
pub(crate) fn examples(subject: &Subject) -> Vec<Value> {
    let path = subject.folder.join("README.md");
    let text = fs::read_to_string(&path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let blocks = blocks.filter(|block| block.contains("[plugins."));
    let tables = blocks.flat_map(|block| {
        let table: Value = toml::from_str(block)
            .unwrap_or_else(|error| panic!("an example of README.md: {}", error.message()));
        table["plugins"].as_object().cloned().unwrap_or_default()
    });
    let own = |(name, mut table): (String, Value)| {
        let provider = table.as_object_mut().and_then(|table| table.remove("provider"));
        let kind = subject.registration.kind;
        assert_eq!(provider, Some(json!(kind)), "[plugins.{name}] in README.md");
        table
    };
    tables.map(own).collect()
}

/// The provider as the demo configures it, and as each example does that builds.
pub(crate) fn providers(subject: &Subject) -> Vec<Arc<dyn DynProvider>> {
    let config = subject.config();
    let shown = examples(subject).into_iter().map(|example| resolved(example, &config, ""));
    let built = shown.filter_map(|shown| (subject.registration.build)(shown).ok());
    built.chain([subject.provider()]).collect()
}

/// `example` with a secret in place of each reference to one: the one that `config` has there.
pub(crate) fn resolved(example: Value, config: &Value, place: &str) -> Value {
    match example {
        Value::Object(table) => table
            .into_iter()
            .map(|(key, value)| {
                let value = resolved(value, config, &format!("{place}/{key}"));
                (key, value)
            })
            .collect(),
        Value::Array(list) => list
            .into_iter()
            .enumerate()
            .map(|(index, value)| resolved(value, config, &format!("{place}/{index}")))
            .collect(),
        Value::String(text) if text.starts_with("env:") || text.starts_with("file:") => {
            config.pointer(place).cloned().unwrap_or_else(|| json!("a secret of no demo"))
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}
