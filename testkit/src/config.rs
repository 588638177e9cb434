//! A configuration that is wrong is found before the gateway listens, and its values stay in it.

use std::collections::BTreeSet;

use labgate_core::ConfigError;
use schemars::SchemaGenerator;
use serde_json::{Value, json};

use crate::{
    ARRIVAL, Holder, Subject,
    credentials::configured,
    goldens,
    json::{CANARY, places, with},
    readme, secrets,
};

/// A field that is not known is refused by its name, in the configuration and in whatever table
/// stands in it, with or without what a script configures: a typo in `secrets` must not mean "no
/// secrets".
pub fn unknown_field_is_refused(subject: &Subject) {
    for (subject, _) in configured(subject) {
        let config = subject.config();
        for place in places(&config) {
            let mut wrong = config.clone();
            let Some(table) = wrong.pointer_mut(&place).and_then(Value::as_object_mut) else {
                continue;
            };
            table.insert("sercets".into(), json!([[7]]));
            let error =
                refused(&subject, wrong, &format!("with an unknown field at {place}/sercets"));
            let said = error.to_string();
            assert!(said.contains("sercets"), "the unknown field is not named: {said}");
        }
    }
}

/// A blank secret is refused, and so is a configuration in which a list of secrets is empty, or
/// from which a field with a secret that signs is missing; with or without what a script
/// configures.
pub fn no_secret_is_refused(subject: &Subject) {
    for (subject, _) in configured(subject) {
        let config = subject.config();
        for secret in secrets::of(&subject) {
            for blank in ["", "  "] {
                let wrong = with(&config, &secret.place, json!(blank));
                refused(&subject, wrong, &format!("with a blank secret at {}", secret.place));
            }
            let (parent, _) = secret.place.rsplit_once('/').expect("a secret stands in a table");
            if config.pointer(parent).is_some_and(Value::is_array) {
                let wrong = with(&config, parent, json!([]));
                refused(&subject, wrong, &format!("without one at {parent}"));
            }
            let mut wrong = config.clone();
            let field = secret.place.split('/').nth(1).expect("a secret stands in a field");
            wrong.as_object_mut().expect("a configuration is a table").remove(field);
            if secret.signs {
                refused(&subject, wrong, &format!("without {field}"));
            }
        }
    }
}

/// Whatever stands in place of whatever value, the error holds none, and names the field.
pub fn errors_hold_no_value(subject: &Subject) {
    let config = subject.config();
    let kinds = [json!(CANARY), json!([CANARY]), json!([[CANARY]]), json!({ "it": CANARY })];
    let fields = fields(subject).into_iter().map(|field| format!("/{field}"));
    let fields: BTreeSet<String> = fields.chain(places(&config)).collect();
    let mut attempts: Vec<(String, Value)> = fields
        .iter()
        .flat_map(|place| kinds.iter().map(move |kind| (place, kind)))
        .map(|(place, kind)| (place.clone(), with(&config, place, kind.clone())))
        .collect();
    let all = secrets::of(subject)
        .iter()
        .fold(config, |config, secret| with(&config, &secret.place, json!(CANARY)));
    attempts.push((String::new(), all));
    for (place, wrong) in attempts {
        if let Err(error) = (subject.registration.build)(wrong) {
            let said = format!("{error} {error:?}");
            assert!(!said.contains(CANARY), "the error at {place} holds a value");
            for secret in secrets::of(subject) {
                assert!(!said.contains(&secret.text), "the error at {place} holds a secret");
            }
            let field = place.split('/').nth(1).unwrap_or_default();
            assert!(said.contains(field), "the error does not name the field {field}: {said}");
        }
    }
}

/// No secret stands in a `Debug` of the provider, of a request or of a proof, or in a refusal;
/// neither as text nor as bytes. The same goes for the credentials of each script.
pub fn debug_shows_no_secret(subject: &Subject) {
    for (subject, secrets) in configured(subject) {
        let provider = subject.provider();
        let mut said = vec![format!("{provider:?} {provider:#?}")];
        said.push(format!("{:?} {:?}", provider.fetch(), provider.poll()));
        for golden in goldens::all(&subject) {
            for holder in [Holder::New, Holder::Stranger] {
                let request =
                    subject.signed(&golden.request, holder, &golden.message_id(), ARRIVAL);
                let verified = provider.verify(&request, ARRIVAL);
                said.push(format!("{request:?} {verified:?}"));
                said.extend(verified.err().map(|refusal| refusal.to_string()));
            }
        }
        for secret in secrets {
            let shown = secret.forms().any(|form| said.iter().any(|text| text.contains(&form)));
            assert!(!shown, "a Debug or a refusal shows the secret at {}", secret.place);
        }
    }
}

/// Every `toml` example with a plugin in README.md is a configuration that builds, once `env:` and
/// `file:` are replaced by what the demo has there. There is at least one.
pub fn readme_example_parses(subject: &Subject) {
    let examples = readme::examples(subject);
    assert!(!examples.is_empty(), "README.md shows no [plugins.{}]", subject.registration.kind);
    for example in examples {
        let built = (subject.registration.build)(readme::resolved(example, &subject.config(), ""));
        let error = built.err();
        assert!(error.is_none(), "the example of README.md is refused: {error:?}");
    }
}

/// The schema of the configuration is a JSON Schema, takes the demo's configuration, and knows
/// each of its fields.
pub fn schema_is_valid(subject: &Subject) {
    let mut generator = SchemaGenerator::default();
    let mut schema = (subject.registration.schema)(&mut generator).to_value();
    schema["$defs"] = Value::Object(generator.take_definitions(true));
    let validator = jsonschema::validator_for(&schema);
    let validator = validator.unwrap_or_else(|error| panic!("the schema is none: {error}"));
    let config = subject.config();
    let misfit =
        validator.iter_errors(&config).next().map(|error| error.instance_path().to_string());
    assert!(misfit.is_none(), "the schema refuses the demo's configuration at {misfit:?}");
    let known = fields(subject);
    for field in config.as_object().expect("a configuration is a table").keys() {
        assert!(known.contains(field), "the schema does not know the field {field}");
    }
}

/// The fields that the schema knows at the top, in whichever variant.
fn fields(subject: &Subject) -> BTreeSet<String> {
    let schema = (subject.registration.schema)(&mut SchemaGenerator::default()).to_value();
    let variants = ["oneOf", "anyOf", "allOf"].map(|key| schema[key].as_array());
    let variants = variants.into_iter().flatten().flatten().chain([&schema]);
    let properties = variants.filter_map(|variant| variant["properties"].as_object());
    properties.flat_map(|properties| properties.keys().cloned()).collect()
}

fn refused(subject: &Subject, config: Value, which: &str) -> ConfigError {
    match (subject.registration.build)(config) {
        Ok(_) => panic!("a configuration {which} is accepted"),
        Err(error) => error,
    }
}
