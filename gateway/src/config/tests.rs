//! Whatever is wrong with a configuration is told in one line, without the value at fault.

use std::collections::HashMap;

use super::*;
use crate::application::{Plan, StartError};

fn load_text(text: &str, environment: &[(&str, &str)]) -> Result<Settings, Vec<Fault>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plugins.toml");
    std::fs::write(&path, text).unwrap();
    let environment: HashMap<_, _> =
        environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    load(&path, &environment).map_err(|faults| {
        let folder = format!("{}/", folder.path().display());
        faults
            .into_iter()
            .map(|fault| Fault::at(fault.path.replace(&folder, ""), fault.problem))
            .collect()
    })
}

/// The faults of a configuration, which names its secrets `hush`; `{known}` are the known providers.
fn check(text: &str, expected: &[&str]) {
    let known = crate::providers::all();
    let known: Vec<_> = known.iter().map(|provider| format!("`{}`", provider.kind)).collect();
    let expected: Vec<_> =
        expected.iter().map(|fault| fault.replace("{known}", &known.join(", "))).collect();
    let faults = match load_text(text, &[("EMPTY", " ")]) {
        Err(faults) => faults,
        Ok(mut settings) => match Plan::build(&mut settings, &crate::providers::all()) {
            Err(StartError::Config(faults)) => faults,
            Err(error) => panic!("not a fault of the configuration: {error}"),
            Ok(_) => Vec::new(),
        },
    };
    let told: Vec<String> = faults.iter().map(Fault::to_string).collect();
    assert_eq!(told, expected, "{text}");
    assert!(!told.concat().contains("hush"), "a secret is told");
}

#[test]
fn a_typo_is_answered_with_the_known_keys() {
    check(
        "[server]\nlisen = 'hush'",
        &[
            "server.lisen: unknown field `lisen`, expected one of `listen`, `admin_listen`, `max_body_bytes`, `drain`, `max_memory_bytes`, `max_connections`, `request_timeout`, `idle_timeout`, `min_body_rate`, `trusted_proxies`",
        ],
    );
    check(
        "[plugins.a]\nprovider = 'junction'\nsecret = ['hush']",
        &["plugins.a.secret: unknown field `secret`, expected one of `secrets`, `signature`, \
           `signature_header`, `tolerance`"],
    );
    check(
        "[plugin.a]\nprovider = 'junction'",
        &[
            "plugin: unknown field `plugin`, expected one of `server`, `store`, `log`, `api`, `plugins`",
        ],
    );
}

#[test]
fn a_missing_or_empty_secret_stops_the_start() {
    check(
        "[plugins.a]\nprovider = 'junction'\nsecrets = ['env:NONE', 'env:EMPTY', 'file:/none']",
        &[
            "plugins.a.secrets[0]: environment variable `NONE` is not set",
            "plugins.a.secrets[1]: environment variable `EMPTY` is empty",
            "plugins.a.secrets[2]: file `/none` can't be read: No such file or directory (os error 2)",
        ],
    );
    check(
        "[plugins.a]\nprovider = 'junction'\nsecrets = []",
        &["plugins.a.secrets: expected at least one secret"],
    );
    check("[plugins.a]\nprovider = 'junction'", &["plugins.a: missing field `secrets`"]);
    check(
        "[plugins.a]\nprovider = 'junction'\nsecrets = ['']",
        &["plugins.a.secrets[0]: expected a secret of at least 8 bytes"],
    );
}

#[test]
fn a_secret_of_the_wrong_form_is_not_told() {
    check(
        "[plugins.a]\nprovider = 'junction'\nsecrets = ['whsec_hush!']",
        &["plugins.a.secrets[0]: expected `whsec_` and base64"],
    );
    check(
        "[plugins.a]\nprovider = 'junction'\nsecrets = 'hush, expected'",
        &["plugins.a.secrets: expected a sequence"],
    );
    check(
        "[plugins.a]\nprovider = 'fullscript'\nsecrets = ['hush-hush']\nchallenge_token = 'hush-hush'",
        &["plugins.a.challenge_token: expected another value than a secret"],
    );
}

#[test]
fn a_weak_secret_is_refused_by_its_place_and_not_told() {
    let too_short = "expected a secret of at least 8 bytes";
    let uniform = "expected a secret that is not one byte repeated";
    let refused = |text: &str, place: &str, problem: &str| {
        check(text, &[&format!("{place}: {problem}")]);
    };
    let junction = "[plugins.a]\nprovider = 'junction'\nsecrets = ";
    refused(&format!("{junction}['whsec_aHVzaA==']"), "plugins.a.secrets[0]", too_short);
    refused(&format!("{junction}['whsec_AAAAAAAAAAAAAAAA']"), "plugins.a.secrets[0]", uniform);
    let relay = "[plugins.a]\nprovider = 'junction'\nsignature = 'body_hmac'\nsecrets = ";
    refused(&format!("{relay}['enough-hush', 'hush']"), "plugins.a.secrets[1]", too_short);
    refused(&format!("{relay}['hhhhhhhhhhhhhhhhhhhh']"), "plugins.a.secrets[0]", uniform);
    let fullscript = "[plugins.a]\nprovider = 'fullscript'\nsecrets = ['enough-hush']\n";
    let token = format!("{fullscript}challenge_token = 'hush'");
    refused(&token, "plugins.a.challenge_token", too_short);
    let fhir = "[plugins.a]\nprovider = 'fhir'\nsignature = 'static_token'\nsecrets = ";
    refused(&format!("{fhir}['Bearer hush']"), "plugins.a.secrets[0]", too_short);
    let api = "signature_time = 'seconds'\napi = { dev_id = 'me', key = 'hush' }";
    let terra = format!("[plugins.a]\nprovider = 'terra'\nsecrets = ['enough-hush']\n{api}");
    refused(&terra, "plugins.a.api.key", too_short);
    let key = |token: &str| format!("[api.keys.k]\ntoken = '{token}'\nscopes = []");
    let token = "expected a token of at least 16 bytes";
    refused(&key("fifteen-of-hush"), "api.keys.k.token", token);
    refused(&key("hush"), "api.keys.k.token", too_short);
    refused(&key("env:A"), "api.keys.k.token", "environment variable `A` is not set");
    let sealed = "[store]\nencryption_keys = ['BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=']";
    let random = "expected random bytes, not one byte repeated";
    refused(sealed, "store.encryption_keys[0]", random);
}

#[test]
fn a_short_secret_of_a_vendor_is_worth_a_warning() {
    let settings = load_text(
        "[plugins.a]\nprovider = 'junction'\nsecrets = ['whsec_c2hvcnQtb25lISE=', 'env:NONE', \
         'whsec_bmV3LXNlY3JldC1vZi1qdW5jdGlvbi1mb3ItdGVzdHM=']\n\
         [plugins.b]\nprovider = 'terra'\nsecrets = ['long-enough-for-all']\n\
         api = { dev_id = 'short', key = 'a-short-key' }\n\
         [plugins.c]\nprovider = 'fullscript'\nsecrets = ['long-enough-for-all']\n\
         challenge_token = 'short-token'",
        &[],
    );
    let short = short_secrets(&settings.unwrap(), &crate::providers::all());
    let expected = ["plugins.a.secrets[0]", "plugins.b.api.key", "plugins.c.challenge_token"];
    assert_eq!(short, expected);
}

#[test]
fn two_plugins_of_one_name_are_told_apart_by_nobody() {
    check(
        "[plugins.a]\nprovider = 'junction'\nsecrets = ['hush']\n[plugins.a]\n",
        &["plugins.toml line 4: duplicate key at `[plugins.a]`"],
    );
}

#[test]
fn an_unknown_provider_is_answered_with_the_known_ones() {
    check(
        "[plugins.a]\nprovider = 'labcorp'",
        &["plugins.a.provider: unknown provider `labcorp`; known providers: {known}"],
    );
    check(
        "[plugins.a]\nsecrets = ['hush']",
        &["plugins.a.provider: missing; known providers: {known}"],
    );
}

#[test]
fn every_fault_is_told_at_once() {
    check(
        "[store]\nurl = 'mysql://hush'\n[plugins.'A B']\nprovider = 'x'\n[plugins.b]\nprovider = 'x'\n\
         [api.keys.k]\ntoken = 'env:NONE'\nscopes = []",
        &[
            "api.keys.k.token: environment variable `NONE` is not set",
            "plugins.A B: expected a name of 1 to 63 of a-z, 0-9, `-` and `_`",
            "plugins.b.provider: unknown provider `x`; known providers: {known}",
            "store.url: expected `sqlite://PATH` or `postgres://…`",
        ],
    );
}

#[test]
fn faults_of_every_kind_are_told_together() {
    check(
        "[server]\nlisten = 'hush'\n[plugins.a]\nprovider = 'junction'\nsecrets = ['env:NONE']",
        &[
            "plugins.a.secrets[0]: environment variable `NONE` is not set",
            "server.listen: expected ADDRESS:PORT, as in 127.0.0.1:8080",
        ],
    );
    check(
        "[plugins.a]\nprovider = 'whsec_Hush/hush'",
        &["plugins.a.provider: unknown provider; known providers: {known}"],
    );
    check(
        "[api.keys.a]\ntoken = 'hush-hush-hush-hush'\nscopes = []\n\
         [api.keys.b]\ntoken = 'hush-hush-hush-hush'\nscopes = []",
        &["api.keys.b.token: another key has the same token"],
    );
    check(
        "[store]\nurl = 'sqlite://:memory:'",
        &["store.url: expected the path of a file: a store in memory keeps nothing"],
    );
}

#[test]
fn a_limit_that_is_none_is_refused() {
    let none = "expected more than no time, as in `5s`";
    let wrong = "expected a length of time, as in `5s`";
    for (text, fault) in [("hush", wrong), ("-5s", wrong), ("5", wrong), ("0s", none)] {
        check(
            &format!("[server]\nrequest_timeout = '{text}'"),
            &[&format!("server.request_timeout: {fault}")],
        );
    }
    check(
        "[server]\ntrusted_proxies = ['10.0.0.1', 'hush']",
        &[
            "server.trusted_proxies: expected addresses or networks, as in `10.0.0.7` or `10.0.0.0/8`",
        ],
    );
}

#[test]
fn a_typo_in_the_level_does_not_silence_the_log() {
    let fits = |level: &str| Log { level: level.into(), ..Log::default() }.filter().is_ok();
    for level in ["info", "debug", "off", "info,labgate=debug", "warn, actix_server=error"] {
        assert!(fits(level), "{level}");
    }
    for level in ["inof", "info,labgate", "labgate=loud"] {
        assert!(!fits(level), "{level}");
    }
}

#[test]
fn every_reference_of_the_schema_resolves() {
    let schema = schema(&crate::providers::all());
    fn walk(value: &serde_json::Value, root: &serde_json::Value) {
        if let Some(place) = value["$ref"].as_str() {
            assert!(root.pointer(place.trim_start_matches('#')).is_some(), "{place}");
        }
        for inner in value.as_object().into_iter().flat_map(|object| object.values()) {
            walk(inner, root);
        }
        value.as_array().into_iter().flatten().for_each(|inner| walk(inner, root));
    }
    walk(&schema, &schema);
}

#[test]
fn text_that_is_no_toml_is_told_by_its_line() {
    check(
        "a = 1\nsecret = 'hush\n",
        &["plugins.toml line 2: invalid literal string, expected `'`"],
    );
}

#[test]
fn every_key_can_be_set_in_the_environment() {
    let settings = load_text(
        "[plugins.a]\nprovider = 'junction'\nsecrets = ['x']",
        &[
            ("LABGATE_SERVER__LISTEN", "127.0.0.1:9"),
            ("LABGATE_SERVER__MAX_BODY_BYTES", "77"),
            ("LABGATE_API__KEYS__OPS__TOKEN", "0123456789012345"),
            ("LABGATE_API__KEYS__OPS__SCOPES", "read, raw"),
            ("LABGATE_STORE__URL", "sqlite://else,where.db"),
            ("LABGATE_PLUGINS__A__SECRETS", "env:NEW,old"),
            ("LABGATE_API_TOKEN", "no key of ours"),
            ("NEW", "fresh"),
        ],
    )
    .unwrap();
    assert_eq!(settings.server.listen.port(), 9);
    assert_eq!(settings.server.max_body_bytes, 77);
    assert_eq!(settings.store.url.expose(), "sqlite://else,where.db");
    assert_eq!(settings.api.keys["ops"].token.expose(), "0123456789012345");
    assert_eq!(settings.api.keys["ops"].scopes, [Scope::Read, Scope::Raw]);
    assert_eq!(settings.plugins["a"]["secrets"], serde_json::json!(["fresh", "old"]));
    assert!(settings.faults.is_empty());
}

#[test]
fn a_file_holds_a_secret_without_its_line_break() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "hush-hush-hush-hush\n").unwrap();
    let text = format!("[api.keys.k]\ntoken = 'file:{}'\nscopes = ['read']", path.display());
    let settings = load_text(&text, &[]).unwrap();
    assert_eq!(settings.api.keys["k"].token.expose(), "hush-hush-hush-hush");
}

#[test]
fn the_schema_names_every_provider_and_its_keys() {
    let schema = schema(&crate::providers::all()).to_string();
    for word in ["junction", "fullscript", "challenge_token", "signature", "max_body_bytes"] {
        assert!(schema.contains(&format!("\"{word}\"")), "{word}");
    }
}
