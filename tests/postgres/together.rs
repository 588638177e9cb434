//! Two gateways on one database are one to everybody outside.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
};

use labgate_tests::{
    Cluster, Crowd, Gateway, Home, Request, accepted, lifecycle, orders, same, spawn_gateway,
};
use serde_json::Value;

/// Two gateways on one fresh database of the shared server.
pub(crate) fn pair() -> [Gateway; 2] {
    let url = Cluster::shared().database();
    [Home::at(&url).serve(), Home::at(&url).serve()]
}

#[test]
fn one_webhook_at_both_at_once_is_kept_once() {
    let gateways = pair();
    let addresses = gateways.each_ref().map(|gateway| gateway.webhooks);
    // Each twice, one after the other: two clients that are in step send both at once.
    let requests: Vec<_> =
        orders(200).into_iter().flat_map(|order| [order.clone(), order]).collect();
    let sent = Crowd::new(&requests).run(4, |index| addresses[index % 2]);
    for pair in sent.chunks(2) {
        let statuses = [pair[0].status(), pair[1].status()];
        assert_eq!(statuses, [200; 2], "{pair:?}");
        assert_eq!(pair.iter().filter(|sent| sent.is_duplicate()).count(), 1, "{pair:?}");
    }
    for gateway in &gateways {
        gateway.keeps_once(&(0..200).map(|index| format!("order-{index}")).collect());
    }
}

/// The same requests in another order; any will do, as long as it is the same in each run.
pub(crate) fn shuffled(requests: &[Request]) -> Vec<Request> {
    let count = requests.len();
    let step = (count / 3..2 * count).find(|step| is_coprime(*step, count)).unwrap();
    (0..count).map(|index| requests[index * step % count].clone()).collect()
}

fn is_coprime(one: usize, other: usize) -> bool {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one == 1
}

#[test]
fn the_life_of_many_orders_split_over_both_is_what_one_alone_makes_of_it() {
    let gateways = pair();
    let addresses = gateways.each_ref().map(|gateway| gateway.webhooks);
    let lives: Vec<_> = (0..30).flat_map(|index| lifecycle(&format!("order-{index}"))).collect();
    let requests = shuffled(&lives);
    let sent = Crowd::new(&requests).run(12, |index| addresses[index * 7 / 3 % 2]);
    for sent in &sent {
        assert_eq!((sent.status(), sent.is_duplicate()), (200, false), "{sent:?}");
    }

    let alone = Home::on_sqlite().serve();
    for sent in Crowd::new(&lives).run(4, |_| alone.webhooks) {
        assert_eq!(sent.status(), 200, "{sent:?}");
    }
    let expected = alone.model();
    assert_eq!(expected.len(), 30);
    for gateway in &gateways {
        same(&gateway.model(), &expected, "split over both");
        assert_eq!(gateway.all("/v1/webhooks").len(), lives.len());
        tells_each_change_once(gateway);
    }
    assert_eq!(gateways[0].feed(), gateways[1].feed());
}

/// Numbers rise, no change is told twice, and those of one order are told as they came.
fn tells_each_change_once(gateway: &Gateway) {
    let feed = gateway.feed();
    let seqs: Vec<_> = feed.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert!(seqs.is_sorted_by(|left, right| left < right), "{seqs:?}");
    let ids: BTreeSet<_> = feed.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), feed.len());
    let mut told: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    let mut kinds = BTreeSet::new();
    for event in &feed {
        let (kind, order) = (event["type"].as_str().unwrap(), event["order_id"].as_str().unwrap());
        assert!(kinds.insert((order, kind, event["data"].to_string())), "twice: {event}");
        if kind.starts_with("order.") {
            told.entry(order).or_default().push(event["data"]["version"].as_i64().unwrap());
        }
    }
    for order in gateway.all("/v1/orders") {
        let (id, version) = (order["id"].as_str().unwrap(), order["version"].as_i64().unwrap());
        assert!(told[id].is_sorted(), "{id}: {:?}", told[id]);
        assert!(told[id].last() <= Some(&version), "{id}: {:?} of {version}", told[id]);
        assert!(kinds.iter().any(|(order, kind, _)| (*order, *kind) == (id, "order.created")));
    }
}

#[test]
fn an_order_that_everybody_writes_to_loses_nothing() {
    let gateways = pair();
    let addresses = gateways.each_ref().map(|gateway| gateway.webhooks);
    let requests = shuffled(&lifecycle("order-1"));
    // Everything at once: every webhook finds the order held by another.
    let sent = Crowd::new(&requests).run(requests.len(), |index| addresses[index % 2]);
    assert!(sent.iter().all(|sent| sent.status() == 200), "{sent:?}");
    let alone = Home::on_sqlite().serve();
    for request in lifecycle("order-1") {
        assert_eq!(alone.post(&request).status, 200);
    }
    same(&gateways[0].model(), &alone.model(), "all at once");
    tells_each_change_once(&gateways[1]);
}

#[test]
fn gateways_that_start_at_once_on_an_empty_database_all_serve() {
    let url = Cluster::shared().database();
    let gateways: Vec<_> = thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| Home::at(&url).serve())).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let requests = orders(40);
    let sent = Crowd::new(&requests).run(4, |index| gateways[index % 4].webhooks);
    assert_eq!(accepted(&sent).len(), 40);
    gateways[0].keeps_once(&accepted(&sent));
}

#[test]
fn what_one_quarantined_is_counted_and_settled_by_the_other() {
    let [one, two] = pair();
    let broken = labgate_tests::junction("msg_1", "{");
    assert_eq!(one.post(&broken).status, 400);
    two.metrics().check("labgate_quarantined", &[("plugin", "junction")], 1);
    assert_eq!(two.post(&labgate_tests::junction("msg_1", labgate_tests::order("1"))).status, 200);
    one.metrics().check("labgate_quarantined", &[("plugin", "junction")], 0);
}

#[test]
fn a_restart_finds_what_the_other_one_kept() {
    let [one, two] = pair();
    assert_eq!(one.post(&lifecycle("order-1")[0]).status, 200);
    let before = one.model();
    drop(one);
    let three = two.kill().serve();
    same(&three.model(), &before, "after a restart");
    assert_eq!(three.post(&lifecycle("order-1")[0]).json()["duplicate"], Value::Bool(true));
}

#[test]
fn spawned_homes_are_apart() {
    let (one, two) = (spawn_gateway(), spawn_gateway());
    assert_eq!(one.post(&lifecycle("order-1")[0]).status, 200);
    assert!(two.all("/v1/webhooks").is_empty());
}
