//! One webhook is one change, whatever shares its batch; what can't be merged takes nothing down.

use diesel::prelude::*;
use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice, Notices,
    merge::Entry,
    model::{EventType, OrderDetails, OrderStatus, ReportStatus, order_id},
    notice::{OrderNotice, ReportNotice},
};

use super::{
    super::{
        Archive as _, connection::run, events, orders, parcel::Parcel, reports, schema, webhooks,
    },
    Arrival, Stored, archive, event_types, order_of,
};
use crate::test::{TestGateway, order_body, result_body};

fn minute(minute: usize) -> Timestamp {
    Timestamp::from_second(1_785_859_200 + 60 * i64::try_from(minute).unwrap()).unwrap()
}

fn report(order: &str, at: usize, version: &str) -> Notice {
    let order = Identifier::new(order).unwrap();
    let report = ReportNotice::new(order, ReportStatus::Partial, minute(at));
    let provider_status = Some(version.into());
    Notice::Report(Box::new(ReportNotice { provider_status, critical: true, ..report }))
}

fn status(order: &str, at: usize) -> Notice {
    statuses(order, at..at + 1)
}

fn statuses(order: &str, minutes: std::ops::Range<usize>) -> Notice {
    let entry = |at| Entry {
        at: minute(at),
        provider_event_id: None,
        status: OrderStatus::AtLab,
        provider_status: None,
        phase: None,
        reason: None,
        provider_at: None,
    };
    Notice::Order(Box::new(OrderNotice {
        provider_order_id: Identifier::new(order).unwrap(),
        aliases: Vec::new(),
        topic: "order".into(),
        stated_at: minute(minutes.start),
        entries: minutes.map(entry).collect(),
        details: OrderDetails::default(),
    }))
}

/// A webhook that says `notices`.
fn saying(gateway: &TestGateway, message_id: &str, notices: Vec<Notice>) -> Arrival {
    let arrival = gateway.arrival("junction", message_id, message_id.as_bytes());
    Arrival { notices: Ok(Notices { notices, ..Notices::default() }), ..arrival }
}

/// Archives all of `arrivals` as one batch.
fn as_one_batch(gateway: &TestGateway, arrivals: Vec<Arrival>) -> Vec<Stored> {
    let seal = gateway.backend.seal();
    let batch: Vec<_> = arrivals.into_iter().map(|arrival| Parcel::new(arrival, seal)).collect();
    let mut open = gateway.backend.connect().unwrap();
    open.transaction(|open| archive::archive(open, &batch)).unwrap()
}

/// The feed but for what is another one in each store.
fn feed(gateway: &TestGateway) -> Vec<(EventType, String)> {
    let mut open = gateway.backend.connect().unwrap();
    let feed = events::after(&mut open, 0, 10_000).unwrap();
    feed.into_iter().map(|event| (event.event_type, event.data.to_string())).collect()
}

fn labels(stored: &[Stored]) -> Vec<&'static str> {
    stored.iter().map(Stored::label).collect()
}

#[tokio::test]
async fn thousands_of_notices_of_one_order_are_one_change() {
    let gateway = TestGateway::new().await;
    let many = 3_000;
    let said: Vec<_> =
        (0..many).flat_map(|at| [report("o-1", at, "a"), status("o-1", at)]).collect();
    let stored = gateway.store.archive(saying(&gateway, "m-1", said)).await.unwrap();
    assert_eq!(stored.label(), "accepted");
    let order = order_of(&gateway, "o-1");
    assert_eq!((order.version, order.timeline.len()), (1, many));
    let feed = feed(&gateway);
    let [created, reports @ ..] = &*feed else { panic!("nothing is in the feed") };
    assert_eq!(created.0, EventType::OrderCreated);
    assert_eq!(reports.len(), many);
    assert!(reports.iter().all(|(kind, _)| *kind == EventType::ReportCritical));
    // The next one is read beside all of them.
    let next = vec![report("o-1", 1, "b"), status("o-1", many)];
    gateway.store.archive(saying(&gateway, "m-2", next)).await.unwrap();
    assert_eq!(order_of(&gateway, "o-1").version, 2);
    assert_eq!(self::feed(&gateway).len(), many + 3);
}

#[tokio::test]
async fn the_feed_does_not_depend_on_what_shares_a_batch() {
    let webhooks = || {
        let result = |at: &str, value: &str| result_body("o-1", at, value);
        [
            result("2026-08-04T10:00:00Z", "5.1"),
            order_body("o-1", 2),
            result("2026-08-03T10:00:00Z", "6.8"),
            result("2026-08-03T10:00:00Z", "6.8"),
            order_body("o-2", 4),
            order_body("o-1", 4),
            result("2026-08-05T10:00:00Z", "5.1"),
            order_body("o-1", 3),
            result("2026-08-02T10:00:00Z", "7"),
        ]
    };
    let (together, apart) = (TestGateway::new().await, TestGateway::new().await);
    let now = minute(0);
    let arrival = |gateway: &TestGateway, (index, body): (usize, &Vec<u8>)| {
        gateway.arrival_at(now, "junction", &format!("m-{index}"), body)
    };
    let all = webhooks();
    let batch = all.iter().enumerate().map(|webhook| arrival(&together, webhook));
    as_one_batch(&together, batch.collect());
    for webhook in all.iter().enumerate() {
        apart.store.archive(arrival(&apart, webhook)).await.unwrap();
    }
    assert_eq!(feed(&together), feed(&apart));
    assert_eq!(order_of(&together, "o-1"), order_of(&apart, "o-1"));
    let reports = |gateway: &TestGateway| {
        let mut open = gateway.backend.connect().unwrap();
        let reports = reports::of_order(&mut open, order_id("junction", "o-1")).unwrap();
        reports.into_iter().map(|it| (it.id, it.version, it.status)).collect::<Vec<_>>()
    };
    assert_eq!(reports(&together), reports(&apart));
}

#[tokio::test]
async fn a_webhook_with_two_versions_tells_each_once_as_it_ends() {
    let gateway = TestGateway::new().await;
    let [Ok(newer), Ok(older)] = [("2026-08-04T10:00:00Z", "5.1"), ("2026-08-03T10:00:00Z", "6.8")]
        .map(|(at, value)| {
            gateway.arrival("junction", "m", &result_body("o-1", at, value)).notices
        })
    else {
        panic!("a result can't be read")
    };
    let said = newer.notices.into_iter().chain(older.notices).collect();
    gateway.store.archive(saying(&gateway, "m-1", said)).await.unwrap();
    let expected = [EventType::OrderCreated, EventType::ReportFinal, EventType::ReportAmended];
    assert_eq!(event_types(&gateway), expected);
    assert_eq!(order_of(&gateway, "o-1").version, 1);
}

#[tokio::test]
async fn too_many_statuses_of_an_order_quarantine_the_webhook_that_brings_them() {
    let gateway = TestGateway::new().await;
    let whole = || statuses("o-1", 0..10_000);
    let one_more = || saying(&gateway, "m-2", vec![status("o-2", 0), status("o-1", 10_000)]);
    let stored = as_one_batch(
        &gateway,
        vec![
            saying(&gateway, "m-1", vec![whole()]),
            one_more(),
            saying(&gateway, "m-3", vec![status("o-3", 0)]),
            one_more(),
            saying(&gateway, "m-4", vec![whole()]),
        ],
    );
    let expected = ["accepted", "quarantined", "accepted", "quarantined", "accepted"];
    assert_eq!(labels(&stored), expected);
    let reason = "body: more statuses of one order or appointment than are merged: 10000";
    assert_eq!(stored[1].reason().as_deref(), Some(reason));
    let order = order_of(&gateway, "o-1");
    assert_eq!((order.timeline.len(), order.version), (10_000, 1));
    let mut open = gateway.backend.connect().unwrap();
    let none = orders::find(&mut open, order_id("junction", "o-2"));
    assert_eq!(none.unwrap(), None, "nothing of the webhook is merged");
    let kept = webhooks::Filter { outcome: Some("quarantined".into()), limit: 9, ..<_>::default() };
    let kept = webhooks::list(&mut open, &kept).unwrap();
    assert_eq!((kept.len(), kept[0].reason.as_deref()), (1, Some(reason)));
    // It is tried again when it comes again.
    let stored = gateway.store.archive(one_more()).await.unwrap();
    assert_eq!(stored.reason().as_deref(), Some(reason));
    assert_eq!(webhooks::quarantined(&mut open, "junction").unwrap(), 1);
}

#[tokio::test]
async fn too_many_reports_of_an_order_quarantine_the_webhook_that_brings_them() {
    let gateway = TestGateway::new().await;
    let reports = |count: usize| (0..count).map(|at| report("o-1", at, "a")).collect();
    let stored = as_one_batch(
        &gateway,
        vec![
            saying(&gateway, "m-1", reports(20_001)),
            saying(&gateway, "m-2", reports(2)),
            saying(&gateway, "m-3", reports(2)),
        ],
    );
    assert_eq!(labels(&stored), ["quarantined", "accepted", "accepted"]);
    let reason = "body: more reports of one order than are merged: 20000";
    assert_eq!(stored[0].reason().as_deref(), Some(reason));
    assert_eq!(event_types(&gateway).len(), 3);
}

#[tokio::test]
async fn more_notices_than_are_merged_are_unreadable() {
    let gateway = TestGateway::new().await;
    let events: Vec<_> = (0..40_000)
        .map(|id| {
            let status = "received.walk_in_test.ordered";
            serde_json::json!({ "id": id, "created_at": "2026-08-01T10:00:00Z", "status": status })
        })
        .collect();
    let data = serde_json::json!({
        "id": "o-1", "details": { "type": "walk_in_test" }, "events": events,
    });
    let body = serde_json::json!({ "event_type": "labtest.order.updated", "data": data });
    let arrival = gateway.arrival("junction", "m-1", body.to_string().as_bytes());
    let reason = "body: more notices in one webhook than are merged: 40000";
    assert_eq!(arrival.notices.as_ref().unwrap_err().to_string(), reason);
    assert!(arrival.event_type.is_some(), "whoever looks must see what it was about");
}

#[tokio::test]
async fn a_webhook_whose_merge_panics_is_quarantined_alone_and_can_be_read_again() {
    let gateway = TestGateway::new().await;
    archive(&gateway, "m-1", &order_body("o-1", 1)).await;
    // A row after which no version is left.
    let set_version = |version: i64| {
        let mut open = gateway.backend.connect().unwrap();
        let update = diesel::update(schema::orders::table);
        let update = update.set(schema::orders::version.eq(version));
        run!(&mut open, c => update.execute(c)).unwrap();
    };
    set_version(i64::MAX);
    let poison = || gateway.arrival("junction", "m-3", &order_body("o-1", 2));
    let stored = as_one_batch(
        &gateway,
        vec![
            gateway.arrival("junction", "m-2", &order_body("o-2", 1)),
            poison(),
            gateway.arrival("junction", "m-4", &order_body("o-3", 1)),
            // It says nothing that consumers could see, so nothing is counted.
            gateway.arrival("junction", "m-5", &order_body("o-1", 1)),
        ],
    );
    assert_eq!(labels(&stored), ["accepted", "quarantined", "accepted", "accepted"]);
    assert_eq!(stored[1].reason().as_deref(), Some("body: the merge failed on it"));
    assert_eq!(order_of(&gateway, "o-1").timeline.len(), 1);
    let created = EventType::OrderCreated;
    assert_eq!(event_types(&gateway), [created; 3]);

    set_version(1);
    assert_eq!(gateway.store.archive(poison()).await.unwrap().label(), "accepted");
    assert_eq!(order_of(&gateway, "o-1").timeline.len(), 2);
    assert_eq!(gateway.store.archive(poison()).await.unwrap(), Stored::Duplicate);
}
