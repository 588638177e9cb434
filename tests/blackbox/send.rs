//! `labgate send`: signs and posts as the vendor would.

use std::fs;

use labgate_tests::{Finished, Gateway, Home, sample, spawn_gateway};

/// Sends `body` through `plugin` as the command line does.
fn send(gateway: &Gateway, plugin: &str, body: &[u8]) -> Finished {
    let file = gateway.home().path().join("body.json");
    fs::write(&file, body).unwrap();
    let to = format!("http://{}/v1/webhooks/{plugin}", gateway.webhooks);
    gateway.home().run(&["send", plugin, "body.json", "--to", &to])
}

#[test]
fn send_signs_and_posts_for_every_plugin() {
    let gateway = spawn_gateway();
    for plugin in ["junction", "junction-eu", "relay"] {
        let run = send(&gateway, plugin, &sample("junction/demo/1-ordered"));
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.stdout.starts_with("200 {"), "{run:?}");
    }
    let run = send(&gateway, "fullscript", &sample("fullscript/demo/1-placed"));
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(gateway.list("/v1/orders").len(), 4);
}

#[test]
fn send_tells_what_was_answered_and_fails_with_it() {
    let gateway = spawn_gateway();
    let run = send(&gateway, "junction", b"{");
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("validation_error"), "{run:?}");
    assert!(run.faults()[0].contains("400"), "{run:?}");
    let elsewhere = format!("http://{}/v1/webhooks/junction-eu", gateway.webhooks);
    let run = gateway.home().run(&["send", "junction", "body.json", "--to", &elsewhere]);
    assert_eq!((run.code, run.faults().len()), (Some(1), 1), "{run:?}");
    assert!(run.stdout.starts_with("401 "), "{run:?}");
}

#[test]
fn send_fails_where_it_can_not_begin() {
    let home = Home::new();
    fs::write(home.path().join("body.json"), "{}").unwrap();
    let check = |arguments: &[&str], words: &[&str]| {
        let run = home.run(&[&["send"], arguments].concat());
        assert_eq!((run.code, run.faults().len()), (Some(1), 1), "{run:?}");
        for word in words {
            assert!(run.faults()[0].contains(word), "no {word}: {run:?}");
        }
    };
    check(&["quest", "body.json"], &["`junction`", "`relay`"]);
    check(&["junction", "nowhere.json"], &["nowhere.json"]);
    check(&["junction", "body.json", "--to", "http://127.0.0.1:1/"], &["reach"]);
    check(&["junction", "body.json", "--to", "no address"], &[]);
}
