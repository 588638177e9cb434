//! `labgate check`, and `labgate serve` before it listens: one line for each fault, no secret in it.

use std::fs;

use labgate_tests::{
    CHALLENGE, FULLSCRIPT, Finished, Home, JUNCTION, JUNCTION_EU, JUNCTION_OLD, RELAY, TOKEN,
};

/// No secret of the usual configuration, nor the one that tests add.
fn tells_no_secret(run: &Finished) {
    let secrets = [JUNCTION, JUNCTION_OLD, JUNCTION_EU, RELAY, FULLSCRIPT, CHALLENGE, TOKEN];
    for secret in secrets.into_iter().chain(["token-read-for-tests", "Zebra"]) {
        let bare = secret.trim_start_matches("whsec_");
        assert!(!run.stdout.contains(bare) && !run.stderr.contains(bare), "{secret}: {run:?}");
    }
}

/// The configuration of `home` has exactly these faults, each told with all of these words.
pub(crate) fn check(home: &Home, expected: &[&[&str]]) {
    for command in ["check", "serve"] {
        let run = home.run(&[command, "--config", "plugins.toml"]);
        assert_eq!(run.code, Some(1), "{command}: {run:?}");
        tells_no_secret(&run);
        let faults = run.faults();
        assert_eq!(faults.len(), expected.len(), "{command}: {run:?}");
        for (fault, words) in faults.iter().zip(expected) {
            for word in *words {
                assert!(fault.contains(word), "no `{word}` in `{fault}`");
            }
        }
    }
}

#[test]
fn a_good_configuration_is_0_and_told() {
    let run = Home::new().run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    tells_no_secret(&run);
    for name in ["junction-eu", "relay", "fullscript"] {
        assert!(run.stdout.contains(name), "{run:?}");
    }
    let line = |name: &str| run.stdout.lines().find(|line| line.starts_with(name)).unwrap();
    assert!(line("plugin relay").contains("cover no time"), "{run:?}");
    assert_eq!(line("plugin fullscript"), "plugin fullscript: fullscript");
    assert!(!run.stdout.contains('\u{1b}'), "no colour in a pipe");
}

#[test]
fn a_typo_in_a_key_is_answered_with_the_known_ones() {
    let home = || Home::new();
    check(
        &home().with("server", "listn = \"x\""),
        &[&["server", "`listn`", "`listen`", "`admin_listen`"]],
    );
    check(&home().with("serverr", "a = 1"), &[&["`serverr`", "`server`", "`plugins`"]]);
    let typo =
        home().replacing("secrets = [\"secret-of-the-relay", "secretz = [\"secret-of-the-relay");
    check(&typo, &[&["plugins.relay", "`secretz`", "`secrets`", "`signature`"]]);
    check(
        &home().with("plugins.junction", "challenge_token = \"Zebra\""),
        &[&["plugins.junction", "`challenge_token`"]],
    );
    check(&home().with("api.keys.ops", "scope = []"), &[&["api.keys.ops", "`scope`", "`scopes`"]]);
}

#[test]
fn every_fault_has_its_line() {
    let home = Home::new().replacing(RELAY, "env:ONE").replacing(JUNCTION_EU, "env:TWO");
    check(&home, &[&["plugins.junction-eu", "`TWO`"], &["plugins.relay", "`ONE`"]]);
    let home = Home::new()
        .replacing(
            "[plugins.relay]\nprovider = \"junction\"",
            "[plugins.relay]\nprovider = \"quest\"",
        )
        .with("plugins.fullscript", "colour = 1");
    check(&home, &[&["plugins.fullscript", "`colour`"], &["plugins.relay", "`quest`"]]);
}

#[test]
fn two_plugins_of_one_name_are_a_fault() {
    let home = Home::new();
    home.configure(&format!(
        "{}\n[plugins.relay]\nprovider = \"junction\"\n",
        home.configuration()
    ));
    check(&home, &[&["plugins.toml line", "duplicate", "relay"]]);
}

#[test]
fn an_unknown_provider_is_answered_with_the_known_ones() {
    let provider = "[plugins.fullscript]\nprovider = ";
    let with = |to: &str| Home::new().replacing(&format!("{provider}\"fullscript\""), to);
    let unknown = with(&format!("{provider}\"quest\""));
    check(&unknown, &[&["plugins.fullscript.provider", "`quest`", "`fullscript`", "`junction`"]]);
    let missing = with("[plugins.fullscript]");
    check(&missing, &[&["plugins.fullscript.provider", "`fullscript`", "`junction`"]]);
    check(&with(&format!("{provider}7")), &[&["plugins.fullscript.provider"]]);
}

#[test]
fn a_name_that_no_route_can_have_is_a_fault() {
    for name in ["Relay", "re/lay", "re lay", "..", "", "rel\u{e9}", &"r".repeat(64)] {
        let home = Home::new().replacing("[plugins.relay]", &format!("[plugins.\"{name}\"]"));
        check(&home, &[&["plugins."]]);
    }
}

#[test]
fn values_that_do_not_fit_are_faults() {
    let server = |line: &str| Home::new().with("server", line);
    check(&server("max_body_bytes = -1"), &[&["server.max_body_bytes"]]);
    check(&server("max_body_bytes = \"Zebra\""), &[&["server.max_body_bytes"]]);
    let listen = Home::new().replacing("\nlisten = \"127.0.0.1:0\"", "\nlisten = \"Zebra\"");
    check(&listen, &[&["server.listen"]]);
    check(&Home::new().with("log", "level = \"Zebra=loud\""), &[&["log.level"]]);
    check(&Home::new().with("log", "format = \"Zebra\""), &[&["log.format", "`json`", "`human`"]]);
    let scopes = "[\"read\", \"raw\", \"replay\"]";
    check(
        &Home::new().replacing(scopes, "[\"Zebra\"]"),
        &[&["api.keys.ops.scopes[0]", "`replay`"]],
    );
    check(
        &Home::new().replacing("[plugins.relay]\n", "[plugins]\nzoo = 7\n[plugins.relay]\n"),
        &[&["plugins.zoo"]],
    );
}

#[test]
fn a_store_that_can_not_be_reached_is_a_fault() {
    let url = |url: &str| {
        let home = Home::new();
        let known = home.store_url().to_string();
        home.replacing(&known, url)
    };
    for bad in ["mysql://localhost/labgate", "sqlite://", "labgate.db", ""] {
        check(&url(bad), &[&["store.url"]]);
    }
    check(&url("sqlite:///no/such/folder/labgate.db"), &[&["store.url"]]);
    let home = url("sqlite://ruin.db");
    fs::write(home.path().join("ruin.db"), "Zebra".repeat(1000)).unwrap();
    check(&home, &[&["store.url"]]);
}

#[test]
fn a_store_that_forgets_is_a_fault() {
    for url in ["sqlite://:memory:", "sqlite://file::memory:?cache=shared"] {
        check(&Home::new().env("LABGATE_STORE__URL", url), &[&["store.url"]]);
    }
}

#[test]
fn a_file_that_is_not_there_or_no_toml_is_a_fault() {
    let home = Home::new();
    let run = home.run(&["check", "--config", "nowhere.toml"]);
    assert_eq!((run.code, run.faults().len()), (Some(1), 1));
    assert!(run.faults()[0].starts_with("nowhere.toml: "), "{run:?}");
    for text in ["Zebra", "[server", "token = Zebra", "= 1", "a = \"Zebra"] {
        home.configure(text);
        check(&home, &[&["plugins.toml line 1"]]);
    }
}

#[test]
fn an_address_that_is_taken_stops_the_start() {
    let gateway = Home::new().serve();
    for (key, at) in [("listen", gateway.webhooks), ("admin_listen", gateway.admin)] {
        let home =
            Home::new().env(&format!("LABGATE_SERVER__{}", key.to_uppercase()), &at.to_string());
        let run = home.run(&["serve"]);
        assert_eq!(run.code, Some(1), "{run:?}");
        let [fault] = run.faults()[..] else { panic!("{run:?}") };
        assert!(fault.starts_with(&format!("server.{key}: ")), "{fault}");
    }
}
