//! A disk that is full: 503 with `Retry-After`, nothing accepted, nothing lost.

use std::{collections::BTreeSet, thread};

use labgate_tests::{
    Answer, Crowd, Gateway, Home, Request, accepted, junction, order, orders, wait_until, with,
};
use serde_json::json;

fn webhook(index: usize) -> Request {
    let id = format!("order-{index}");
    junction(&id, with(&order(&id), "/data/passthrough", "x".repeat(50_000)))
}

/// A gateway whose disk is full, and which of forty webhooks it took before.
fn full() -> (Gateway, BTreeSet<usize>, Vec<(usize, Answer)>) {
    let gateway = Home::on_sqlite().disk(Some(1 << 20)).serve();
    let answers: Vec<_> = (0..40).map(|index| (index, gateway.post(&webhook(index)))).collect();
    let (taken, refused): (Vec<_>, _) =
        answers.into_iter().partition(|(_, answer)| answer.status == 200);
    let taken: BTreeSet<_> = taken.into_iter().map(|(index, _)| index).collect();
    assert!(!taken.is_empty() && taken.len() < 40, "{taken:?}: {}", gateway.log());
    (gateway, taken, refused)
}

#[test]
fn a_full_disk_is_503_and_the_sender_is_told_when_to_come_back() {
    let (gateway, _, refused) = full();
    for (index, answer) in &refused {
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (503, &json!("unavailable")),
            "{index}"
        );
        let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds));
    }
    let labels = [("plugin", "junction"), ("outcome", "unavailable")];
    let count = u32::try_from(refused.len()).unwrap();
    gateway.metrics().check("labgate_webhooks_total", &labels, count);
    assert_eq!(gateway.post(&Request::get("/healthz")).status, 200, "alive all the same");
    let forged = webhook(0).without("svix-signature");
    assert_eq!(gateway.post(&forged).status, 401, "a stranger is not told");
}

#[test]
fn a_gateway_whose_disk_is_full_is_not_ready_until_it_is_freed() {
    let gateway = Home::on_sqlite().disk(Some(1 << 40)).serve();
    assert_eq!(gateway.post(&webhook(0)).status, 200);
    let ready = || gateway.ask(&Request::get("/readyz")).status;
    assert_eq!(ready(), 200);
    gateway.disk(Some(0));
    for index in 1..4 {
        assert_eq!(gateway.post(&webhook(index)).status, 503);
        assert_eq!(ready(), 503);
    }
    gateway.disk(None);
    // Without any traffic.
    wait_until("it is ready", || ready() == 200);
    assert_eq!(gateway.post(&webhook(1)).status, 200);
    let log = gateway.log();
    for line in ["the store takes no webhooks", "the store takes webhooks again"] {
        assert_eq!(log.lines().filter(|told| told.contains(line)).count(), 1, "{log}");
    }
}

#[test]
fn what_was_taken_is_there_and_what_was_refused_is_not() {
    let (gateway, taken, refused) = full();
    let check = |gateway: &Gateway, expected: &BTreeSet<usize>| {
        let mut kept: Vec<usize> = gateway
            .list("/v1/webhooks?limit=500")
            .iter()
            .map(|kept| kept["message_id"].as_str().unwrap()[6..].parse().unwrap())
            .collect();
        kept.sort_unstable();
        assert_eq!(kept, expected.iter().copied().collect::<Vec<_>>());
        assert_eq!(gateway.list("/v1/orders?limit=500").len(), expected.len());
        assert_eq!(gateway.list("/v1/events?limit=500").len(), expected.len());
    };
    check(&gateway, &taken);
    let gateway = gateway.kill().disk(None).serve();
    check(&gateway, &taken);
    for (index, _) in &refused {
        let answer = gateway.post(&webhook(*index));
        assert_eq!((answer.status, &answer.json()["ingested_count"]), (200, &json!(1)), "{index}");
    }
    for index in &taken {
        assert_eq!(gateway.post(&webhook(*index)).json()["duplicate"], true);
    }
    check(&gateway, &(0..40).collect());
}

#[test]
fn a_disk_that_fills_up_amid_the_work_and_is_freed_again_needs_no_restart() {
    let gateway = Home::on_sqlite().disk(Some(1 << 40)).serve();
    let requests = orders(600);
    let crowd = Crowd::new(&requests);
    let sent = thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(8, |_| gateway.webhooks));
        for round in 1..4 {
            crowd.wait_for(round * 150 - 50);
            gateway.disk(Some(0));
            crowd.wait_for(round * 150);
            gateway.disk(None);
        }
        clients.join().unwrap()
    });
    for sent in &sent {
        assert!([200, 503].contains(&sent.status()), "{sent:?}");
    }
    let taken = accepted(&sent);
    assert!(taken.len() < sent.len(), "the disk was full for a while");
    gateway.keeps_once(&taken);
    wait_until("it is ready", || gateway.ask(&Request::get("/readyz")).status == 200);
    let again = Crowd::new(&requests).run(8, |_| gateway.webhooks);
    assert_eq!(accepted(&again).len(), requests.len());
    for (first, again) in sent.iter().zip(&again) {
        assert_eq!(first.status() == 200, again.is_duplicate(), "{first:?} and then {again:?}");
    }
    gateway.kill().serve().keeps_once(&accepted(&again));
}
