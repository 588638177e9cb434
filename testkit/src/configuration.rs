//! A configuration that is wrong is found before the gateway listens, and its values stay in it.

use labgate_core::ConfigError;
use schemars::SchemaGenerator;
use serde_json::{Value, json};

use crate::{Subject, json::CANARY};

/// A configuration without secrets, with an empty one or with a field that is not known is
/// refused; the last with the names of those that are, because a typo in `secrets` must not mean
/// "no secrets".
pub fn is_refused_where_it_is_wrong(subject: &Subject) {
    refused(subject, (subject.config)(&[]), "without secrets");
    refused(subject, (subject.config)(&[""]), "with an empty secret");
    refused(subject, (subject.config)(&[subject.secrets[0], "  "]), "with a blank secret");
    refused(subject, json!({}), "without a field");
    refused(subject, json!(CANARY), "that is no table");

    let mut config = (subject.config)(&subject.secrets);
    config["sercets"] = json!([CANARY]);
    let error = refused(subject, config, "with an unknown field").to_string();
    assert!(error.contains("`sercets`"), "the unknown field is not named: {error}");
    for known in known_fields(subject) {
        assert!(error.contains(&format!("`{known}`")), "{known} is not named: {error}");
    }
}

/// Whatever stands in place of whatever field, the error holds no value.
pub fn errors_hold_no_value(subject: &Subject) {
    let wrong = [json!(CANARY), json!([CANARY]), json!([[CANARY]]), json!({ "it": CANARY })];
    for field in known_fields(subject) {
        for value in &wrong {
            let mut config = (subject.config)(&subject.secrets);
            config[&field] = value.clone();
            if let Err(error) = (subject.registration.build)(config) {
                let said = format!("{error} {error:?}");
                assert!(!said.contains(CANARY), "the error at {field} holds its value");
                assert!(
                    said.contains(field.as_str()),
                    "the error does not name the field {field}: {said}"
                );
            }
        }
    }
}

fn known_fields(subject: &Subject) -> Vec<String> {
    let schema = (subject.registration.schema)(&mut SchemaGenerator::default());
    let properties = schema.get("properties").and_then(Value::as_object);
    let properties = properties.expect("a configuration is an object");
    properties.keys().cloned().collect()
}

fn refused(subject: &Subject, config: Value, which: &str) -> ConfigError {
    match (subject.registration.build)(config) {
        Ok(_) => panic!("a configuration {which} is accepted"),
        Err(error) => {
            let said = format!("{error} {error:?}");
            let values = subject.secrets.iter().chain([&CANARY]);
            for value in values {
                assert!(!said.contains(value), "the error holds a value");
            }
            error
        }
    }
}
