//! A file that is ruined: told, and never taken for a store.

use std::{fs, os::unix::fs::FileExt as _, path::PathBuf};

use labgate_tests::{Crowd, Gateway, Home, Request, TOKEN, accepted, junction, order, orders};
use serde_json::json;

#[test]
fn a_store_that_is_ruined_is_not_ready_and_yet_alive() {
    let gateway = Home::on_sqlite().serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    for name in ["labgate.db", "labgate.db-wal"] {
        let path = gateway.home().path().join(name);
        let length = usize::try_from(fs::metadata(&path).unwrap().len()).unwrap();
        fs::write(path, vec![b'Z'; length]).unwrap();
    }
    let answer = gateway.ask(&Request::get("/readyz"));
    assert_eq!((answer.status, &answer.json()["error"]), (503, &json!("not_ready")));
    assert_eq!(gateway.ask(&Request::get("/healthz")).status, 200);
    assert_eq!(gateway.ask(&Request::get("/metrics")).status, 200);
    for path in ["/v1/orders", "/v1/events"] {
        let answer = gateway.ask(&Request::get(path).bearer(TOKEN));
        assert!([500, 503].contains(&answer.status), "{path}: {answer:?}");
    }
}

/// Writes garbage over the bytes of `file` from `start` on, without making it longer or shorter.
fn garble(file: &PathBuf, start: u64, length: u64) {
    let file = fs::OpenOptions::new().write(true).open(file).unwrap();
    let end = file.metadata().unwrap().len();
    let count = usize::try_from(length.min(end - start)).unwrap();
    file.write_all_at(&vec![b'Z'; count], start).unwrap();
}

/// A home with three hundred orders, all of them in the file itself.
fn written() -> (Home, PathBuf) {
    let gateway = Home::on_sqlite().serve();
    let requests = orders(300);
    assert_eq!(accepted(&Crowd::new(&requests).run(8, |_| gateway.webhooks)).len(), 300);
    gateway.terminate();
    let (status, log, home) = gateway.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    let file = home.path().join("labgate.db");
    // The last one out puts the log away.
    assert_eq!(home.run(&["check"]).code, Some(0));
    assert!(!home.path().join("labgate.db-wal").exists());
    (home, file)
}

#[test]
fn a_garbled_header_is_a_fault_at_the_start() {
    let (home, file) = written();
    garble(&file, 0, 100);
    let before = fs::read(&file).unwrap();
    for command in ["check", "serve"] {
        let run = home.run(&[command]);
        assert_eq!(run.code, Some(1), "{command}: {run:?}");
        let [fault] = run.faults()[..] else { panic!("{command}: {run:?}") };
        assert!(fault.starts_with("store.url: ") && fault.contains("database"), "{fault}");
    }
    assert_eq!(fs::read(&file).unwrap(), before, "nothing is written over it");
}

/// What is answered with 200 is there when it is asked for again, or the gateway says that it
/// can't tell.
fn tells_no_lie(gateway: &Gateway) {
    let requests: Vec<_> =
        (0..200).map(|index| format!("new-{index}")).map(|id| junction(&id, order(&id))).collect();
    let sent = Crowd::new(&requests).run(4, |_| gateway.webhooks);
    for sent in &sent {
        assert!([200, 503].contains(&sent.status()), "{sent:?}");
    }
    assert!(sent.iter().any(|sent| sent.status() == 503), "it is ruined");
    let again = Crowd::new(&requests).run(4, |_| gateway.webhooks);
    for (first, again) in sent.iter().zip(&again) {
        if first.status() == 200 {
            let is_told = again.status() == 503 || again.is_duplicate();
            assert!(is_told, "{first:?} and then {again:?}");
        }
    }
    assert_eq!(gateway.post(&Request::get("/healthz")).status, 200);
}

#[test]
fn a_file_that_is_garbled_behind_its_first_page_acknowledges_nothing_falsely() {
    let (home, file) = written();
    let gateway = home.serve();
    garble(&file, 4096, u64::MAX);
    tells_no_lie(&gateway);
    for path in ["/v1/orders?limit=500", "/v1/events?limit=500", "/v1/webhooks?limit=500"] {
        let answer = gateway.ask(&Request::get(path).bearer(TOKEN));
        assert!([500, 503].contains(&answer.status), "{path}: {answer:?}");
    }
}

#[test]
fn a_file_that_is_cut_short_acknowledges_nothing_falsely() {
    let (home, file) = written();
    let gateway = home.serve();
    fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(4096).unwrap();
    tells_no_lie(&gateway);
}
