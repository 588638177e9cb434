//! A start on a server that is not there, or not ours: one clear line, and exit code 1.

use std::time::Instant;

use labgate_tests::{Cluster, Home, Request, junction, order, wait_until};

use crate::away::PROMPTLY;

/// Neither `check` nor `serve` gets there; both tell it soon, in one line with one of `words`.
fn fails(url: &str, words: &[&str]) {
    for command in ["check", "serve"] {
        let started = Instant::now();
        let run = Home::at(url).run(&[command]);
        assert!(started.elapsed() < PROMPTLY, "{command}: {:?}", started.elapsed());
        assert_eq!(run.code, Some(1), "{command}: {run:?}");
        let [fault] = run.faults()[..] else { panic!("{run:?}") };
        assert!(fault.starts_with("store.url: "), "{fault}");
        assert!(words.iter().any(|word| fault.contains(word)), "none of {words:?}: {fault}");
    }
}

#[test]
fn a_database_that_is_not_there_is_a_fault() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    cluster.remove(&url);
    fails(&url, &["does not exist"]);
}

#[test]
fn a_server_that_is_away_is_a_fault() {
    let cluster = Cluster::start(false);
    let url = cluster.database();
    cluster.stop();
    fails(&url, &["refused", "connect", "reach"]);
}

#[test]
fn a_server_that_stands_still_is_a_fault() {
    let cluster = Cluster::start(false);
    let url = cluster.database();
    let _frozen = cluster.freeze();
    fails(&url, &["time", "answer", "connect", "reach"]);
}

#[test]
fn a_role_that_may_not_make_tables_is_a_fault() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    let everything = url.replace("labgate@", "postgres@");
    cluster.query(&everything, "ALTER SCHEMA public OWNER TO postgres");
    let run = Home::at(&url).run(&["serve"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let [fault] = run.faults()[..] else { panic!("{run:?}") };
    assert!(fault.starts_with("store.url: ") && fault.contains("permission"), "{fault}");
}

#[test]
fn a_database_that_can_only_be_read_takes_nothing() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    let gateway = Home::at(&url).serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    let name = cluster.query(&url, "SELECT current_database()");
    cluster.admin(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    let ours =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    cluster.admin(&ours);
    // It may find out only as it goes.
    assert_eq!(gateway.ask(&Request::get("/readyz")).status, 503, "without any traffic");
    let answer = gateway.post(&junction("msg_2", order("2")));
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(gateway.ask(&Request::get("/readyz")).status, 503);
    cluster.admin(&format!("ALTER DATABASE {name} RESET default_transaction_read_only"));
    cluster.admin(&ours);
    wait_until("it is ready", || gateway.ask(&Request::get("/readyz")).status == 200);
    crate::away::is_taken(&gateway, &junction("msg_2", order("2")));
    assert_eq!(gateway.all("/v1/webhooks").len(), 2);
}

#[test]
fn a_gateway_that_may_not_write_or_lacks_a_table_is_not_ready() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    let gateway = Home::at(&url).serve();
    let ready = || gateway.ask(&Request::get("/readyz")).status;
    assert_eq!(ready(), 200);
    for (harm, mend) in [
        ("ALTER TABLE reports RENAME TO gone", "ALTER TABLE gone RENAME TO reports"),
        ("ALTER TABLE events RENAME TO gone", "ALTER TABLE gone RENAME TO events"),
        ("REVOKE UPDATE ON orders FROM labgate", "GRANT UPDATE ON orders TO labgate"),
    ] {
        cluster.query(&url, harm);
        wait_until(harm, || ready() == 503);
        cluster.query(&url, mend);
        wait_until(mend, || ready() == 200);
    }
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
}
