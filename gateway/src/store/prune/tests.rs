//! What must never be removed, and what becomes of what is.

use diesel::prelude::*;
use labgate_core::{Notices, decode::Unreadable, model::order_id};
use uuid::Uuid;

use super::*;
use crate::{
    store::{
        Archive as _, Arrival, Connection, Stored, appointments, connection::Open, events,
        key::Key, orders, reports, webhooks as kept,
    },
    test::{TestGateway, order_body, result_body},
};

const UNKNOWN: &[u8] = br#"{"event_type":"something.new","data":{}}"#;

async fn archive(gateway: &TestGateway, message_id: &str, body: &[u8]) -> Stored {
    gateway.store.archive(gateway.arrival("junction", message_id, body)).await.unwrap()
}

async fn quarantine(gateway: &TestGateway, message_id: &str) {
    let arrival = gateway.arrival("junction", message_id, UNKNOWN);
    let broken = Arrival { notices: Err(Unreadable::at("data", "expected more")), ..arrival };
    assert_eq!(gateway.store.archive(broken).await.unwrap().label(), "quarantined");
}

/// The names of the messages that are kept, oldest first.
fn messages(open: &mut Connection) -> Vec<String> {
    let all = kept::Filter { limit: 1000, ..Default::default() };
    let all = kept::list(open, &all).unwrap().into_iter().rev();
    all.map(|webhook| webhook.message_id.unwrap()).collect()
}

/// Runs to the end, and tells what each step did.
fn run(open: &mut Connection, mut pruning: Pruning) -> Vec<usize> {
    std::iter::from_fn(|| pruning.step(open).unwrap()).map(|step| step.rows).collect()
}

/// Everything that consumers see of an order.
fn model(open: &mut Connection, order: &str) -> String {
    let id = order_id("junction", order);
    let order = orders::find(open, id).unwrap();
    let appointments = appointments::of_order(open, id).unwrap();
    let reports = reports::of_order(open, id).unwrap();
    let feed = events::after(open, 0, 1000).unwrap();
    serde_json::to_string(&(order, appointments, reports, feed)).unwrap()
}

#[tokio::test]
async fn what_is_old_and_settled_goes_and_what_is_needed_stays() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "placed", &order_body("o-1", 1)).await;
    archive(&gateway, "ignored", UNKNOWN).await;
    quarantine(&gateway, "quarantined").await;
    archive(&gateway, "to be fetched", &order_body("o-1", 3)).await;
    archive(&gateway, "result", &result_body("o-1", "2026-08-03T10:00:00Z", "6.8")).await;
    let before = Timestamp::now();
    archive(&gateway, "young", &order_body("o-2", 1)).await;
    let mut open = gateway.backend.connect().unwrap();
    let (all, model_before) = (messages(&mut open), model(&mut open, "o-1"));

    assert_eq!(run(&mut open, Pruning::new(before).only_counting()), [3]);
    assert_eq!(messages(&mut open), all, "nothing is gone that was only counted");
    assert_eq!(run(&mut open, Pruning::new(before)), [3]);
    assert_eq!(messages(&mut open), ["quarantined", "to be fetched", "young"]);
    assert_eq!(model(&mut open, "o-1"), model_before);
    assert_eq!(run(&mut open, Pruning::new(before)), [0], "a second run finds nothing");
}

#[tokio::test]
async fn a_removed_webhook_that_comes_again_tells_nothing_new() {
    let gateway = TestGateway::new().await;
    let appointment = br#"{"event_type":"labtest.appointment.created","data":{"id":"a-1",
        "order_id":"o-1","events":[{"created_at":"2026-08-09T10:00:00Z","status":"pending"}]}}"#;
    let bodies = [
        order_body("o-1", 2),
        appointment.to_vec(),
        result_body("o-1", "2026-08-03T10:00:00Z", "6.8"),
        result_body("o-1", "2026-08-04T10:00:00Z", "5.1"),
    ];
    for (index, body) in bodies.iter().enumerate() {
        archive(&gateway, &format!("m-{index}"), body).await;
    }
    let mut open = gateway.backend.connect().unwrap();
    let before = model(&mut open, "o-1");
    assert_eq!(run(&mut open, Pruning::new(Timestamp::now())), [4]);
    for (index, body) in bodies.iter().enumerate() {
        let stored = archive(&gateway, &format!("m-{index}"), body).await;
        assert!(matches!(stored, Stored::Accepted { .. }), "it is not known any more: {stored:?}");
    }
    assert_eq!(model(&mut open, "o-1"), before);
    assert_eq!(messages(&mut open).len(), 4);
}

#[tokio::test]
async fn a_run_goes_on_behind_a_page_of_survivors_and_ends_at_a_page_of_younger_ones() {
    let gateway = TestGateway::new().await;
    let mut open = gateway.backend.connect().unwrap();
    for index in 0..2 {
        quarantine(&gateway, &format!("survivor {index}")).await;
    }
    for index in 0..3 {
        archive(&gateway, &format!("old {index}"), UNKNOWN).await;
    }
    let before = Timestamp::now();
    for index in 0..4 {
        archive(&gateway, &format!("young {index}"), UNKNOWN).await;
    }
    let pages = |rows| Pruning { rows, ..Pruning::new(before) };
    assert_eq!(run(&mut open, pages(2).only_counting()), [0, 2, 1]);
    // One that was read again keeps its place among the younger ones.
    let last = dsl::webhooks.filter(dsl::message_id.eq("young 3"));
    let update = diesel::update(last).set(dsl::received_at.eq(0));
    run!(&mut open, c => update.execute(c)).unwrap();
    assert_eq!(run(&mut open, pages(2)), [0, 2, 1], "a page of younger ones is the end");
    assert_eq!(messages(&mut open).len(), 6);
    assert_eq!(run(&mut open, pages(4)), [0, 1], "and in another run it goes");
}

#[tokio::test]
async fn the_condition_is_asked_again_under_the_lock() {
    let gateway = TestGateway::new().await;
    for message in ["replayed", "pointing", "renewed", "old"] {
        archive(&gateway, message, UNKNOWN).await;
    }
    let before = micros(Timestamp::now());
    let mut open = gateway.backend.connect().unwrap();
    let all = kept::list(&mut open, &kept::Filter { limit: 9, ..Default::default() }).unwrap();
    let seqs: Vec<i64> = all.iter().map(|webhook| webhook.seq).collect();
    assert_eq!(due(&mut open, &seqs, before).unwrap().len(), 4);

    // Meanwhile something becomes of three of them.
    let named = |message: &'static str| dsl::webhooks.filter(dsl::message_id.eq(message));
    let quarantine = diesel::update(named("replayed")).set(dsl::outcome.eq("quarantined"));
    run!(&mut open, c => quarantine.execute(c)).unwrap();
    let renew = diesel::update(named("renewed")).set(dsl::received_at.eq(i64::MAX));
    run!(&mut open, c => renew.execute(c)).unwrap();
    let pointing = all.iter().find(|webhook| webhook.message_id.as_deref() == Some("pointing"));
    let task = (
        tasks::id.eq(Key(Uuid::now_v7())),
        tasks::plugin.eq("junction"),
        tasks::kind.eq("fetch"),
        tasks::subject.eq("report"),
        tasks::reference.eq("o-1"),
        tasks::provider_order_id.eq("o-1"),
        tasks::webhook_id.eq(Key(pointing.unwrap().id)),
        tasks::due_at.eq(0),
        tasks::attempts.eq(0),
        tasks::created_at.eq(0),
    );
    let insert = diesel::insert_into(tasks::table).values(task);
    run!(&mut open, c => insert.execute(c)).unwrap();

    let removed = open.transaction(|open| remove(open, &seqs, before)).unwrap();
    assert_eq!(
        (removed, messages(&mut open)),
        (1, vec!["replayed".into(), "pointing".into(), "renewed".into(),])
    );
}

#[tokio::test]
async fn what_somebody_holds_is_left_and_waited_for_by_nobody() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "held", UNKNOWN).await;
    archive(&gateway, "free", UNKNOWN).await;
    let mut open = gateway.backend.connect().unwrap();
    let mut writer = gateway.backend.connect().unwrap();
    if matches!(open.open, Open::Sqlite(_)) {
        // Its lock is the whole file's.
        return;
    }
    let all = kept::list(&mut open, &kept::Filter { limit: 9, ..Default::default() }).unwrap();
    let held = all.last().unwrap().id;
    let before = Timestamp::now();
    writer
        .transaction(|writer| {
            kept::hold(writer, Vec::new(), vec![Key(held)])?;
            assert_eq!(run(&mut open, Pruning::new(before)), [1]);
            assert_eq!(messages(&mut open), ["held"]);
            Ok(())
        })
        .unwrap();
    assert_eq!(run(&mut open, Pruning::new(before)), [1]);
}

#[tokio::test]
async fn several_prune_and_write_at_once_and_each_webhook_goes_once() {
    let gateway = TestGateway::new().await;
    for index in 0..60 {
        archive(&gateway, &format!("old {index}"), UNKNOWN).await;
    }
    let before = Timestamp::now();
    let prune = || {
        let backend = gateway.backend.clone();
        tokio::task::spawn_blocking(move || {
            let mut open = backend.connect().unwrap();
            run(&mut open, Pruning { rows: 7, ..Pruning::new(before) }).iter().sum::<usize>()
        })
    };
    let pruners = [prune(), prune(), prune()];
    for index in 0..60 {
        // Vendors repeat what is being removed.
        archive(&gateway, &format!("old {index}"), UNKNOWN).await;
        archive(&gateway, &format!("new {index}"), UNKNOWN).await;
    }
    let mut removed = 0;
    for pruner in pruners {
        removed += pruner.await.unwrap();
    }
    let mut open = gateway.backend.connect().unwrap();
    removed += run(&mut open, Pruning::new(before)).iter().sum::<usize>();
    let left = messages(&mut open);
    assert_eq!(removed, 60, "{left:?}");
    assert_eq!(left.iter().filter(|message| message.starts_with("new")).count(), 60);
}

/// What was removed is nowhere in a file.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_forgets_what_is_removed() {
    let gateway = TestGateway::on_sqlite().await;
    let noise = (0..100_u32).flat_map(|index| index.wrapping_mul(2_654_435_761).to_be_bytes());
    // Every other one stays, and with it its page.
    for index in 0..30 {
        if index % 2 == 0 {
            quarantine(&gateway, &format!("m-{index}")).await;
        } else {
            let body: Vec<u8> = noise.clone().chain(*b"Canaryna").collect();
            let arrival = gateway.arrival("junction", &format!("m-{index}"), &body);
            let ignored = Arrival { notices: Ok(Notices::default()), ..arrival };
            gateway.store.archive(ignored).await.unwrap();
        }
    }
    let file = gateway.backend.file().unwrap();
    let told = || {
        ["labgate.db", "labgate.db-wal"].iter().any(|name| {
            let bytes = std::fs::read(file.with_file_name(name)).unwrap();
            bytes.windows(8).any(|window| window == b"Canaryna")
        })
    };
    assert!(told(), "it is there to be found");
    let mut open = gateway.backend.connect().unwrap();
    assert_eq!(run(&mut open, Pruning::new(Timestamp::now())), [15]);
    open.settle().unwrap();
    assert!(!told());
}
