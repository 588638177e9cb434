//! The server is away, or cuts connections: 503 with `Retry-After`, nothing lost, nothing false.

use std::{thread, time::Duration};

use labgate_tests::{
    Answer, Cluster, Crowd, FULLSCRIPT, Gateway, Home, JUNCTION, Request, accepted, junction,
    order, orders, wait_until, with,
};
use serde_json::json;

/// A gateway on a server of its own.
pub(crate) fn alone(settings: &str) -> (Cluster, Gateway) {
    let cluster = Cluster::start_with(settings);
    let gateway = Home::at(&cluster.database()).with("log", "level = \"debug\"").serve();
    (cluster, gateway)
}

/// As long as a vendor waits for an answer.
pub(crate) const PROMPTLY: Duration = Duration::from_secs(15);

pub(crate) fn is_unavailable(answer: &Answer) {
    assert_eq!((answer.status, &answer.json()["error"]), (503, &json!("unavailable")));
    let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
}

/// Waits until `gateway` takes `request`.
pub(crate) fn is_taken(gateway: &Gateway, request: &Request) {
    wait_until("a webhook is taken", || gateway.post(request).status == 200);
}

#[test]
fn a_server_that_is_away_is_503_and_found_again() {
    let (cluster, gateway) = alone("");
    let [before, amid, after] = ["before", "amid", "after"]
        .map(|id| junction(id, with(&order(id), "/data/notes", "canary-note")));
    assert_eq!(gateway.post(&before).status, 200);
    for stop in [Cluster::stop, Cluster::stop_immediate] {
        stop(&cluster);
        for _ in 0..5 {
            is_unavailable(&gateway.post(&amid));
        }
        let forged = amid.clone().without("svix-signature");
        assert_eq!(gateway.post(&forged).status, 401, "a stranger is not told");
        let ready = gateway.ask(&Request::get("/readyz"));
        assert_eq!((ready.status, &ready.json()["error"]), (503, &json!("not_ready")));
        assert_eq!(gateway.ask(&Request::get("/healthz")).status, 200);
        assert_eq!(gateway.post(&Request::get("/healthz")).status, 200);
        assert_eq!(gateway.ask(&Request::get("/metrics")).status, 200);
        cluster.start_again();
        is_taken(&gateway, &amid);
        wait_until("it is ready", || gateway.ask(&Request::get("/readyz")).status == 200);
    }
    assert_eq!(gateway.post(&after).status, 200);
    assert_eq!(gateway.post(&before).json()["duplicate"], true);
    gateway.keeps_once(&["before", "amid", "after"].map(String::from).into());

    let log = gateway.log();
    let told = log.lines().filter(|line| line.contains("\"ERROR\"") && line.contains("store"));
    assert!(told.count() > 0, "{log}");
    for secret in [JUNCTION, FULLSCRIPT, "canary-note", "labgate@"] {
        assert!(!log.contains(secret.trim_start_matches("whsec_")), "{secret} in {log}");
    }
}

#[test]
fn connections_that_are_cut_cost_no_answer_and_no_webhook() {
    let (cluster, gateway) = alone("");
    let requests = orders(1500);
    let crowd = Crowd::new(&requests);
    let sent = thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(8, |_| gateway.webhooks));
        for round in 1..=10 {
            crowd.wait_for(round * 100);
            cluster.admin(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'labgate'",
            );
        }
        clients.join().unwrap()
    });
    for sent in &sent {
        match sent.status() {
            200 => assert!(!sent.is_duplicate(), "{sent:?}"),
            _ => is_unavailable(sent.answer.as_ref().unwrap()),
        }
    }
    gateway.keeps_once(&accepted(&sent));
    // Whoever got no 200 sends again, and so do some others.
    let again = Crowd::new(&requests).run(8, |_| gateway.webhooks);
    assert_eq!(accepted(&again).len(), requests.len());
    for (first, again) in sent.iter().zip(&again) {
        assert!(first.status() != 200 || again.is_duplicate(), "{first:?} and then {again:?}");
    }
    gateway.keeps_once(&accepted(&again));
}

#[test]
fn a_power_cut_of_the_server_takes_nothing_that_was_answered() {
    let cluster = Cluster::start(true);
    let gateway = Home::at(&cluster.database()).serve();
    let requests = orders(300);
    let crowd = Crowd::new(&requests);
    let sent = thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(8, |_| gateway.webhooks));
        crowd.wait_for(100);
        cluster.stop_immediate();
        cluster.start_again();
        clients.join().unwrap()
    });
    wait_until("it is ready", || gateway.ask(&Request::get("/readyz")).status == 200);
    gateway.keeps_once(&accepted(&sent));
}
