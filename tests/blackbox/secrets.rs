//! Secrets in the configuration: each leads somewhere, has the right form, and is never shown.

use labgate_tests::{
    CHALLENGE, FULLSCRIPT, Home, JUNCTION_EU, JUNCTION_OLD, RELAY, TOKEN, junction_by, now, order,
    spawn_gateway,
};

use crate::check::check;

#[test]
fn a_secret_that_leads_nowhere_is_a_fault() {
    let with = |reference: &str| Home::new().replacing(RELAY, reference);
    check(&with("env:NOT_SET"), &[&["plugins.relay.secrets[0]", "`NOT_SET`"]]);
    check(&with("env:EMPTY").env("EMPTY", ""), &[&["plugins.relay.secrets[0]", "`EMPTY`"]]);
    check(&with("env:BLANK").env("BLANK", " \n"), &[&["plugins.relay.secrets[0]", "`BLANK`"]]);
    check(&with("file:no/such/file"), &[&["plugins.relay.secrets[0]", "`no/such/file`"]]);
    check(&with(""), &[&["plugins.relay.secrets[0]", "8 bytes"]]);
    check(&with("   "), &[&["plugins.relay.secrets[0]", "8 bytes"]]);
    let token = Home::new().replacing(TOKEN, "env:NOT_SET");
    check(&token, &[&["api.keys.ops.token", "`NOT_SET`"]]);
    let challenge = Home::new().replacing(CHALLENGE, "env:NOT_SET");
    check(&challenge, &[&["plugins.fullscript.challenge_token", "`NOT_SET`"]]);
}

#[test]
fn a_missing_secret_hides_no_other_fault() {
    let home = Home::new()
        .replacing(
            "[plugins.relay]\nprovider = \"junction\"",
            "[plugins.relay]\nprovider = \"quest\"",
        )
        .replacing(JUNCTION_EU, "env:NOT_SET");
    check(&home, &[&["plugins.junction-eu", "`NOT_SET`"], &["plugins.relay", "`quest`"]]);
}

#[test]
fn a_plugin_without_secrets_is_a_fault() {
    let none = Home::new().replacing(&format!("secrets = [\"{RELAY}\"]"), "secrets = []");
    check(&none, &[&["plugins.relay.secrets"]]);
    let gone = Home::new().replacing(&format!("secrets = [\"{RELAY}\"]"), "");
    check(&gone, &[&["plugins.relay", "`secrets`"]]);
}

#[test]
fn a_secret_of_the_wrong_form_is_a_fault_and_not_shown() {
    let with = |from: &str, to: &str| Home::new().replacing(from, to);
    check(&with(JUNCTION_EU, "whsec_Zebra!"), &[&["plugins.junction-eu.secrets[0]", "base64"]]);
    check(&with(JUNCTION_OLD, "whsec_"), &[&["plugins.junction.secrets[1]"]]);
    let text = format!("secrets = [\"{RELAY}\"]");
    check(&with(&text, "secrets = \"Zebra\""), &[&["plugins.relay.secrets"]]);
    check(&with(&text, "secrets = [12345]"), &[&["plugins.relay.secrets[0]"]]);
    check(&with(&text, "secrets = [[\"Zebra\"]]"), &[&["plugins.relay.secrets[0]"]]);
    check(&with(&text, "secrets = [\"Zebra"), &[&["plugins.toml line"]]);
    let same = with(CHALLENGE, FULLSCRIPT);
    check(&same, &[&["plugins.fullscript.challenge_token"]]);
    check(&with(&format!("\"{TOKEN}\""), "[\"Zebra\"]"), &[&["api.keys.ops.token"]]);
}

#[test]
fn a_secret_that_can_be_guessed_is_a_fault() {
    let with = |from: &str, to: &str| Home::new().replacing(from, to);
    check(&with(RELAY, "Zebra"), &[&["plugins.relay.secrets[0]", "8 bytes"]]);
    check(&with(RELAY, &"z".repeat(40)), &[&["plugins.relay.secrets[0]", "one byte repeated"]]);
    check(&with(CHALLENGE, "Zebra"), &[&["plugins.fullscript.challenge_token", "8 bytes"]]);
    check(&with(JUNCTION_EU, "whsec_AAAAAAAA"), &[&["plugins.junction-eu.secrets[0]", "8 bytes"]]);
    check(&with(TOKEN, "Zebra-and-more!"), &[&["api.keys.ops.token", "16 bytes"]]);
    let zeros = format!("encryption_keys = [\"{}=\"]", "A".repeat(43));
    let sealed = Home::new().with("store", &zeros);
    check(&sealed, &[&["store.encryption_keys[0]", "one byte repeated"]]);
}

#[test]
fn a_short_secret_of_a_vendor_is_told_and_not_shown() {
    let short = "Zebra-crossing";
    let home = Home::new().replacing(RELAY, short);
    let run = home.run(&["check"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let warnings: Vec<_> =
        run.stdout.lines().filter_map(|line| line.strip_prefix("warning: ")).collect();
    let [warning] = warnings[..] else { panic!("{run:?}") };
    assert!(warning.starts_with("plugins.relay.secrets[0]: ") && warning.contains("16 bytes"));
    let log = home.serve().log();
    assert!(log.contains("plugins.relay.secrets[0]") && log.contains("16"), "{log}");
    assert!(!run.stdout.contains(short) && !log.contains(short), "{run:?} {log}");
}

#[test]
fn a_secret_without_its_padding_is_the_same_secret() {
    let bare = JUNCTION_EU.trim_end_matches('=');
    let gateway = Home::new().replacing(JUNCTION_EU, bare).serve();
    let webhook = junction_by(JUNCTION_EU, "msg_1", now(), order("1"));
    assert_eq!(gateway.post(&webhook.to("/v1/webhooks/junction-eu")).status, 200);
}

#[test]
fn a_line_that_is_no_toml_is_named_and_not_shown() {
    let text = format!("secrets = [\"{RELAY}\"]");
    for slip in [
        "secrets =\n[\"Zebra\"]",
        "secrets = [\n\"a\"\n[\"Zebra\"]\n]",
        "secrets = [\n\"a\",\n[\"Zebra\", oh]\n]",
        "secrets = [\"a\"]\n[Zebra",
        "secrets = [\"a\"] Zebra",
        "[\"Zebra\"]]",
        "\"Zebra\"",
    ] {
        check(&Home::new().replacing(&text, slip), &[&["plugins.toml line"]]);
    }
}

#[test]
fn no_core_dump_holds_a_secret() {
    let limits = spawn_gateway().limits();
    let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().take(2).collect::<Vec<_>>(), ["0", "0"], "{limits}");
}
