//! Somebody else holds a row: nobody waits for it but those who need it.

use std::thread;

use labgate_tests::{
    Answer, Cluster, Home, Request, junction, order, orders, postgres::Session, wait_until, with,
};

/// A webhook of the order `id` that is newer than [`order`].
fn newer(id: &str) -> Request {
    let event = serde_json::json!({
        "id": 2,
        "created_at": "2026-08-02T10:00:00+00:00",
        "status": "received.walk_in_test.requisition_created",
    });
    junction(&format!("newer {id}"), with(&order(id), "/data/events/0", event))
}

fn is_told_to_come_back(answer: &Answer) -> bool {
    answer.status == 503 && answer.header("retry-after").is_some()
}

/// Holds what `sql` selects while the order `held` is written at one gateway and others at the
/// other one.
fn check(sql: &str) {
    let cluster = Cluster::shared();
    let url = cluster.database();
    let [one, two] = [Home::at(&url).serve(), Home::at(&url).serve()];
    assert_eq!(one.post(&junction("held", order("held"))).status, 200);

    let mut session = Session::open(&url).unwrap();
    session.run("BEGIN").unwrap();
    assert_ne!(session.run(sql).unwrap(), "", "{sql}");
    let answer = thread::scope(|scope| {
        let held = scope.spawn(|| one.post(&newer("held")));
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                       AND datname = current_database()";
        wait_until("somebody waits for the row", || {
            held.is_finished() || cluster.query(&url, waiting) != "0"
        });
        for request in orders(20) {
            assert_eq!(two.post(&request).status, 200, "the other gateway waits for nobody");
        }
        session.run("ROLLBACK").unwrap();
        held.join().unwrap()
    });
    assert!(answer.status == 200 || is_told_to_come_back(&answer), "{answer:?}");
    let again = two.post(&newer("held"));
    assert_eq!(again.status, 200, "{again:?}");
    let found = &one.list("/v1/orders?provider_order_id=held")[0];
    assert_eq!(found["status"], "requisition_ready", "{found}");
    assert_eq!(one.all("/v1/webhooks").len(), 22);
}

#[test]
fn an_order_that_is_held_stops_no_other_order() {
    check("SELECT 1 FROM orders WHERE provider_order_id = 'held' FOR UPDATE");
}

#[test]
fn a_webhook_that_is_held_stops_no_other_webhook() {
    check("SELECT 1 FROM webhooks FOR UPDATE");
}

#[test]
fn whoever_only_reads_waits_for_nobody() {
    let url = Cluster::shared().database();
    let gateway = Home::at(&url).serve();
    assert_eq!(gateway.post(&junction("held", order("held"))).status, 200);
    let before = gateway.model();
    let mut session = Session::open(&url).unwrap();
    session.run("BEGIN").unwrap();
    session.run("SELECT 1 FROM orders, webhooks, events FOR UPDATE").unwrap();
    assert_eq!(gateway.model(), before);
    assert_eq!(gateway.feed().len(), 1);
    assert_eq!(gateway.ask(&Request::get("/readyz")).status, 200);
    session.run("ROLLBACK").unwrap();
}
