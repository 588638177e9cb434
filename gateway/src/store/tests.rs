//! What the archive must never get wrong.

mod links;
mod merging;

use std::sync::Arc;

use diesel::prelude::*;
use labgate_core::{
    Identifier, Notice, Notices, Reference,
    model::{EventType, OrderStatus, ReportStatus, order_id},
    notice::{FetchNotice, FetchSubject},
};
use uuid::Uuid;

use super::{
    Archive as _, Arrival, Connection, Seal, Store, StoreError, Stored, archive,
    connection::{Open, run},
    events, orders,
    parcel::Parcel,
    reports, schema, webhooks,
};
use crate::{
    telemetry::Metrics,
    test::{TestGateway, order_body, result_body},
};

async fn archive(gateway: &TestGateway, message_id: &str, body: &[u8]) -> Stored {
    gateway.store.archive(gateway.arrival("junction", message_id, body)).await.unwrap()
}

fn order_of(gateway: &TestGateway, id: &str) -> labgate_core::model::Order {
    let mut open = gateway.backend.connect().unwrap();
    orders::find(&mut open, order_id("junction", id)).unwrap().unwrap()
}

fn event_types(gateway: &TestGateway) -> Vec<EventType> {
    let mut open = gateway.backend.connect().unwrap();
    let events = events::after(&mut open, 0, 1000).unwrap();
    events.into_iter().map(|event| event.event_type).collect()
}

fn tasks(gateway: &TestGateway) -> Vec<(String, String, String)> {
    use schema::tasks::dsl;
    let mut open = gateway.backend.connect().unwrap();
    let query = dsl::tasks.select((dsl::kind, dsl::subject, dsl::provider_order_id));
    run!(&mut open, c => query.load(c)).unwrap()
}

#[tokio::test]
async fn one_webhook_is_kept_once_however_often_it_comes() {
    let gateway = TestGateway::new().await;
    let body = order_body("o-1", 1);
    assert_eq!(archive(&gateway, "m-1", &body).await, Stored::Accepted { ingested_count: 1 });
    assert_eq!(archive(&gateway, "m-1", &body).await, Stored::Duplicate);
    // The same message under another plugin is another webhook.
    let elsewhere =
        Arrival { plugin: "fullscript".into(), ..gateway.arrival("junction", "m-1", &body) };
    let stored = gateway.store.archive(elsewhere).await.unwrap();
    assert_eq!(stored, Stored::Accepted { ingested_count: 1 });
    assert_eq!(event_types(&gateway), [EventType::OrderCreated; 2]);
}

/// Text that no index compresses: a row of PostgreSQL's may have 2704 bytes.
fn noise(bytes: usize) -> String {
    let mut state = 7_u64;
    let letter = |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + u8::try_from(state >> 58).unwrap())
    };
    (0..bytes).map(letter).collect()
}

#[tokio::test]
async fn the_longest_pointer_is_a_task() {
    let gateway = TestGateway::new().await;
    let longest = Identifier::new(noise(Identifier::MAX_BYTES)).unwrap();
    let reference = Reference::new(noise(Reference::MAX_BYTES)).unwrap();
    let pointer = FetchNotice {
        provider_report_id: Some(longest.clone()),
        ..FetchNotice::new(FetchSubject::Report, reference.clone(), longest.clone())
    };
    let notices = Ok(Notices { notices: vec![Notice::Fetch(pointer)], ..Notices::default() });
    let arrival = gateway.arrival("junction", "m-1", &order_body("o-1", 1));
    gateway.store.archive(Arrival { notices, ..arrival }).await.unwrap();
    use schema::tasks::dsl;
    let mut open = gateway.backend.connect().unwrap();
    let query =
        dsl::tasks.select((dsl::reference, dsl::provider_order_id, dsl::provider_report_id));
    let kept: Vec<(String, String, Option<String>)> = run!(&mut open, c => query.load(c)).unwrap();
    let longest = longest.to_string();
    assert_eq!(kept, [(reference.as_str().into(), longest.clone(), Some(longest))]);
}

#[tokio::test]
async fn one_thing_to_fetch_for_two_orders_is_two_tasks() {
    let gateway = TestGateway::new().await;
    let id = |text: &str| Identifier::new(text).unwrap();
    let pointer = |order: &str| {
        Notice::Fetch(FetchNotice::new(FetchSubject::Report, id("report-of-both"), id(order)))
    };
    let notices = vec![pointer("o-1"), pointer("o-2"), pointer("o-1")];
    let notices = Ok(Notices { notices, ..Notices::default() });
    let arrival = gateway.arrival("junction", "m-1", &order_body("o-1", 1));
    gateway.store.archive(Arrival { notices, ..arrival }).await.unwrap();
    let orders: Vec<_> = tasks(&gateway).into_iter().map(|(_, _, order)| order).collect();
    assert_eq!(orders, ["o-1", "o-2"]);
}

#[tokio::test]
async fn one_batch_with_a_webhook_twice_keeps_it_once() {
    let gateway = TestGateway::new().await;
    let body = order_body("o-1", 1);
    let parcel = || Parcel::new(gateway.arrival("junction", "m", &body), gateway.backend.seal());
    let batch = [parcel(), parcel()];
    let mut open = gateway.backend.connect().unwrap();
    let stored = open.transaction(|open| archive::archive(open, &batch)).unwrap();
    assert_eq!(stored, [Stored::Accepted { ingested_count: 1 }, Stored::Duplicate]);
}

#[tokio::test]
async fn a_failed_batch_leaves_nothing_behind() {
    let gateway = TestGateway::new().await;
    let arrival = gateway.arrival("junction", "m", &order_body("o-1", 1));
    let batch = [Parcel::new(arrival, gateway.backend.seal())];
    let mut open = gateway.backend.connect().unwrap();
    let failed = open.transaction(|open| {
        archive::archive(open, &batch)?;
        Err::<(), _>(StoreError::Away)
    });
    assert!(failed.is_err());
    assert!(
        webhooks::list(&mut open, &webhooks::Filter { limit: 9, ..Default::default() })
            .unwrap()
            .is_empty()
    );
    assert_eq!(event_types(&gateway), []);
    assert_eq!(
        archive(&gateway, "m", &order_body("o-1", 1)).await,
        Stored::Accepted { ingested_count: 1 }
    );
}

#[tokio::test]
async fn a_quarantined_webhook_is_a_state_and_not_a_mark() {
    let gateway = TestGateway::new().await;
    let body = order_body("o-1", 1);
    let broken = Arrival {
        notices: Err(labgate_core::decode::Unreadable::at("data.id", "expected an id")),
        ..gateway.arrival("junction", "m-1", &body)
    };
    let stored = gateway.store.archive(broken).await.unwrap();
    assert_eq!(stored.label(), "quarantined");
    let mut open = gateway.backend.connect().unwrap();
    assert_eq!(webhooks::quarantined(&mut open, "junction").unwrap(), 1);

    // The vendor sends it again, and now it can be read.
    assert_eq!(archive(&gateway, "m-1", &body).await, Stored::Accepted { ingested_count: 1 });
    assert_eq!(webhooks::quarantined(&mut open, "junction").unwrap(), 0);
    assert_eq!(archive(&gateway, "m-1", &body).await, Stored::Duplicate);
    assert_eq!(order_of(&gateway, "o-1").status, OrderStatus::Ordered);
}

#[tokio::test]
async fn a_replay_merges_once_more_and_changes_nothing() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-1", &order_body("o-1", 3)).await;
    archive(&gateway, "m-2", &result_body("o-1", "2026-08-03T10:00:00Z", "6.8")).await;
    // These two tell no time, and so carry that of their arrival.
    let end = br#"{"event_type":"order.completed","data":{"order_id":"o-1","status":"done"}}"#;
    archive(&gateway, "m-3", end).await;
    let alarm = br#"{"event_type":"labtest.result.critical","data":{"order_id":"o-1"}}"#;
    archive(&gateway, "m-4", alarm).await;
    let (before, feed, due) = (order_of(&gateway, "o-1"), event_types(&gateway), tasks(&gateway));
    let mut open = gateway.backend.connect().unwrap();
    let kept =
        webhooks::list(&mut open, &webhooks::Filter { limit: 9, ..Default::default() }).unwrap();
    for webhook in kept {
        let told = crate::replay::replay(&gateway.store, &gateway.plugins, webhook.id, false);
        assert_eq!(told.await.unwrap().outcome, "accepted");
    }
    assert_eq!(order_of(&gateway, "o-1"), before);
    assert_eq!(event_types(&gateway), feed);
    assert_eq!(tasks(&gateway), due);
}

#[tokio::test]
async fn a_replay_sets_aside_what_was_read_wrongly() {
    let gateway = TestGateway::new().await;
    let body = result_body("o-1", "2026-08-03T10:00:00Z", "6.8");
    let arrival = gateway.arrival("junction", "m-1", &body);
    // An adapter that takes the value for another one.
    let wrong = result_body("o-1", "2026-08-03T10:00:00Z", "68");
    let misread = gateway.arrival("junction", "m-1", &wrong);
    let misread = Arrival { notices: misread.notices, ..arrival };
    gateway.store.archive(misread).await.unwrap();
    let mut open = gateway.backend.connect().unwrap();
    let kept = webhooks::list(&mut open, &webhooks::Filter { limit: 9, ..Default::default() });
    let id = kept.unwrap()[0].id;

    // The adapter is mended, and the webhook read again, twice.
    for _ in 0..2 {
        crate::replay::replay(&gateway.store, &gateway.plugins, id, false).await.unwrap();
        let reports = reports::of_order(&mut open, order_id("junction", "o-1")).unwrap();
        assert_eq!(reports.len(), 1);
        assert_eq!(reports[0].status, ReportStatus::Final);
        assert!(format!("{:?}", serde_json::to_value(&reports).unwrap()).contains("\"6.8\""));
    }
    let told = event_types(&gateway);
    assert_eq!(told.iter().filter(|kind| **kind == EventType::ReportFinal).count(), 2);
}

#[tokio::test]
async fn a_corrected_body_under_the_same_id_leaves_both_kept() {
    let gateway = TestGateway::new().await;
    let broken = br#"{"event_type":"labtest.result.ready","data":{"markers":[]}}"#;
    assert_eq!(archive(&gateway, "m-1", broken).await.label(), "quarantined");
    let body = result_body("o-1", "2026-08-03T10:00:00Z", "6.8");
    assert_eq!(archive(&gateway, "m-1", &body).await, Stored::Accepted { ingested_count: 1 });
    assert_eq!(archive(&gateway, "m-1", &body).await, Stored::Duplicate);
    let mut open = gateway.backend.connect().unwrap();
    let kept = webhooks::list(&mut open, &webhooks::Filter { limit: 9, ..Default::default() });
    let bodies: Vec<_> = kept
        .unwrap()
        .iter()
        .map(|kept| webhooks::content(&mut open, kept.id).unwrap().unwrap().body().to_vec())
        .collect();
    assert_eq!(bodies, [body, broken.to_vec()]);
    // The one that was replaced stays where it is.
    let all = webhooks::Filter { limit: 9, outcome: Some("ignored".into()), ..Default::default() };
    let aside = webhooks::list(&mut open, &all).unwrap()[0].id;
    let told = crate::replay::replay(&gateway.store, &gateway.plugins, aside, false).await.unwrap();
    assert_eq!(told.outcome, "ignored");
    assert_eq!(webhooks::quarantined(&mut open, "junction").unwrap(), 0);
}

#[tokio::test]
async fn nothing_waits_for_its_parent() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-1", &result_body("o-1", "2026-08-03T10:00:00Z", "6.8")).await;
    assert_eq!(order_of(&gateway, "o-1").status, OrderStatus::Unknown);
    assert_eq!(event_types(&gateway), [EventType::OrderCreated, EventType::ReportFinal]);
}

#[tokio::test]
async fn an_appointment_moves_the_time_of_its_order_and_nothing_else() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-1", &order_body("o-1", 1)).await;
    let before = order_of(&gateway, "o-1");
    for (order, message) in [("o-1", "m-2"), ("o-2", "m-3")] {
        let event =
            serde_json::json!({ "created_at": "2026-08-09T10:00:00Z", "status": "pending" });
        let data = serde_json::json!({ "id": message, "order_id": order, "events": [event] });
        let body = serde_json::json!({ "event_type": "labtest.appointment.created", "data": data });
        archive(&gateway, message, body.to_string().as_bytes()).await;
        let at = order_of(&gateway, order).updated_at;
        assert_eq!(at, Some("2026-08-09T10:00:00Z".parse().unwrap()), "{order}");
    }
    assert_eq!(order_of(&gateway, "o-1").status, before.status);
    use EventType::{AppointmentCreated, OrderCreated};
    let expected = [OrderCreated, AppointmentCreated, OrderCreated, AppointmentCreated];
    assert_eq!(event_types(&gateway), expected);
}

#[tokio::test]
async fn a_late_webhook_is_kept_and_moves_nothing_back() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-2", &order_body("o-1", 4)).await;
    archive(&gateway, "m-1", &order_body("o-1", 1)).await;
    let order = order_of(&gateway, "o-1");
    assert_eq!((order.status, order.timeline.len()), (OrderStatus::Completed, 4));
    let expected = [EventType::OrderCreated, EventType::OrderCompleted];
    assert_eq!(event_types(&gateway), expected, "the late one changed nothing");
}

#[tokio::test]
async fn a_clock_that_steps_back_moves_nothing() {
    let gateway = TestGateway::new().await;
    // A day behind the vendor's at the most: past that, the arrival orders what it says.
    let clock = ["2026-08-09T12:00:00Z", "2026-08-09T11:00:00Z", "2026-08-03T00:00:00Z"];
    let post = async |n: usize, time: &str| {
        let (id, body) = (format!("m-{n}"), order_body("o-1", n));
        let arrival = gateway.arrival_at(time.parse().unwrap(), "junction", &id, &body);
        gateway.store.archive(arrival).await.unwrap()
    };
    for (index, time) in clock.iter().enumerate() {
        assert_eq!(post(index + 1, time).await, Stored::Accepted { ingested_count: 1 });
    }
    // What came before is known, even if it seems to come from the future.
    for n in 1..=3 {
        assert_eq!(post(n, "1970-01-01T00:00:00Z").await, Stored::Duplicate);
    }
    let order = order_of(&gateway, "o-1");
    assert_eq!((order.status, order.timeline.len()), (OrderStatus::PartialResults, 3));

    // Lists and the feed go by their own numbers.
    let mut open = gateway.backend.connect().unwrap();
    let filter = webhooks::Filter { limit: 9, ..Default::default() };
    let kept = webhooks::list(&mut open, &filter).unwrap();
    let ids: Vec<_> = kept.iter().map(|kept| kept.message_id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["m-3", "m-2", "m-1"]);
    let feed = events::after(&mut open, 0, 9).unwrap();
    assert!(feed.is_sorted_by(|left, right| left.seq < right.seq), "{feed:?}");
    let last = webhooks::last_received_at(&mut open, "junction").unwrap();
    assert_eq!(last, Some(clock[2].parse().unwrap()), "it tells what the clock showed");
}

#[tokio::test]
async fn a_corrected_result_keeps_the_one_before_it() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-2", &result_body("o-1", "2026-08-04T10:00:00Z", "5.1")).await;
    archive(&gateway, "m-1", &result_body("o-1", "2026-08-03T10:00:00Z", "6.8")).await;
    let mut open = gateway.backend.connect().unwrap();
    let versions = reports::of_order(&mut open, order_id("junction", "o-1")).unwrap();
    let told: Vec<_> = versions.iter().map(|report| (report.version, report.status)).collect();
    assert_eq!(told, [(1, ReportStatus::Final), (2, ReportStatus::Amended)]);
    assert_eq!(versions[1].replaces, Some(versions[0].id));
    assert_eq!(reports::find(&mut open, versions[0].id).unwrap().as_ref(), Some(&versions[0]));
    // Whoever was told of the second as a final report is told that it amends another.
    let told = &event_types(&gateway)[1..];
    assert_eq!(told.iter().filter(|kind| **kind == EventType::ReportFinal).count(), 2);
    assert_eq!(told.iter().filter(|kind| **kind == EventType::ReportAmended).count(), 1);
}

#[tokio::test]
async fn partial_and_completed_orders_are_to_be_fetched() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-1", &order_body("o-1", 1)).await;
    assert_eq!(tasks(&gateway), []);
    archive(&gateway, "m-2", &order_body("o-1", 3)).await;
    archive(&gateway, "m-3", &order_body("o-1", 4)).await;
    let task = ("fetch".into(), "report".into(), "o-1".into());
    assert_eq!(tasks(&gateway), [task.clone(), task]);
}

#[tokio::test]
async fn a_kept_webhook_is_the_one_that_came() {
    let gateway = TestGateway::new().await;
    let body = b"{\"event_type\" : \"something.new\",\n\"data\":{}}";
    assert_eq!(archive(&gateway, "m-1", body).await, Stored::Ignored);
    let mut open = gateway.backend.connect().unwrap();
    let kept =
        webhooks::list(&mut open, &webhooks::Filter { limit: 9, ..Default::default() }).unwrap();
    let content = webhooks::content(&mut open, kept[0].id).unwrap().unwrap();
    assert_eq!(content.body().as_ref(), body);
    assert_eq!(content.proof().message_id.as_deref(), Some("m-1"));
    assert_eq!(webhooks::find(&mut open, Uuid::nil()).unwrap().map(|kept| kept.id), None);
}

#[tokio::test]
async fn what_a_new_dictionary_compressed_is_read_by_a_gateway_that_has_an_old_one() {
    let gateway = TestGateway::new().await;
    let body = order_body("o-1", 3);
    archive(&gateway, "m-1", &body).await;
    // A newer gateway on the same store, whose provider brings another dictionary.
    let words: &'static [u8] = b"\"event_type\":\"labtest.order.updated\",\"data\":{\"id\":";
    let seal = Seal::default().with_dictionaries([("junction", words)].into_iter());
    let newer = gateway.backend.clone().sealed_by(seal);
    let newer = Store::open(newer, Arc::new(Metrics::new())).await.unwrap();
    newer.archive(gateway.arrival("junction", "m-2", &order_body("o-2", 2))).await.unwrap();
    let packed: Vec<Vec<u8>> = {
        let mut open = gateway.backend.connect().unwrap();
        let query = schema::webhooks::table.select(schema::webhooks::content);
        run!(&mut open, c => query.load(c)).unwrap()
    };
    assert_ne!(packed[0][1..5], packed[1][1..5], "each names its own");
    for store in [&gateway.store, &newer] {
        let orders = store
            .read(|open| orders::list(open, &orders::Filter { limit: 9, ..Default::default() }));
        assert_eq!(orders.await.unwrap().len(), 2);
    }
    // And written by one that has to read it first.
    archive(&gateway, "m-3", &order_body("o-2", 4)).await;
    assert_eq!(order_of(&gateway, "o-2").timeline.len(), 4);
}

#[tokio::test]
async fn migrations_go_down_and_up_with_rows_in_them() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-1", &order_body("o-1", 3)).await;
    archive(&gateway, "m-2", &result_body("o-1", "2026-08-03T10:00:00Z", "6.8")).await;
    let mut open = gateway.backend.connect().unwrap();
    let before = schema_of(&mut open);
    open.revert().unwrap();
    assert!(!open.is_migrated().unwrap());
    open.migrate().unwrap();
    assert!(open.is_migrated().unwrap());
    assert_eq!(schema_of(&mut open), before);
}

#[derive(Debug, PartialEq, diesel::QueryableByName)]
struct Object {
    #[diesel(sql_type = diesel::sql_types::Text)]
    sql: String,
}

fn schema_of(open: &mut Connection) -> Vec<Object> {
    let sql = match &open.open {
        Open::Sqlite(_) => "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql",
        Open::Postgres(_) => {
            "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable) AS sql
             FROM information_schema.columns WHERE table_schema = 'public'
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
             UNION ALL SELECT concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid))
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1"
        }
    };
    let query = diesel::sql_query(sql);
    run!(open, c => query.load(c)).unwrap()
}

/// Whoever closes the last connection takes SQLite's log away, so the process must hold its lock
/// on the file all the time, whatever connections it opens on the way.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_lock_on_the_file_is_held_all_the_time() {
    use std::os::unix::fs::MetadataExt as _;
    let gateway = TestGateway::on_sqlite().await;
    let path = gateway.backend.file().unwrap();
    let inode = format!(":{}", std::fs::metadata(path).unwrap().ino());
    let check = || {
        let locks = std::fs::read_to_string("/proc/locks").unwrap();
        let ours = std::process::id().to_string();
        let held =
            locks.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).any(|fields| {
                fields.contains(&&*ours) && fields.iter().any(|field| field.ends_with(&inode))
            });
        assert!(held, "no lock of {ours} on {inode} in:\n{locks}");
    };
    check();
    for round in 1..4 {
        archive(&gateway, &format!("m-{round}"), &order_body("o-1", round)).await;
        assert!(gateway.store.is_ready().await);
        drop(gateway.backend.connect().unwrap());
        assert_eq!(gateway.backend.look().unwrap(), "reached, schema up to date");
        check();
    }
}
