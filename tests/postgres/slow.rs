//! A server that stands still, as one with a dead disk does: connections stay and nothing answers.

use std::{
    thread,
    time::{Duration, Instant},
};

use labgate_tests::{Crowd, Request, TOKEN, accepted, junction, order, orders, wait_until, with};

use crate::away::{PROMPTLY, alone, is_taken, is_unavailable};

#[test]
fn a_server_that_stands_still_is_503_in_time_and_fills_no_memory() {
    let (cluster, gateway) = alone("");
    assert_eq!(gateway.post(&junction("first", order("first"))).status, 200);
    let large = "x".repeat(900_000);
    let requests: Vec<_> = (0..480)
        .map(|index| format!("order-{index}"))
        .map(|id| junction(&id, with(&order(&id), "/data/passthrough", &*large)))
        .collect();
    let frozen = cluster.freeze();
    let sent = Crowd::new(&requests).run(120, |_| gateway.webhooks);
    for sent in &sent {
        assert!(sent.took < PROMPTLY, "{:?} for {}", sent.took, sent.index);
        is_unavailable(sent.answer.as_ref().unwrap());
    }
    // Twice the room for bodies, and what it needs anyway: in all, more than that was sent.
    let most = gateway.most_memory();
    assert!(most < 384 << 20, "{} MiB", most >> 20);

    drop(frozen);
    is_taken(&gateway, &junction("second", order("second")));
    let again = Crowd::new(&requests[..40]).run(4, |_| gateway.webhooks);
    assert_eq!(accepted(&again).len(), 40, "{again:?}");
    assert!(gateway.all("/v1/webhooks").len() >= 42);
}

#[test]
fn a_server_that_stands_still_is_told_in_time() {
    let (cluster, gateway) = alone("");
    assert_eq!(gateway.post(&junction("first", order("first"))).status, 200);
    assert_eq!(gateway.ask(&Request::get("/readyz")).status, 200);
    let frozen = cluster.freeze();
    let in_time = |path: &str| {
        let started = Instant::now();
        let answer = gateway.ask(&Request::get(path).bearer(TOKEN));
        assert!(started.elapsed() < PROMPTLY, "{path}: {:?}", started.elapsed());
        answer.status
    };
    let started = Instant::now();
    assert_eq!(in_time("/readyz"), 503);
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    // More often than there are connections to ask on.
    for _ in 0..8 {
        assert_eq!((in_time("/readyz"), in_time("/healthz")), (503, 200));
    }
    for path in ["/v1/orders", "/v1/events", "/v1/webhooks"] {
        assert_eq!(in_time(path), 503, "{path}");
    }
    assert_eq!(in_time("/metrics"), 200);
    drop(frozen);
    wait_until("it is ready", || gateway.ask(&Request::get("/readyz")).status == 200);
    assert_eq!(gateway.all("/v1/orders").len(), 1);
}

#[test]
fn what_was_on_its_way_when_it_stood_still_is_there_once() {
    let (cluster, gateway) = alone("");
    let requests = orders(400);
    let crowd = Crowd::new(&requests);
    let sent = thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(8, |_| gateway.webhooks));
        crowd.wait_for(100);
        let frozen = cluster.freeze();
        // Whoever was on the way has been told to come back.
        crowd.wait_for(110);
        drop(frozen);
        clients.join().unwrap()
    });
    for sent in &sent {
        assert!(sent.took < PROMPTLY, "{sent:?}");
        if sent.status() != 200 {
            is_unavailable(sent.answer.as_ref().unwrap());
        }
    }
    wait_until("it is ready", || gateway.ask(&Request::get("/readyz")).status == 200);
    gateway.keeps_once(&accepted(&sent));
    let again = Crowd::new(&requests).run(4, |_| gateway.webhooks);
    assert_eq!(accepted(&again).len(), 400);
    gateway.keeps_once(&accepted(&again));
}
