//! When a gateway says that it takes webhooks.

use std::{
    thread,
    time::{Duration, Instant},
};

use diesel::RunQueryDsl as _;

use super::super::{Archive as _, Connection, StoreError, connection::run};
use crate::test::{TestGateway, order_body};

fn execute(open: &mut Connection, sql: &str) {
    run!(open, c => diesel::sql_query(sql).execute(c)).unwrap();
}

/// Waits until the answer is `ready`; each one has to come within a second.
async fn becomes(gateway: &TestGateway, ready: bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let started = Instant::now();
        let answer = gateway.store.is_ready().await;
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
        if answer == ready {
            return;
        }
        assert!(started < deadline, "it never came");
        tokio::task::yield_now().await;
    }
}

async fn takes(gateway: &TestGateway, message: &str) -> bool {
    let arrival = gateway.arrival("junction", message, &order_body(message, 1));
    gateway.store.archive(arrival).await.is_ok()
}

#[tokio::test]
async fn a_store_that_another_process_holds_is_not_ready() {
    let gateway = TestGateway::new().await;
    assert!(gateway.store.is_ready().await);
    let mut other = gateway.backend.connect().unwrap();
    let (held, release) = (tokio::sync::oneshot::channel(), std::sync::mpsc::channel::<()>());
    let holder = thread::spawn(move || {
        other.transaction(|open| {
            // A file is held whole by any transaction.
            if matches!(open.open, crate::store::connection::Open::Postgres(_)) {
                execute(open, "LOCK TABLE webhooks IN ACCESS EXCLUSIVE MODE");
            }
            held.0.send(()).unwrap();
            release.1.recv().unwrap();
            Ok(())
        })
    });
    held.1.await.unwrap();
    becomes(&gateway, false).await;
    release.0.send(()).unwrap();
    holder.join().unwrap().unwrap();
    becomes(&gateway, true).await;
    assert!(takes(&gateway, "m-1").await);
}

#[tokio::test]
async fn a_store_without_one_of_its_tables_is_not_ready() {
    let gateway = TestGateway::new().await;
    let mut open = gateway.backend.connect().unwrap();
    for table in ["webhooks", "orders", "events", "tasks"] {
        execute(&mut open, &format!("ALTER TABLE {table} RENAME TO gone"));
        becomes(&gateway, false).await;
        execute(&mut open, &format!("ALTER TABLE gone RENAME TO {table}"));
        becomes(&gateway, true).await;
    }
}

#[tokio::test]
async fn a_commit_that_failed_is_not_forgotten_before_another_passes() {
    let gateway = TestGateway::new().await;
    let mut open = gateway.backend.connect().unwrap();
    // What no probe finds: only a webhook needs this column.
    execute(&mut open, "ALTER TABLE orders RENAME COLUMN document TO elsewhere");
    assert!(gateway.store.is_ready().await);
    assert!(!takes(&gateway, "m-1").await);
    assert!(!gateway.store.is_ready().await);
    execute(&mut open, "ALTER TABLE orders RENAME COLUMN elsewhere TO document");
    assert!(!gateway.store.is_ready().await, "a probe alone does not outweigh it so soon");
    assert!(takes(&gateway, "m-1").await);
    assert!(gateway.store.is_ready().await);
}

#[tokio::test]
async fn without_traffic_a_probe_finds_that_a_store_is_well_again() {
    let gateway = TestGateway::new().await;
    gateway.store.readiness.committed(Instant::now(), Some(&StoreError::Away));
    assert!(!gateway.store.is_ready().await);
    becomes(&gateway, true).await;
}

#[tokio::test]
async fn a_gateway_that_drains_is_not_ready_and_takes_webhooks() {
    let gateway = TestGateway::new().await;
    gateway.store.drain();
    assert!(!gateway.store.is_ready().await);
    assert!(takes(&gateway, "m-1").await);
    assert!(!gateway.store.is_ready().await);
}
