//! What was answered with 2xx is on disk, whatever happens next.

use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use labgate_tests::{Gateway, Request, fullscript, junction, order, sample, spawn_gateway};
use serde_json::Value;

fn texts(items: &[Value], field: &str) -> Vec<String> {
    items.iter().map(|item| item[field].as_str().unwrap().into()).collect()
}

/// Everything in `answered` is kept exactly once, and told of exactly once.
fn check(gateway: &Gateway, answered: &BTreeSet<String>) {
    let kept = texts(&gateway.list("/v1/webhooks?limit=500"), "message_id");
    let unique: BTreeSet<_> = kept.iter().cloned().collect();
    assert_eq!(unique.len(), kept.len(), "nothing is kept twice");
    assert!(unique.is_superset(answered), "lost: {:?}", answered.difference(&unique));
    let orders = texts(&gateway.list("/v1/orders?limit=500"), "provider_order_id");
    assert_eq!(orders.into_iter().collect::<BTreeSet<_>>(), unique);
    let events = gateway.list("/v1/events?limit=500");
    assert_eq!(events.len(), unique.len(), "one event for each order");
    assert_eq!(texts(&events, "order_id").into_iter().collect::<BTreeSet<_>>().len(), unique.len());
}

#[test]
fn what_was_answered_survives_a_power_cut() {
    for _ in 0..3 {
        let gateway = spawn_gateway();
        let answered: BTreeSet<String> = thread::scope(|scope| {
            let posts: Vec<_> = (0..4)
                .map(|lane| {
                    let gateway = &gateway;
                    scope.spawn(move || {
                        (0..25)
                            .map(|index| format!("msg-{lane}-{index}"))
                            .filter(|id| gateway.post(&junction(id, order(id))).status == 200)
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            posts.into_iter().flat_map(|post| post.join().unwrap()).collect()
        });
        assert_eq!(answered.len(), 100);
        check(&gateway.kill().serve(), &answered);
    }
}

#[test]
fn a_power_cut_amid_the_work_loses_nothing_that_was_answered() {
    let gateway = spawn_gateway();
    let address = gateway.webhooks;
    let lanes: Vec<_> = (0..4)
        .map(|lane| {
            thread::spawn(move || {
                let ids = (0..10_000).map(|index| format!("msg-{lane}-{index}"));
                ids.take_while(|id| answered(address, &junction(id, order(id)))).collect::<Vec<_>>()
            })
        })
        .collect();
    // Some have been answered, and more are on their way.
    wait_for(|| !gateway.list("/v1/events?limit=1&after=40").is_empty());
    let home = gateway.kill();
    let answered = lanes.into_iter().flat_map(|lane| lane.join().unwrap()).collect();
    check(&home.serve(), &answered);
}

/// Whether a request got a 200 before the other side fell silent.
fn answered(address: std::net::SocketAddr, request: &Request) -> bool {
    let mut received = Vec::new();
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let sent = stream.write_all(&request.to_bytes());
    let _ = stream.read_to_end(&mut received);
    sent.is_ok() && received.starts_with(b"HTTP/1.1 200")
}

pub(crate) fn wait_for(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "it never came");
        thread::yield_now();
    }
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
