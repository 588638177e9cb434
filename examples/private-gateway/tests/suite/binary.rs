//! The gateway as it is built: the private provider stands beside Labgate's own.

use std::process::Command;

#[test]
fn the_private_provider_stands_beside_the_others() {
    let providers = said(&["providers"]);
    let kinds: Vec<_> = providers.lines().collect();
    assert!(kinds.contains(&"house"), "{providers}");
    for brought_along in labgate::providers::all() {
        assert!(kinds.contains(&brought_along.kind), "{providers}");
    }
}

#[test]
fn the_demo_shows_it() {
    let demo = said(&["demo", "--once"]);
    let (_, house) = demo.split_once("\nhouse ").unwrap();
    for sentence in [
        "the cellar has the sample",
        "order.created · at_lab",
        "a pathologist released the results",
        "order.completed · completed",
    ] {
        assert!(house.contains(sentence), "{sentence}:\n{demo}");
    }
}

/// What the gateway says on standard output when it is run so.
fn said(arguments: &[&str]) -> String {
    let mut gateway = Command::new(env!("CARGO_BIN_EXE_private-gateway"));
    let output = gateway.args(arguments).env_clear().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
