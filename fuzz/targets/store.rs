//! Webhooks in an SQLite store, in batches: nothing is quarantined or lost, and the state is the one
//! that the core's merge makes of them in another order.
//!
//! How long an input may take is libFuzzer's `-timeout`.

#![no_main]

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use labgate::{
    store::{
        Archive as _, Arrival, Backend, Cause, Connection, Store, Stored, appointments, orders,
        reports, webhooks,
    },
    telemetry::Metrics,
};
use labgate_core::{Notice, Notices, model::order_id};
use labgate_fuzz::{Delivery, Model, NOW, Sender, View, senders};
use libfuzzer_sys::fuzz_target;
use tokio::{runtime::Runtime, task::JoinHandle};

/// Less than what a store merges of one order, so that no webhook may be refused.
const WEIGHT: usize = 9_000;
/// Fewer webhooks than may wait for a store's writers.
const WAITING: usize = 512;
/// In memory, where the system has such a folder: what a disk survives is not tested here.
const MEMORY: &str = "/dev/shm";

static SENDER: LazyLock<Sender> =
    LazyLock::new(|| senders().into_iter().next().expect("there are providers"));
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Runtime::new().expect("the machine has threads"));

fuzz_target!(|deliveries: Vec<Delivery>| {
    if deliveries.iter().map(Delivery::weight).sum::<usize>() > WEIGHT {
        return;
    }
    let memory = Some(Path::new(MEMORY)).filter(|folder| folder.is_dir());
    let folder = memory.map_or_else(tempfile::tempdir, tempfile::tempdir_in);
    let folder = folder.expect("the machine has a folder for temporary files");
    let url = format!("sqlite://{}", folder.path().join("labgate.db").display());
    let backend: Backend = url.parse().expect("it is the URL of a file");
    RUNTIME.block_on(archive(&backend, &deliveries));
    let kept: Vec<&Delivery> = deliveries.iter().filter(|delivery| !delivery.again).collect();
    check(&mut backend.open().expect("the store was just closed"), &kept);
});

/// Sends all, each as the webhook of its place.
async fn archive(backend: &Backend, deliveries: &[Delivery]) {
    let store = Store::open(backend.clone(), Arc::new(Metrics::new())).await;
    let store = store.expect("an empty folder takes a store");
    let mut waiting = Vec::new();
    let mut last = None;
    for (number, delivery) in deliveries.iter().enumerate() {
        if delivery.after_all || waiting.len() == WAITING {
            settle(&mut waiting).await;
        }
        if !delivery.again {
            last = Some((number, delivery));
        }
        let Some((number, delivery)) = last else { continue };
        let (store, arrival) = (store.clone(), arrival(number, delivery.notices()));
        waiting
            .push(tokio::spawn(async move { store.archive(arrival).await.expect("it is open") }));
    }
    settle(&mut waiting).await;
    store.close().await;
}

async fn settle(waiting: &mut Vec<JoinHandle<Stored>>) {
    for stored in waiting.drain(..) {
        let stored = stored.await.expect("the archive does not panic");
        assert!(!matches!(stored, Stored::Quarantined(_)), "{stored:?}");
    }
}

fn arrival(number: usize, notices: Vec<Notice>) -> Arrival {
    let message_id = format!("msg_{number}");
    Arrival {
        plugin: SENDER.plugin.name.clone(),
        request: SENDER.proven(&message_id, b"{}"),
        event_type: None,
        dedupe_key: format!("message:{message_id}"),
        notices: Ok(Notices { notices, ..Notices::default() }),
        cause: Cause::Delivery,
    }
}

fn check(store: &mut Connection, kept: &[&Delivery]) {
    let plugin = &*SENDER.plugin.name;
    let filter = webhooks::Filter { limit: i64::MAX, ..webhooks::Filter::default() };
    let listed = webhooks::list(store, &filter).expect("the store can be read");
    assert_eq!(listed.len(), kept.len(), "webhooks that were kept");

    let notices: Vec<Notice> = kept.iter().rev().flat_map(|delivery| delivery.notices()).collect();
    let model = Model::of(plugin, NOW, &notices);
    let view = view(store);
    for id in model.order_ids() {
        let found = orders::find(store, order_id(plugin, id.as_str()));
        assert!(found.expect("the store can be read").is_some(), "an order is lost");
    }
    assert!(model.report_ids().all(|id| view.has_report(id)), "a report is lost");
    // Which order keeps a name that several claim depends on the order of arrival.
    let named_alike = kept.iter().any(|delivery| delivery.has_aliases());
    assert!(named_alike || view == model.view(), "the store and the merge say different things");
}

/// All that the store shows.
fn view(store: &mut Connection) -> View {
    let mut view = View::default();
    let filter = orders::Filter { limit: i64::MAX, ..orders::Filter::default() };
    for (_, order) in orders::list(store, &filter).expect("the store can be read") {
        let of_order = reports::of_order(store, order.id).expect("the store can be read");
        of_order.into_iter().for_each(|report| view.add_report(report));
        let of_order = appointments::of_order(store, order.id).expect("the store can be read");
        of_order.into_iter().for_each(|appointment| view.add_appointment(appointment));
        view.add_order(order);
    }
    view
}
