//! After a run there is one key, and nothing that was merged meanwhile is lost.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use labgate_core::{Secret, model::order_id};
use serde_json::json;

use super::*;
use crate::{
    store::{
        Archive as _, Backend, Seal, Store, Stored, appointments, orders, reports, seal::Purpose,
        webhooks,
    },
    telemetry::Metrics,
    test::{TestGateway, order_body, result_body},
};

/// These keys, newest first.
fn ring(seeds: &[u8]) -> Seal {
    let secret = |seed: &u8| Secret::new(STANDARD.encode([*seed; 32])).unwrap();
    Seal::new(&seeds.iter().map(secret).collect::<Vec<_>>()).unwrap()
}

/// The store of `gateway` under these keys.
fn under(gateway: &TestGateway, seeds: &[u8]) -> Backend {
    let seal = ring(seeds).with_dictionaries(gateway.plugins.dictionaries());
    gateway.backend.clone().sealed_by(seal)
}

async fn archive(gateway: &TestGateway, backend: &Backend, message_id: &str, body: &[u8]) {
    let store = Store::open(backend.clone(), Arc::new(Metrics::new())).await.unwrap();
    let stored = store.archive(gateway.arrival("junction", message_id, body)).await.unwrap();
    assert!(matches!(stored, Stored::Accepted { .. }), "{stored:?}");
}

/// A row of every table.
async fn fill(gateway: &TestGateway, backend: &Backend, order: &str) {
    let appointment = json!({ "event_type": "labtest.appointment.created", "data": {
        "id": format!("appointment of {order}"),
        "order_id": order,
        "events": [{ "created_at": "2026-08-09T10:00:00Z", "status": "pending" }],
    }});
    let bodies = [
        order_body(order, 2),
        appointment.to_string().into_bytes(),
        result_body(order, "2026-08-03T10:00:00Z", "6.8"),
    ];
    for (index, body) in bodies.iter().enumerate() {
        archive(gateway, backend, &format!("{index} of {order}"), body).await;
    }
}

/// How many rows a run re-seals, and what it leaves.
fn rekey(backend: &Backend) -> (usize, BTreeMap<String, usize>) {
    run(backend, Rekeying::new())
}

/// The same for a run that seals values in the clear too.
fn adopt(backend: &Backend) -> (usize, BTreeMap<String, usize>) {
    let rekeying = Rekeying::new().adopting_plain(&mut backend.open().unwrap());
    run(backend, rekeying.unwrap())
}

fn run(backend: &Backend, mut rekeying: Rekeying) -> (usize, BTreeMap<String, usize>) {
    let mut open = backend.open().unwrap();
    let (mut rows, mut at) = (0, 0);
    while let Some(step) = rekeying.step(&mut open).unwrap() {
        assert!(step.at >= at, "{step:?} after {at}");
        (rows, at) = (rows + step.rows, step.at);
    }
    assert!(at <= Rekeying::end(&mut open).unwrap(), "{at}");
    assert_eq!(rekeying.finish(&mut open).unwrap(), rows == 0);
    (rows, rekeying.left())
}

/// Everything that was packed, as it reads.
fn read(backend: &Backend, order: &str) -> Result<String, StoreError> {
    let mut open = backend.connect()?;
    let id = order_id("junction", order);
    let mut all = serde_json::to_string(&(
        orders::find(&mut open, id)?,
        appointments::of_order(&mut open, id)?,
        reports::of_order(&mut open, id)?,
    ))
    .unwrap();
    let filter = webhooks::Filter { limit: 100, ..Default::default() };
    for webhook in webhooks::list(&mut open, &filter)? {
        let content = webhooks::content(&mut open, webhook.id)?.unwrap();
        all += &String::from_utf8_lossy(content.body());
    }
    Ok(all)
}

#[tokio::test]
async fn what_was_plain_or_under_an_old_key_is_under_the_newest_one() {
    let gateway = TestGateway::new().await;
    fill(&gateway, &gateway.backend, "o-1").await;
    let before = read(&gateway.backend, "o-1").unwrap();
    assert!(before.contains("\"6.8\"") && before.contains("pending"), "{before}");
    let mut older = gateway.backend.clone();
    for keys in [&[1][..], &[2, 1], &[1, 2], &[3, 2, 1]] {
        let backend = under(&gateway, keys);
        // Three webhooks, an order, an appointment, a report.
        assert_eq!(adopt(&backend), (6, BTreeMap::new()), "{keys:?}");
        assert_eq!(rekey(&backend), (0, BTreeMap::new()), "a second run does nothing");
        let newest = under(&gateway, &keys[..1]);
        assert_eq!(read(&newest, "o-1").unwrap(), before);
        assert!(matches!(read(&older, "o-1"), Err(StoreError::KeyMissing { .. })));
        older = newest;
    }
}

#[tokio::test]
async fn what_can_not_be_opened_is_told_and_keeps_nothing_else_back() {
    let gateway = TestGateway::new().await;
    fill(&gateway, &under(&gateway, &[1]), "o-1").await;
    fill(&gateway, &under(&gateway, &[2, 1]), "o-2").await;
    let name = under(&gateway, &[1]).seal().names().next().unwrap();
    assert!(keys::forget(&mut gateway.backend.connect().unwrap(), name).unwrap());
    let name = name.to_string();
    let (rows, left) = rekey(&under(&gateway, &[3, 2]));
    assert_eq!((rows, left.values().sum::<usize>()), (6, 6));
    assert_eq!(left.len(), 4, "a line for each table: {left:?}");
    for reason in left.keys() {
        assert!(reason.contains(&name) && reason.contains("store.encryption_keys"), "{reason}");
    }
    // With the key in the ring again, a later run does what this one could not.
    assert_eq!(rekey(&under(&gateway, &[3, 2, 1])), (6, BTreeMap::new()));
    read(&under(&gateway, &[3]), "o-1").unwrap();
}

#[tokio::test]
async fn what_another_gateway_has_packed_with_is_learnt_on_the_way() {
    let gateway = TestGateway::new().await;
    fill(&gateway, &gateway.backend, "o-1").await;
    let before = read(&gateway.backend, "o-1").unwrap();
    // No plugin brings a dictionary here, and nobody has looked which there are.
    let mut open = gateway.backend.clone().sealed_by(ring(&[1])).connect().unwrap();
    let mut rekeying = Rekeying::new().adopting_plain(&mut open).unwrap();
    let steps = std::iter::from_fn(|| rekeying.step(&mut open).unwrap());
    assert_eq!(steps.map(|step| step.rows).sum::<usize>(), 6);
    assert_eq!(rekeying.left(), BTreeMap::new());
    assert_eq!(read(&under(&gateway, &[1]), "o-1").unwrap(), before);
}

#[tokio::test]
async fn what_was_merged_since_a_look_at_it_stays() {
    let gateway = TestGateway::new().await;
    let old = under(&gateway, &[1]);
    archive(&gateway, &old, "m-1", &order_body("o-1", 1)).await;
    let backend = under(&gateway, &[2, 1]);
    let (mut open, mut rekeying) = (backend.connect().unwrap(), Rekeying::new());
    let orders = &COLUMNS[1];
    let (_, stale) = rekeying.stale(&mut open, orders).unwrap();
    assert_eq!((orders.purpose, stale.len()), (Purpose::Order, 1));

    // A gateway that knows the old key only, and one that knows both.
    let old = Store::open(old, Arc::new(Metrics::new())).await.unwrap();
    old.archive(gateway.arrival("junction", "m-2", &order_body("o-1", 2))).await.unwrap();
    assert_eq!(rekeying.reseal(&mut open, orders, &stale).unwrap(), 1);
    archive(&gateway, &backend, "m-3", &order_body("o-1", 4)).await;
    assert_eq!(rekeying.reseal(&mut open, orders, &stale).unwrap(), 0, "it is current by now");
    let order = orders::find(&mut open, order_id("junction", "o-1")).unwrap().unwrap();
    assert_eq!(order.timeline.len(), 4);
}

#[tokio::test]
async fn no_merge_is_lost_while_rows_go_from_key_to_key() {
    const MERGES: usize = 60;
    let gateway = TestGateway::new().await;
    let rings = [under(&gateway, &[1, 2]), under(&gateway, &[2, 1])];
    let store = Store::open(rings[0].clone(), Arc::new(Metrics::new())).await.unwrap();
    let merge = async |index: usize| {
        let at = format!("2026-08-01T10:{index:02}:00Z");
        let event = json!({ "id": index, "created_at": at, "status": "received.x.ordered" });
        let data = json!({ "id": "o-1", "events": [event] });
        let body = json!({ "event_type": "labtest.order.updated", "data": data }).to_string();
        let arrival = gateway.arrival("junction", &format!("m-{index}"), body.as_bytes());
        store.archive(arrival).await.unwrap();
    };
    merge(0).await;
    // A run for each merge, which begins when the merge does.
    let (go, turns) = std::sync::mpsc::sync_channel::<()>(0);
    let backends = rings.clone();
    let rekeying = tokio::task::spawn_blocking(move || {
        // The first ring is the one that the rows are under.
        let rings = backends.iter().rev().cycle();
        turns.iter().zip(rings).map(|((), backend)| rekey(backend).0).sum::<usize>()
    });
    for index in 1..MERGES {
        go.send(()).unwrap();
        merge(index).await;
    }
    drop(go);
    assert!(rekeying.await.unwrap() > MERGES, "rows went from key to key meanwhile");
    let mut open = rings[0].connect().unwrap();
    let order = orders::find(&mut open, order_id("junction", "o-1")).unwrap().unwrap();
    assert_eq!(order.timeline.len(), MERGES);
}

#[tokio::test]
async fn a_run_goes_over_every_page() {
    let gateway = TestGateway::new().await;
    for index in 0..5 {
        archive(&gateway, &gateway.backend, &format!("m-{index}"), &order_body("o-1", 1)).await;
    }
    let backend = under(&gateway, &[1]);
    let mut open = backend.connect().unwrap();
    for rows in [4, 1] {
        let rekeying = Rekeying::new().adopting_plain(&mut open).unwrap();
        let mut rekeying = Rekeying { rows: 2, ..rekeying };
        let mut steps = std::iter::from_fn(|| rekeying.step(&mut open).unwrap());
        // Of each page, and of the end of each table.
        let told = steps.by_ref().take(rows).map(|step| step.rows).sum::<usize>();
        assert_eq!(told, if rows == 4 { 5 } else { 0 }, "the webhooks, and then nothing");
        assert_eq!(steps.map(|step| step.rows).sum::<usize>(), usize::from(rows == 4));
    }
}

/// What a file holds after a run: no trace of what was plain.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_forgets_what_was_plain() {
    let gateway = TestGateway::on_sqlite().await;
    // What can't be compressed stands there as it came.
    let noise = (0..100_u32).flat_map(|index| index.wrapping_mul(2_654_435_761).to_be_bytes());
    let body: Vec<u8> = noise.chain(*b"Canaryna").collect();
    for index in 0..30 {
        let arrival = gateway.arrival("junction", &format!("m-{index}"), &body);
        gateway.store.archive(arrival).await.unwrap();
    }
    let file = gateway.backend.file().unwrap();
    let told = || {
        ["labgate.db", "labgate.db-wal"].iter().any(|name| {
            let bytes = std::fs::read(file.with_file_name(name)).unwrap();
            bytes.windows(8).any(|window| window == b"Canaryna")
        })
    };
    assert!(told(), "it is there to be found");
    let backend = under(&gateway, &[1]);
    assert_eq!(adopt(&backend).0, 30);
    backend.connect().unwrap().settle().unwrap();
    assert!(!told());
}
