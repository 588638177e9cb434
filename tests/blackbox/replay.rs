//! `labgate replay`: reads kept webhooks again.

use labgate_tests::{Gateway, junction, order, spawn_gateway};

/// A home whose store holds one good and one broken webhook of Junction and one broken of the relay.
fn kept() -> Gateway {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("good", order("1"))).status, 200);
    assert_eq!(gateway.post(&junction("broken", "{")).status, 400);
    assert_eq!(gateway.post(&labgate_tests::relay("{")).status, 400);
    gateway
}

#[test]
fn replay_reads_what_is_quarantined() {
    let gateway = kept();
    let run = gateway.home().run(&["replay"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(run.stdout.matches(": quarantined (body: ").count(), 2, "{run:?}");
    assert!(run.stdout.ends_with("2 webhooks read again\n"), "{run:?}");
    assert_eq!(gateway.list("/v1/webhooks?outcome=quarantined").len(), 2);
}

#[test]
fn replay_can_be_narrowed() {
    let gateway = kept();
    let check = |arguments: &[&str], count: usize| {
        let run = gateway.home().run(&[&["replay"], arguments].concat());
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(run.stdout.lines().count(), count + 1, "{run:?}");
    };
    check(&["--plugin", "junction"], 1);
    check(&["--plugin", "relay"], 1);
    check(&["--plugin", "fullscript"], 0);
    check(&["--outcome", "accepted"], 1);
    check(&["--outcome", "ignored"], 0);
    check(&["--outcome", "quarantined", "--plugin", "relay", "--dry-run"], 1);
    let run = gateway.home().run(&["replay", "--outcome", "lost"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    let run = gateway.home().run(&["replay", "--plugin", "typo"]);
    assert_eq!(run.code, Some(1), "a typo is no plugin without webhooks: {run:?}");
}

#[test]
fn a_dry_run_changes_nothing() {
    let gateway = kept();
    let lists = ["/v1/webhooks", "/v1/orders", "/v1/events"];
    let before = lists.map(|path| gateway.list(path));
    for outcome in ["accepted", "quarantined"] {
        let run = gateway.home().run(&["replay", "--outcome", outcome, "--dry-run"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.stdout.contains("webhooks tried"), "{run:?}");
    }
    assert_eq!(lists.map(|path| gateway.list(path)), before);
}

#[test]
fn a_replay_of_a_plugin_that_is_gone_fails_and_says_so() {
    let home = kept().kill();
    let text = home.configuration();
    let (before, after) =
        (text.find("[plugins.relay]").unwrap(), text.find("[plugins.fullscript]").unwrap());
    home.configure(&format!("{}{}", &text[..before], &text[after..]));
    let run = home.run(&["replay"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("relay: its plugin is not in the configuration"), "{run:?}");
}
