//! All connections of the server are taken by others.

use labgate_tests::{Cluster, Crowd, Request, accepted, orders, postgres::Session, wait_until};

use crate::away::{PROMPTLY, alone, is_unavailable};

/// Takes every connection that is free.
fn strangers(cluster: &Cluster) -> Vec<Session> {
    let url = format!("postgres://labgate@127.0.0.1:{}/postgres", cluster.port());
    let mut taken = Vec::new();
    loop {
        match Session::open(&url) {
            Ok(session) => taken.push(session),
            // Too many connections, or none but those that are kept for superusers.
            Err(error) if error.contains("53300") => return taken,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn a_server_without_a_free_connection_is_503_at_once_and_found_again() {
    let (cluster, gateway) = alone("max_connections = 30");
    let requests = orders(60);
    let held = strangers(&cluster);
    // It may have kept connections; those go on working.
    let sent = Crowd::new(&requests).run(8, |_| gateway.webhooks);
    for sent in &sent {
        assert!(sent.took < PROMPTLY, "{sent:?}");
        if sent.status() != 200 {
            is_unavailable(sent.answer.as_ref().unwrap());
        }
    }
    let mut kept = accepted(&sent);

    // Whatever it loses now, others take; and a place that is free for a moment is not for it.
    let mut more = Vec::new();
    let limit = |most: i32| {
        let theirs = "datname NOT IN ('postgres', 'template0', 'template1')";
        cluster.admin(&format!("UPDATE pg_database SET datconnlimit = {most} WHERE {theirs}"));
    };
    limit(0);
    wait_until("it has no connection", || {
        let ours = "FROM pg_stat_activity WHERE usename = 'labgate' AND datname <> 'postgres'";
        cluster.admin(&format!("SELECT count(pg_terminate_backend(pid)) {ours}"));
        more.extend(strangers(&cluster));
        cluster.admin(&format!("SELECT count(*) {ours}")) == "0"
    });
    let sent = Crowd::new(&requests).run(8, |_| gateway.webhooks);
    for sent in &sent {
        assert!(sent.took < PROMPTLY, "{sent:?}");
        is_unavailable(sent.answer.as_ref().unwrap());
    }
    assert_eq!(gateway.ask(&Request::get("/readyz")).status, 503);
    assert_eq!(gateway.ask(&Request::get("/healthz")).status, 200);

    drop((held, more));
    limit(-1);
    wait_until("it is ready", || gateway.ask(&Request::get("/readyz")).status == 200);
    let sent = Crowd::new(&requests).run(8, |_| gateway.webhooks);
    assert_eq!(accepted(&sent).len(), 60, "{sent:?}");
    kept.extend(accepted(&sent));
    gateway.keeps_once(&kept);
}
