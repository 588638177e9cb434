//! A store whose files are deleted, moved, cut or replaced while a gateway serves: from then on it
//! acknowledges nothing, and what it acknowledged before is still there.

use std::{collections::BTreeSet, fs, path::Path, thread};

use labgate_tests::{Crowd, Gateway, Home, Request, accepted, junction, order, orders, wait_until};

const FILE: &str = "labgate.db";
const LOG: &str = "labgate.db-wal";
const INDEX: &str = "labgate.db-shm";

/// A second name of the store's file, under which it outlasts the first.
const KEPT: &str = "kept.db";

/// The log of `gateway` says once that the file `name` is the reason.
fn reports(gateway: &Gateway, name: &str) {
    let log = gateway.log();
    let told = log.lines().filter(|line| line.contains("the store takes no webhooks"));
    let told: Vec<_> = told.collect();
    assert_eq!(told.len(), 1, "one line: {log}");
    assert!(told[0].contains("\"ERROR\"") && told[0].contains(&format!("{name} ")), "{}", told[0]);
}

/// The gateway acknowledges nothing and says so, but is alive.
fn refuses(gateway: &Gateway) {
    for round in 0..3 {
        let id = format!("refused-{round}");
        let answer = gateway.post(&junction(&id, order(&id)));
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
        assert_eq!(gateway.ask(&Request::get("/readyz")).status, 503);
    }
    assert_eq!(gateway.ask(&Request::get("/healthz")).status, 200);
    assert_eq!(gateway.ask(&Request::get("/metrics")).status, 200);
}

/// Does `harm` to the folder of a gateway that is taking webhooks, and returns the names of those
/// that it accepted.
fn harmed(harm: impl FnOnce(&Path)) -> (Gateway, BTreeSet<String>) {
    let gateway = Home::on_sqlite().serve();
    let requests = orders(600);
    let crowd = Crowd::new(&requests);
    let sent = thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(4, |_| gateway.webhooks));
        crowd.wait_for(200);
        harm(gateway.home().path());
        clients.join().unwrap()
    });
    for sent in &sent {
        assert!([200, 503].contains(&sent.status()), "{sent:?}");
    }
    let accepted = accepted(&sent);
    assert!((200..600).contains(&accepted.len()), "{} of 600 were acknowledged", accepted.len());
    (gateway, accepted)
}

/// Stops `gateway`, makes `KEPT` its file again, and starts another one.
fn restored(gateway: Gateway) -> Gateway {
    gateway.terminate();
    let (status, log, home) = gateway.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    fs::rename(home.path().join(KEPT), home.path().join(FILE)).unwrap();
    home.serve()
}

#[test]
fn nothing_is_acknowledged_once_the_file_is_deleted() {
    let (gateway, accepted) = harmed(|folder| {
        fs::hard_link(folder.join(FILE), folder.join(KEPT)).unwrap();
        fs::remove_file(folder.join(FILE)).unwrap();
    });
    refuses(&gateway);
    reports(&gateway, FILE);
    assert!(!gateway.home().path().join(FILE).exists(), "no new store is made in silence");
    restored(gateway).keeps_once(&accepted);
}

#[test]
fn a_deleted_store_is_made_anew_by_a_restart() {
    let gateway = Home::on_sqlite().serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    for name in [FILE, LOG, INDEX] {
        fs::remove_file(gateway.home().path().join(name)).unwrap();
    }
    refuses(&gateway);
    let gateway = gateway.kill().serve();
    assert_ne!(gateway.post(&junction("msg_1", order("1"))).json()["duplicate"], true);
}

#[test]
fn a_log_that_outlasted_its_file_is_not_thrown_away() {
    let gateway = Home::on_sqlite().serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    let home = gateway.kill();
    let [file, log, aside] = [FILE, LOG, "aside"].map(|name| home.path().join(name));
    fs::remove_file(&file).unwrap();
    let before = fs::read(&log).unwrap();
    for command in ["check", "serve"] {
        let run = home.run(&[command]);
        assert_eq!(run.code, Some(1), "{command}: {run:?}");
        let [fault] = run.faults()[..] else { panic!("{command}: {run:?}") };
        assert!(fault.starts_with("store.url: ") && fault.contains(LOG), "{fault}");
    }
    assert_eq!(fs::read(&log).unwrap(), before);
    fs::rename(log, aside).unwrap();
    assert_eq!(home.serve().post(&junction("msg_1", order("1"))).status, 200);
}

#[test]
fn nothing_is_acknowledged_once_the_file_is_renamed() {
    let (gateway, accepted) = harmed(|folder| {
        fs::rename(folder.join(FILE), folder.join(KEPT)).unwrap();
    });
    refuses(&gateway);
    reports(&gateway, FILE);
    restored(gateway).keeps_once(&accepted);
}

#[test]
fn a_file_that_is_renamed_back_is_found_again_without_a_restart() {
    let (gateway, mut accepted) = harmed(|folder| {
        fs::rename(folder.join(FILE), folder.join(KEPT)).unwrap();
    });
    refuses(&gateway);
    let folder = gateway.home().path();
    fs::rename(folder.join(KEPT), folder.join(FILE)).unwrap();
    wait_until("it is ready", || gateway.ask(&Request::get("/readyz")).status == 200);
    assert_eq!(gateway.post(&junction("order-after", order("order-after"))).status, 200);
    accepted.insert("order-after".into());
    gateway.keeps_once(&accepted);
    gateway.kill().serve().keeps_once(&accepted);
}

#[test]
fn nothing_is_acknowledged_once_the_folder_is_moved() {
    // The files are there, and an operator may look at them; but not where they are looked for.
    let gateway = Home::on_sqlite().serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    let home = gateway.home().path().to_owned();
    let aside = home.with_extension("aside");
    fs::rename(&home, &aside).unwrap();
    refuses(&gateway);
    fs::rename(&aside, &home).unwrap();
    wait_until("it is ready", || gateway.ask(&Request::get("/readyz")).status == 200);
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).json()["duplicate"], true);
}

#[test]
fn nothing_is_acknowledged_once_a_copy_replaces_the_file() {
    let (gateway, accepted) = harmed(|folder| {
        fs::hard_link(folder.join(FILE), folder.join(KEPT)).unwrap();
        fs::copy(folder.join(FILE), folder.join("copy.db")).unwrap();
        fs::rename(folder.join("copy.db"), folder.join(FILE)).unwrap();
    });
    refuses(&gateway);
    reports(&gateway, FILE);
    restored(gateway).keeps_once(&accepted);
}

#[test]
fn nothing_is_acknowledged_once_the_file_is_cut() {
    for keeps in [|_| 0, |length| length / 2] {
        // All of it is in the file itself, so that the half is less than it was.
        let gateway = Home::on_sqlite().serve();
        let requests = orders(300);
        assert_eq!(accepted(&Crowd::new(&requests).run(4, |_| gateway.webhooks)).len(), 300);
        gateway.terminate();
        let (_, _, home) = gateway.wait();
        let gateway = home.serve();
        let id = "order-300";
        assert_eq!(gateway.post(&junction(id, order(id))).status, 200);
        let file = fs::OpenOptions::new().write(true).open(gateway.home().path().join(FILE));
        let file = file.unwrap();
        file.set_len(keeps(file.metadata().unwrap().len())).unwrap();
        refuses(&gateway);
        reports(&gateway, FILE);
    }
}

#[test]
fn what_was_acknowledged_outlasts_a_deleted_log() {
    let (gateway, accepted) = harmed(|folder| fs::remove_file(folder.join(LOG)).unwrap());
    refuses(&gateway);
    reports(&gateway, LOG);
    // Not even a power cut takes it.
    gateway.kill().serve().keeps_once(&accepted);
}

#[test]
fn what_was_acknowledged_outlasts_a_log_that_a_copy_replaced() {
    let (gateway, accepted) = harmed(|folder| {
        fs::copy(folder.join(LOG), folder.join("copy")).unwrap();
        fs::rename(folder.join("copy"), folder.join(LOG)).unwrap();
    });
    refuses(&gateway);
    reports(&gateway, LOG);
    gateway.kill().serve().keeps_once(&accepted);
}

#[test]
fn nothing_is_acknowledged_once_the_log_is_cut() {
    for keeps in [|_| 0, |length| length / 2] {
        let gateway = Home::on_sqlite().serve();
        for request in orders(5) {
            assert_eq!(gateway.post(&request).status, 200);
        }
        let log = fs::OpenOptions::new().write(true).open(gateway.home().path().join(LOG)).unwrap();
        log.set_len(keeps(log.metadata().unwrap().len())).unwrap();
        refuses(&gateway);
        reports(&gateway, LOG);
    }
}

#[test]
fn what_was_acknowledged_outlasts_a_deleted_index() {
    let (gateway, accepted) = harmed(|folder| fs::remove_file(folder.join(INDEX)).unwrap());
    refuses(&gateway);
    reports(&gateway, INDEX);
    gateway.kill().serve().keeps_once(&accepted);
}

#[test]
fn another_process_may_put_the_log_away() {
    let gateway = Home::on_sqlite().with("store", "keep_webhooks = \"1h\"").serve();
    let requests = orders(400);
    let crowd = Crowd::new(&requests);
    let sent = thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(4, |_| gateway.webhooks));
        for round in 1..=3 {
            crowd.wait_for(round * 100);
            let run = gateway.home().run(&["prune"]);
            assert_eq!(run.code, Some(0), "{run:?}");
        }
        clients.join().unwrap()
    });
    let accepted = accepted(&sent);
    assert_eq!(accepted.len(), 400, "{}", gateway.log());
    gateway.kill().serve().keeps_once(&accepted);
}
