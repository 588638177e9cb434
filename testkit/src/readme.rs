//! A provider's README.md: examples of configuration, and tables that are made of its code.

use std::{
    fs,
    sync::{Arc, Mutex, PoisonError},
};

use labgate_core::DynProvider;
use serde_json::{Value, json};

use crate::{Subject, meaning};

fn text(subject: &Subject) -> String {
    let path = subject.folder.join("README.md");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands under `[plugins.NAME]` in the blocks of TOML, without `provider`, which must be the
/// subject's own.
pub(crate) fn examples(subject: &Subject) -> Vec<Value> {
    let text = text(subject);
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

/// README.md holds a table of these rows between `<!-- NAME -->` and `<!-- /NAME -->`; or it is
/// written there. Without rows it needs neither.
pub(crate) fn holds_table(
    subject: &Subject,
    name: &str,
    head: [&str; 2],
    rows: Vec<(String, String)>,
) {
    // Tests run side by side, and two tables may stand in one file.
    static WRITING: Mutex<()> = Mutex::new(());
    let _turn = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = text(subject);
    let [start, end] = ["", "/"].map(|sign| format!("<!-- {sign}{name} -->"));
    let parts = text.split_once(&start).and_then(|(before, rest)| {
        let (table, after) = rest.split_once(&end)?;
        Some((before, table, after))
    });
    let Some((before, table, after)) = parts else {
        assert!(rows.is_empty(), "README.md has no {start} with {end} after it");
        return;
    };
    let lines = rows.iter().map(|(left, right)| format!("| {left} | {right} |\n"));
    let head = format!("| {} | {} |\n| --- | --- |\n", head[0], head[1]);
    let expected = if rows.is_empty() {
        "\nNothing.\n".to_owned()
    } else {
        format!("\n{head}{}", lines.collect::<String>())
    };
    if meaning::rewrites() {
        let written = format!("{before}{start}{expected}{end}{after}");
        meaning::write(&subject.folder, "README.md", &written).expect("README.md is writable");
        return;
    }
    assert!(
        table == expected,
        "README.md says something else between {start} and {end}; LABGATE_GOLDENS=rewrite writes it"
    );
}
