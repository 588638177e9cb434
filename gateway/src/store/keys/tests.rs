//! A store that is sealed can't be talked into taking values in the clear, and a key that is
//! missing is noticed before anything is written.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use labgate_core::{Secret, model::order_id};

use super::*;
use crate::{
    store::{Archive as _, Backend, Rekeying, Store, Stored, orders, schema},
    telemetry::Metrics,
    test::{TestGateway, order_body},
};

/// The store of `gateway` under these keys, newest first.
fn under(gateway: &TestGateway, seeds: &[u8]) -> Backend {
    let secret = |seed: &u8| Secret::new(STANDARD.encode([*seed; 32])).unwrap();
    let seal = Seal::new(&seeds.iter().map(secret).collect::<Vec<_>>()).unwrap();
    gateway.backend.clone().sealed_by(seal.with_dictionaries(gateway.plugins.dictionaries()))
}

async fn open(backend: &Backend) -> Store {
    Store::open(backend.clone(), Arc::new(Metrics::new())).await.unwrap()
}

async fn archive(gateway: &TestGateway, store: &Store, order: &str) {
    let arrival = gateway.arrival("junction", order, &order_body(order, 1));
    assert!(matches!(store.archive(arrival).await.unwrap(), Stored::Accepted { .. }));
}

async fn read(store: &Store, order: &'static str) -> Result<bool, StoreError> {
    let found = move |open: &mut _| orders::find(open, order_id("junction", order));
    Ok(store.read(found).await?.is_some())
}

/// How many rows a run re-seals, and whether it ends the exception.
fn rekey(backend: &Backend) -> (usize, bool) {
    run(&mut backend.open().unwrap(), Rekeying::new())
}

/// The same for a run that seals values in the clear too.
fn adopt(backend: &Backend) -> (usize, bool) {
    let mut open = backend.open().unwrap();
    let rekeying = Rekeying::new().adopting_plain(&mut open).unwrap();
    run(&mut open, rekeying)
}

fn run(open: &mut Connection, mut rekeying: Rekeying) -> (usize, bool) {
    let mut rows = 0;
    while let Some(step) = rekeying.step(open).unwrap() {
        rows += step.rows;
    }
    (rows, rekeying.finish(open).unwrap())
}

/// The rows of `keys`, as an attacker sees them who can read the database.
fn rows(gateway: &TestGateway) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let mut open = gateway.backend.connect().unwrap();
    let query = dsl::keys.select((dsl::name, dsl::statement));
    run!(open, c => query.load(c)).unwrap()
}

/// Replaces the rows of `keys`, as an attacker could who can write to the database.
fn replace(gateway: &TestGateway, rows: &[(Vec<u8>, Option<Vec<u8>>)]) {
    let mut open = gateway.backend.connect().unwrap();
    run!(open, c => diesel::delete(dsl::keys).execute(c)).unwrap();
    for (name, statement) in rows {
        let row = (dsl::name.eq(name), dsl::statement.eq(statement));
        run!(open, c => diesel::insert_into(dsl::keys).values(row).execute(c)).unwrap();
    }
}

/// Puts an order's document into the clear, with other content than before.
fn forge(gateway: &TestGateway, order: &str) {
    use schema::orders::dsl;
    let mut open = gateway.backend.connect().unwrap();
    let place = Place::new(Purpose::Order, order_id("junction", order));
    let forged = Seal::default().pack("", place, b"{}");
    let row = dsl::orders.filter(dsl::provider_order_id.eq(order));
    let update = diesel::update(row).set(dsl::document.eq(forged));
    assert_eq!(run!(open, c => update.execute(c)).unwrap(), 1);
}

#[tokio::test]
async fn a_store_that_began_with_a_key_takes_nothing_in_the_clear() {
    let gateway = TestGateway::new().await;
    let backend = under(&gateway, &[1]);
    let store = open(&backend).await;
    archive(&gateway, &store, "o-1").await;
    archive(&gateway, &store, "o-2").await;
    forge(&gateway, "o-1");
    let refused = |read: Result<bool, _>| matches!(read, Err(StoreError::NotSealed("orders")));
    assert!(refused(read(&store, "o-1").await) && read(&store, "o-2").await.unwrap());
    assert_eq!(rekey(&backend), (0, true), "and rekey adopts it not");

    // Without the rows that say so it is the same; so it is with those of another key.
    let before = rows(&gateway);
    for forged in [&[][..], &[(before[0].0.clone(), None)]] {
        replace(&gateway, forged);
        let again = open(&backend).await;
        assert!(refused(read(&again, "o-1").await));
        assert!(refused(read(&store, "o-1").await));
    }
    let plain = Seal::default().pack("", HERE, Plain::Taken.statement());
    replace(&gateway, &[(before[0].0.clone(), Some(plain))]);
    assert!(matches!(backend.open(), Err(StoreError::Unreadable("keys"))));
    assert!(matches!(read(&store, "o-1").await, Err(StoreError::Unreadable("keys"))));
}

const HERE: Place = Place::new(Purpose::Key, Uuid::nil());

#[tokio::test]
async fn what_is_not_sealed_yet_is_read_until_all_is_sealed() {
    let gateway = TestGateway::new().await;
    archive(&gateway, &gateway.store, "o-1").await;
    archive(&gateway, &gateway.store, "o-2").await;
    let backend = under(&gateway, &[1]);
    let store = open(&backend).await;
    archive(&gateway, &store, "o-3").await;
    assert!(matches!(read(&store, "o-1").await, Err(StoreError::NotSealed("orders"))));
    assert_eq!(rekey(&backend), (0, true), "they are not adopted by themselves");
    // A run that has only begun, and one that adopts nothing.
    drop(Rekeying::new().adopting_plain(&mut backend.open().unwrap()).unwrap());
    assert!(read(&store, "o-1").await.unwrap());
    assert_eq!(rekey(&backend), (0, true));
    assert!(matches!(read(&store, "o-1").await, Err(StoreError::NotSealed("orders"))));
    drop(Rekeying::new().adopting_plain(&mut backend.open().unwrap()).unwrap());
    assert!(read(&store, "o-1").await.unwrap());
    assert_eq!(adopt(&backend), (4, false));
    forge(&gateway, "o-1");
    // The key changes on the way.
    let backend = under(&gateway, &[2, 1]);
    let turned = open(&backend).await;
    assert!(!matches!(read(&turned, "o-1").await, Err(StoreError::NotSealed(_))), "still taken");
    assert_eq!(adopt(&backend), (6, false));
    assert_eq!(rekey(&backend), (0, true));
    assert_eq!(rows(&gateway).len(), 1, "the old key's name is gone");
    // The gateways that run notice at once.
    forge(&gateway, "o-1");
    for store in [&turned, &open(&under(&gateway, &[2])).await] {
        assert!(matches!(read(store, "o-1").await, Err(StoreError::NotSealed("orders"))));
        assert!(read(store, "o-2").await.unwrap());
    }
}

#[tokio::test]
async fn a_ring_without_a_key_of_the_store_is_refused() {
    let gateway = TestGateway::new().await;
    let one = under(&gateway, &[1]);
    let name = one.seal().names().next().unwrap();
    drop(one.open().unwrap());
    for ring in [&[][..], &[2]] {
        let backend = under(&gateway, ring);
        for error in [backend.open().err(), backend.look().err()] {
            let error = error.unwrap();
            assert!(matches!(error, StoreError::KeyUnknown(missing) if missing == name), "{error}");
            assert_eq!(error.setting(), "store.encryption_keys");
        }
    }
    assert_eq!(rows(&gateway).len(), 1, "and nothing is recorded");
    drop(under(&gateway, &[2, 1]).open().unwrap());
    assert_eq!(rows(&gateway).len(), 2);
    let lost = under(&gateway, &[2]);
    assert!(matches!(lost.open(), Err(StoreError::KeyUnknown(_))));
    assert!(forget(&mut lost.connect().unwrap(), name).unwrap());
    assert!(!forget(&mut lost.connect().unwrap(), name).unwrap());
    drop(lost.open().unwrap());
}

/// What a build without the table `keys` left behind.
#[tokio::test]
async fn a_store_of_an_earlier_build_learns_its_keys() {
    for seeds in [&[][..], &[1], &[2, 1]] {
        let gateway = TestGateway::new().await;
        archive(&gateway, &gateway.store, "o-0").await;
        for start in (0..seeds.len()).rev() {
            let store = open(&under(&gateway, &seeds[start..])).await;
            archive(&gateway, &store, &format!("o-{}", seeds[start])).await;
        }
        let mut connection = gateway.backend.connect().unwrap();
        for sql in [
            "DROP TABLE keys",
            "DELETE FROM __diesel_schema_migrations WHERE version = '20261125120000'",
        ] {
            run!(connection, c => diesel::sql_query(sql).execute(c)).unwrap();
        }
        connection.migrate().unwrap();
        let rows = rows(&gateway);
        assert_eq!(rows.len(), seeds.len());
        assert!(rows.iter().all(|(_, statement)| statement.is_none()));

        // What is beside sealed values in the clear waits for a word of the operator.
        let backend = under(&gateway, seeds);
        let store = open(&backend).await;
        assert_eq!(read(&store, "o-0").await.is_ok(), seeds.is_empty());
        if !seeds.is_empty() {
            assert!(read(&store, "o-1").await.unwrap());
            adopt(&backend);
            assert!(read(&store, "o-0").await.unwrap());
        }
    }
}
