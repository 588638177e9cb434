//! What was answered with 2xx is on disk, whatever happens next.

use std::thread;

use labgate_tests::{
    Crowd, Gateway, accepted, fullscript, junction, order, orders, sample, spawn_gateway,
};

#[test]
fn what_was_answered_survives_a_power_cut() {
    for _ in 0..3 {
        let gateway = spawn_gateway();
        let requests = orders(100);
        let accepted = accepted(&Crowd::new(&requests).run(4, |_| gateway.webhooks));
        assert_eq!(accepted.len(), 100);
        gateway.kill().serve().keeps_once(&accepted);
    }
}

#[test]
fn a_power_cut_amid_the_work_loses_nothing_that_was_answered() {
    let gateway = spawn_gateway();
    let address = gateway.webhooks;
    let requests = orders(10_000);
    let crowd = Crowd::new(&requests);
    let (home, sent) = thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(4, |_| address));
        // Some have been answered, and more are on their way.
        crowd.wait_for(40);
        let home = gateway.kill();
        crowd.stop();
        (home, clients.join().unwrap())
    });
    let accepted = accepted(&sent);
    assert!(accepted.len() >= 40 && accepted.len() < sent.len(), "{} answers", accepted.len());
    home.serve().keeps_once(&accepted);
}

#[test]
fn every_kind_of_outcome_survives() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("good", sample("junction/demo/4-final"))).status, 200);
    assert_eq!(gateway.post(&junction("odd", r#"{"event_type":"x.y"}"#)).status, 200);
    assert_eq!(gateway.post(&junction("broken", "{")).status, 400);
    assert_eq!(gateway.post(&fullscript(sample("fullscript/demo/1-placed"))).status, 200);
    let read = |gateway: &Gateway| {
        let lists = ["/v1/webhooks", "/v1/orders", "/v1/events"];
        lists.map(|path| gateway.list(path))
    };
    let before = read(&gateway);
    let again = gateway.kill().serve();
    assert_eq!(read(&again), before);
    again.metrics().check("labgate_quarantined", &[("plugin", "junction")], 1);
    for id in ["good", "odd"] {
        let body = if id == "good" {
            sample("junction/demo/4-final")
        } else {
            br#"{"event_type":"x.y"}"#.to_vec()
        };
        assert_eq!(again.post(&junction(id, body)).json()["duplicate"], true, "{id}");
    }
    assert_eq!(again.post(&junction("broken", "{")).status, 400);
    assert_eq!(again.list("/v1/webhooks").len(), 4);
}

#[test]
fn a_restart_remembers_when_the_last_webhook_came() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    let last = |gateway: &Gateway, plugin: &str| {
        gateway.metrics().find("labgate_last_webhook_timestamp_seconds", &[("plugin", plugin)])
    };
    let before = last(&gateway, "junction");
    assert!(before.is_some());
    let again = gateway.kill().serve();
    assert_eq!(last(&again, "junction"), before);
    assert_eq!(last(&again, "relay"), None);
}
