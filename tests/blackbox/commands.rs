//! `labgate providers`, `schema`, `demo`, and what is no command.

use std::{fs, io, path::Path};

use labgate_tests::{Home, labgate};
use serde_json::{Value, json};

#[test]
fn providers_are_listed() {
    let run = labgate(Path::new("/"), &["providers"], &[]);
    let mut names: Vec<_> = run.stdout.lines().collect();
    names.sort_unstable();
    let folders = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../providers")).unwrap();
    let name =
        |folder: io::Result<fs::DirEntry>| folder.unwrap().file_name().into_string().unwrap();
    let mut folders: Vec<_> = folders.map(name).collect();
    folders.sort_unstable();
    assert_eq!((run.code, names), (Some(0), folders.iter().map(String::as_str).collect()));
}

#[test]
fn the_schema_knows_every_key_of_the_example() {
    let run = labgate(Path::new("/"), &["schema"], &[]);
    let schema: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(schema["$schema"].as_str().unwrap().contains("json-schema.org"));
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins.toml");
    let example: Value = toml::from_str(&fs::read_to_string(example).unwrap()).unwrap();
    for section in ["server", "store"] {
        let known = &resolved(&schema, &schema["properties"][section])["properties"];
        for key in example[section].as_object().unwrap().keys() {
            assert!(known[key].is_object(), "{section}.{key}");
        }
    }
    let kinds =
        schema["properties"]["plugins"]["additionalProperties"]["oneOf"].as_array().unwrap();
    for plugin in example["plugins"].as_object().unwrap().values() {
        let of = |kind: &&Value| kind["properties"]["provider"]["const"] == plugin["provider"];
        let kind = kinds.iter().find(of).unwrap_or_else(|| panic!("no {plugin}"));
        for key in plugin.as_object().unwrap().keys() {
            assert!(kind["properties"][key].is_object(), "{key}");
        }
        assert_eq!(kind["additionalProperties"], json!(false));
        let required = kind["required"].as_array().unwrap();
        assert!(required.contains(&json!("provider")) && required.contains(&json!("secrets")));
    }
}

#[test]
fn every_reference_in_the_schema_leads_somewhere() {
    let run = labgate(Path::new("/"), &["schema"], &[]);
    let schema: Value = serde_json::from_str(&run.stdout).unwrap();
    let mut parts = vec![&schema];
    while let Some(part) = parts.pop() {
        match part {
            Value::Object(fields) => {
                resolved(&schema, part);
                parts.extend(fields.values());
            }
            Value::Array(items) => parts.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn resolved<'a>(schema: &'a Value, part: &'a Value) -> &'a Value {
    let Some(target) = part["$ref"].as_str() else { return part };
    let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{target}"));
    schema.pointer(pointer).unwrap_or_else(|| panic!("{target} leads nowhere"))
}

#[test]
fn the_demo_shows_everything_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let run = labgate(folder.path(), &["demo", "--once"], &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(!run.stdout.contains('\u{1b}'), "no colour in a pipe: {run:?}");
    for word in [
        "junction",
        "fullscript",
        "terra",
        "signature_verification_failed",
        "\"duplicate\":true",
        "validation_error",
        "report.critical",
        "version 2 final",
        "7.0 %",
        "order.completed",
    ] {
        assert!(run.stdout.contains(word), "no {word}: {}", run.stdout);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn an_unknown_command_is_2_and_told_the_known_ones() {
    for arguments in [&["fly"][..], &["serve", "--fly"], &[], &["send", "junction"]] {
        let run = labgate(Path::new("/"), arguments, &[]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("Usage: labgate"), "{run:?}");
    }
}

#[test]
fn the_configuration_is_plugins_toml_if_nobody_says_otherwise() {
    let home = Home::new();
    assert_eq!(home.run(&["check"]).code, Some(0));
    fs::rename(home.path().join("plugins.toml"), home.path().join("other.toml")).unwrap();
    assert_eq!(home.run(&["check"]).code, Some(1));
    assert_eq!(home.run(&["check", "--config", "other.toml"]).code, Some(0));
}
