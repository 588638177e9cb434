//! Keys from the environment, secrets from the environment and from files.

use std::fs;

use labgate_tests::{
    CHALLENGE, FULLSCRIPT, Home, JUNCTION, JUNCTION_EU, RELAY, Request, TOKEN, junction,
    junction_by, now, order, relay,
};

#[test]
fn the_address_is_overridden() {
    let home = Home::new().replacing("\nlisten = \"127.0.0.1:0\"", "\nlisten = \"192.0.2.1:9\"");
    let gateway = home.env("LABGATE_SERVER__LISTEN", "127.0.0.1:0").serve();
    assert_eq!(gateway.post(&Request::get("/healthz")).status, 200);
}

#[test]
fn the_store_is_overridden() {
    let gateway = Home::new().env("LABGATE_STORE__URL", "sqlite://elsewhere.db").serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    assert!(gateway.home().path().join("elsewhere.db").exists());
    assert!(!gateway.home().path().join("labgate.db").exists());
}

#[test]
fn the_secrets_of_a_plugin_are_overridden_by_a_list() {
    let both = format!("{JUNCTION_EU},{JUNCTION}");
    let gateway = Home::new().env("LABGATE_PLUGINS__JUNCTION__SECRETS", &both).serve();
    for (index, secret) in [JUNCTION_EU, JUNCTION].iter().enumerate() {
        let request = junction_by(secret, &format!("msg_{index}"), now(), order("1"));
        assert_eq!(gateway.post(&request).status, 200);
    }
    let old = junction_by(labgate_tests::JUNCTION_OLD, "msg_3", now(), order("1"));
    assert_eq!(gateway.post(&old).status, 401);
}

#[test]
fn an_override_may_be_a_reference_to_a_secret() {
    let home = Home::new()
        .env("LABGATE_PLUGINS__RELAY__SECRETS", "env:THE_SECRET")
        .env("THE_SECRET", RELAY);
    assert_eq!(home.serve().post(&relay(order("1"))).status, 200);
}

#[test]
fn numbers_and_levels_are_overridden() {
    let home =
        Home::new().env("LABGATE_SERVER__MAX_BODY_BYTES", "100").env("LABGATE_LOG__LEVEL", "debug");
    let gateway = home.serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 413);
}

#[test]
fn a_plugin_and_a_key_may_come_from_the_environment_alone() {
    let home = Home::new()
        .env("LABGATE_PLUGINS__CLINIC__PROVIDER", "junction")
        .env("LABGATE_PLUGINS__CLINIC__SECRETS", JUNCTION)
        .env("LABGATE_API__KEYS__GUEST__TOKEN", "token-of-a-guest")
        .env("LABGATE_API__KEYS__GUEST__SCOPES", "read,raw");
    let gateway = home.serve();
    let request = junction("msg_1", order("1")).to("/v1/webhooks/clinic");
    assert_eq!(gateway.post(&request).status, 200);
    let read = Request::get("/v1/orders?plugin=clinic").bearer("token-of-a-guest");
    assert_eq!(gateway.ask(&read).status, 200);
}

#[test]
fn a_secret_of_digits_is_a_text_and_no_number() {
    for digits in
        ["01234567890123456789", "1234567890123456", "1234567890123e45", "1.50000000000000000"]
    {
        let home = Home::new()
            .env("LABGATE_PLUGINS__FULLSCRIPT__CHALLENGE_TOKEN", digits)
            .env("LABGATE_API__KEYS__OPS__TOKEN", digits);
        let run = home.run(&["check"]);
        assert_eq!(run.code, Some(0), "{digits}: {run:?}");
        let gateway = home.serve();
        let knock = gateway.post(&Request::get("/v1/webhooks/fullscript"));
        assert_eq!(knock.json()["challenge"], digits);
        assert_eq!(gateway.ask(&Request::get("/v1/orders").bearer(digits)).status, 200);
    }
}

#[test]
fn a_typo_in_a_variable_is_a_fault_and_its_value_is_not_shown() {
    for (name, words) in [
        ("LABGATE_SERVER__LISTN", ["server", "listn", "`listen`"]),
        ("LABGATE_PLUGINS__RELAY__SECRET", ["plugins.relay", "secret", "`secrets`"]),
        ("LABGATE_STOR__URL", ["stor", "known", "`store`"]),
    ] {
        let run = Home::new().env(name, "Zebra").run(&["check"]);
        assert_eq!((run.code, run.faults().len()), (Some(1), 1), "{run:?}");
        assert!(!run.stderr.contains("Zebra"), "{run:?}");
        for word in words.into_iter().filter(|word| *word != "known") {
            assert!(run.stderr.contains(word), "no {word}: {run:?}");
        }
    }
    for name in ["LABGATE_SERVER__LISTEN", "LABGATE_STORE__URL", "LABGATE_LOG__FORMAT"] {
        let run = Home::new().env(name, "Zebra").run(&["check"]);
        assert_eq!((run.code, run.faults().len()), (Some(1), 1), "{name}: {run:?}");
        assert!(!run.stderr.contains("Zebra"), "{run:?}");
    }
}

#[test]
fn variables_with_one_underscore_are_no_keys() {
    let home = Home::new().replacing(TOKEN, "env:LABGATE_API_TOKEN");
    let gateway =
        home.env("LABGATE_API_TOKEN", "token-of-the-room").env("LABGATE_HOME", "x").serve();
    assert_eq!(gateway.ask(&Request::get("/v1/orders").bearer("token-of-the-room")).status, 200);
}

#[test]
fn a_secret_may_stand_in_a_file_with_a_line_break_at_its_end() {
    for ending in ["", "\n", "\r\n"] {
        let home = Home::new().replacing(RELAY, "file:relay.key");
        fs::write(home.path().join("relay.key"), format!("{RELAY}{ending}")).unwrap();
        assert_eq!(home.serve().post(&relay(order("1"))).status, 200, "{ending:?}");
    }
    let home = Home::new().replacing(CHALLENGE, "file:token");
    fs::write(home.path().join("token"), " \n").unwrap();
    let run = home.run(&["check"]);
    assert_eq!((run.code, run.faults().len()), (Some(1), 1), "{run:?}");
}

#[test]
fn a_secret_may_stand_in_the_environment() {
    let home = Home::new().replacing(FULLSCRIPT, "env:FULLSCRIPT_KEY");
    let gateway = home.env("FULLSCRIPT_KEY", FULLSCRIPT).serve();
    let request = labgate_tests::fullscript(order("1"));
    assert_eq!(gateway.post(&request).status, 400, "proven, and no Fullscript event");
}
