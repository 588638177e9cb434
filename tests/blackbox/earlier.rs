//! A store that an earlier build made: it opens, is brought up to date, and tells the same.

use std::{fs, os::unix::fs::OpenOptionsExt as _, path::PathBuf, process::Command};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use labgate_tests::{Gateway, Home, junction, labgate, order, postgres::Session};
use serde_json::Value;

/// A file of `tests/earlier/`, decompressed.
fn earlier(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("earlier").join(name);
    let output = Command::new("gzip").arg("-dc").arg(path).output().unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    output.stdout
}

/// A home with the store of an earlier build.
fn home() -> Home {
    let home = Home::new();
    if home.store_url().starts_with("postgres://") {
        let dump = String::from_utf8(earlier("store.sql.gz")).unwrap();
        // What begins with a backslash is for psql.
        let sql: Vec<_> = dump.lines().filter(|line| !line.starts_with('\\')).collect();
        Session::open(home.store_url()).unwrap().run(&sql.join("\n")).unwrap();
    } else {
        let mut file = fs::OpenOptions::new();
        let file = file.write(true).create_new(true).mode(0o600);
        let mut file = file.open(home.path().join("labgate.db")).unwrap();
        std::io::Write::write_all(&mut file, &earlier("store.db.gz")).unwrap();
    }
    home
}

/// Fails unless `found` tells all that `expected` does; it may tell more.
fn tells(found: &Value, expected: &Value, at: &str) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            for (key, expected) in expected {
                tells(found.get(key).unwrap_or(&Value::Null), expected, &format!("{at}/{key}"));
            }
        }
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{at}");
            for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                tells(found, expected, &format!("{at}/{index}"));
            }
        }
        (found, expected) => assert_eq!(found, expected, "{at}"),
    }
}

/// Fails unless a gateway tells what the earlier build told.
fn tells_the_same(gateway: &Gateway) {
    let mut told: Value = serde_json::from_slice(&earlier("told.json.gz")).unwrap();
    // Paperwork that follows a kit has stopped to take the phase back.
    told["model"]["69a0348b-0fea-5bc1-a4df-e571e0ba2503"]["order"]["phase"] = "collecting".into();
    let model = serde_json::to_value(gateway.model()).unwrap();
    assert_eq!(model.as_object().unwrap().len(), told["model"].as_object().unwrap().len());
    tells(&model, &told["model"], "");
    tells(&Value::Array(gateway.feed()), &told["feed"], "feed");
    let webhooks = gateway.all("/v1/webhooks");
    for webhook in &webhooks {
        let kept = gateway.read(&format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap()));
        assert!(!kept["body"].is_null() || !kept["body_base64"].is_null(), "{kept}");
    }
    tells(&Value::Array(webhooks), &told["webhooks"], "webhooks");
}

#[test]
fn it_opens_and_tells_the_same_and_goes_on() {
    let home = home();
    let check = home.run(&["check"]);
    assert!(check.code == Some(0) && check.stdout.contains("`serve` brings its"), "{check:?}");
    let gateway = home.serve();
    tells_the_same(&gateway);
    assert!(!gateway.log().contains("WARN"), "{}", gateway.log());
    assert_eq!(gateway.post(&junction("m-1", order("o-1"))).status, 200);
    let gateway = gateway.kill().serve();
    assert_eq!(gateway.all("/v1/webhooks").len(), 72);
}

#[test]
fn it_is_sealed_and_tells_the_same() {
    let key = STANDARD.encode(*b"a key of an earlier store, today");
    let home = home().with("store", &format!("encryption_keys = [\"{key}\"]"));
    let gateway = home.serve();
    let run = gateway.home().run(&["rekey", "--adopt-plain"]);
    assert!(run.code == Some(0) && run.stdout.starts_with("101 rows "), "{run:?}");
    tells_the_same(&gateway);
    let run = gateway.home().run(&["rekey"]);
    assert!(run.code == Some(0) && run.stdout.starts_with("0 rows "), "{run:?}");
    tells_the_same(&gateway);
    tells_the_same(&gateway.kill().serve());
}

#[test]
fn its_age_counts_from_its_newest_webhook_until_the_clock_is_vouched_for() {
    // Older than an hour, and kept within a second.
    let home = home();
    let prune = |arguments: &[&str]| {
        let keep = [("LABGATE_STORE__KEEP_WEBHOOKS", "10m")];
        labgate(home.path(), &[&["prune"], arguments].concat(), &keep)
    };
    for _ in 0..2 {
        let run = prune(&[]);
        assert_eq!((run.code, &*run.stdout), (Some(1), "0 webhooks removed\n"), "{run:?}");
        let [fault] = run.faults()[..] else { panic!("{run:?}") };
        assert!(fault.contains("ahead") && fault.contains("--trust-clock"), "{fault}");
    }
    let run = prune(&["--trust-clock", "--dry-run"]);
    assert!(run.code == Some(0) && !run.stdout.starts_with("0 "), "{run:?}");
    let run = prune(&[]);
    assert_eq!((run.code, &*run.stdout), (Some(1), "0 webhooks removed\n"), "{run:?}");
    let run = prune(&["--trust-clock"]);
    assert!(run.code == Some(0) && !run.stdout.starts_with("0 "), "{run:?}");
    assert_eq!(prune(&[]).code, Some(0), "and so it stays");
}
