//! Every name of an order leads to it, whichever comes first.

use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice, Notices, Phi,
    merge::Entry,
    model::{
        AppointmentDetails, AppointmentStatus, Code, EventType, Observation, ObservationValue,
        Order, OrderDetails, OrderStatus, Report, ReportStatus, order_id,
    },
    notice::{AppointmentNotice, OrderNotice, ReportNotice},
};
use uuid::Uuid;

use super::{
    super::{Archive as _, Cause, appointments, archive, events, orders, parcel::Parcel, reports},
    Arrival, Stored, event_types,
};
use crate::test::TestGateway;

fn id(text: &str) -> Identifier {
    Identifier::new(text).unwrap()
}

fn minute(minute: usize) -> Timestamp {
    Timestamp::from_second(1_785_859_200 + 60 * i64::try_from(minute).unwrap()).unwrap()
}

fn order(name: &str, aliases: &[&str], at: usize) -> Notice {
    Notice::Order(Box::new(OrderNotice {
        provider_order_id: id(name),
        aliases: aliases.iter().map(|alias| id(alias)).collect(),
        topic: "order".into(),
        entries: vec![Entry {
            at: minute(at),
            provider_event_id: None,
            status: OrderStatus::AtLab,
            provider_status: None,
            phase: None,
            reason: None,
            provider_at: None,
        }],
        details: OrderDetails::default(),
        stated_at: minute(at),
    }))
}

/// A final report; those of another value amend it.
fn report(order: &str, at: usize, value: &str) -> Notice {
    let report = ReportNotice::new(id(order), ReportStatus::Final, minute(at));
    let value = Some(Phi::new(ObservationValue::read(value, None)));
    let code = Code { name: "Glucose".into(), ..Code::default() };
    let observations = vec![Observation { code, value, ..Observation::default() }];
    Notice::Report(Box::new(ReportNotice { observations, ..report }))
}

fn appointment(order: &str, at: usize) -> Notice {
    Notice::Appointment(Box::new(AppointmentNotice {
        provider_appointment_id: id("a-1"),
        provider_order_id: id(order),
        topic: "appointment".into(),
        entries: vec![Entry {
            at: minute(at),
            provider_event_id: None,
            status: AppointmentStatus::Scheduled,
            provider_status: None,
            phase: None,
            reason: None,
            provider_at: None,
        }],
        details: AppointmentDetails::default(),
        stated_at: minute(at),
    }))
}

fn saying(gateway: &TestGateway, message_id: &str, notices: Vec<Notice>) -> Arrival {
    let arrival = gateway.arrival_at(minute(60), "junction", message_id, message_id.as_bytes());
    Arrival { notices: Ok(Notices { notices, ..Notices::default() }), ..arrival }
}

fn as_one_batch(gateway: &TestGateway, arrivals: Vec<Arrival>) -> Vec<Stored> {
    let seal = gateway.backend.seal();
    let batch: Vec<_> = arrivals.into_iter().map(|arrival| Parcel::new(arrival, seal)).collect();
    let mut open = gateway.backend.connect().unwrap();
    open.transaction(|open| archive::archive(open, &batch)).unwrap()
}

async fn tell(gateway: &TestGateway, message_id: &str, notices: Vec<Notice>) {
    let stored = gateway.store.archive(saying(gateway, message_id, notices)).await.unwrap();
    assert_eq!(stored.label(), "accepted", "{message_id}");
}

/// What consumers see of an order, but for our count of its changes.
type Seen = (Order, Vec<Report>, Vec<(Uuid, Uuid)>);

/// The one order that there is, asked for by each of `names`.
fn seen(gateway: &TestGateway, names: &[&str]) -> Seen {
    let mut open = gateway.backend.connect().unwrap();
    let all = orders::list(&mut open, &orders::Filter { limit: 9, ..<_>::default() }).unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    let mut answers = names.iter().map(|name| {
        let id = order_id("junction", name);
        let filter =
            orders::Filter { provider_order_id: Some((*name).into()), limit: 9, ..<_>::default() };
        assert_eq!(orders::list(&mut open, &filter).unwrap(), all, "{name}");
        let order = orders::find(&mut open, id).unwrap().unwrap();
        let mut reports = reports::of_order(&mut open, id).unwrap();
        for report in &mut reports {
            assert_eq!(reports::find(&mut open, report.id).unwrap().as_ref(), Some(&*report));
            report.source.webhook = Uuid::nil();
        }
        let appointments = appointments::of_order(&mut open, id).unwrap();
        let appointments = appointments.into_iter().map(|it| (it.id, it.order_id)).collect();
        (Order { version: 0, ..order }, reports, appointments)
    });
    let first = answers.next().unwrap();
    assert!(answers.all(|other| other == first));
    first
}

fn said() -> [Vec<Notice>; 5] {
    [
        vec![report("T", 1, "5.1")],
        vec![order("X", &["T", "U"], 2)],
        vec![report("X", 3, "6.8"), appointment("U", 3)],
        vec![report("U", 4, "7.0")],
        vec![order("X", &["U", "T"], 5)],
    ]
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![vec![]];
    }
    let shorter = permutations(count - 1);
    let insert = |rest: &Vec<usize>| {
        let longer = |place| {
            let mut longer = rest.clone();
            longer.insert(place, count - 1);
            longer
        };
        (0..count).map(longer).collect::<Vec<_>>()
    };
    shorter.iter().flat_map(insert).collect()
}

#[tokio::test]
async fn every_name_of_an_order_leads_to_it_whichever_comes_first() {
    let names = ["X", "T", "U"];
    let expected = {
        let gateway = TestGateway::new().await;
        for (index, notices) in said().into_iter().enumerate() {
            tell(&gateway, &format!("m-{index}"), notices).await;
        }
        seen(&gateway, &names)
    };
    let (order, reports, appointments) = &expected;
    let x = order_id("junction", "X");
    assert_eq!((order.id, order.provider_order_id.as_str(), order.timeline.len()), (x, "X", 2));
    let told: Vec<_> = reports.iter().map(|it| (it.order_id, it.version, it.status)).collect();
    use ReportStatus::{Amended, Final};
    assert_eq!(told, [(x, 1, Final), (x, 2, Amended), (x, 3, Amended)]);
    assert_eq!(appointments.iter().map(|it| it.1).collect::<Vec<_>>(), [x]);
    // Every fourth of all orders of arrival, in batches of every size.
    for (count, order) in permutations(5).into_iter().enumerate().step_by(4) {
        let gateway = TestGateway::new().await;
        let said = said();
        let arrivals =
            order.iter().map(|index| saying(&gateway, &format!("m-{index}"), said[*index].clone()));
        let mut arrivals: Vec<_> = arrivals.collect();
        while !arrivals.is_empty() {
            let rest = arrivals.split_off(arrivals.len().min(1 + count / 4 % 5));
            as_one_batch(&gateway, std::mem::replace(&mut arrivals, rest));
        }
        assert_eq!(seen(&gateway, &names), expected, "{order:?}");
    }
}

#[tokio::test]
async fn a_late_link_is_told_once_and_what_was_told_is_not_told_again() {
    let gateway = TestGateway::new().await;
    tell(&gateway, "m-1", vec![report("T", 1, "5.1"), report("T", 3, "5.1")]).await;
    tell(&gateway, "m-2", vec![report("X", 2, "6.8")]).await;
    let before = event_types(&gateway).len();
    tell(&gateway, "m-3", vec![order("X", &["T"], 4)]).await;
    let mut open = gateway.backend.connect().unwrap();
    let told = events::after(&mut open, i64::try_from(before).unwrap(), 99).unwrap();
    let x = order_id("junction", "X");
    assert!(told.iter().all(|event| event.order_id == x));
    let types: Vec<_> = told.iter().map(|event| event.event_type).collect();
    use EventType::{OrderMerged, OrderUpdated, ReportAmended};
    // The middle one differs from the first, and the last one from the middle one.
    assert_eq!(types, [OrderUpdated, OrderMerged, ReportAmended, ReportAmended]);
    let merged = serde_json::json!({
        "merged": order_id("junction", "T"), "provider_order_id": "T",
    });
    assert_eq!(told[1].data, merged);
    tell(&gateway, "m-4", vec![order("X", &["T"], 4)]).await;
    assert_eq!(event_types(&gateway).len(), before + 4, "it was linked before");
}

#[tokio::test]
async fn an_order_that_a_webhook_names_twice_is_one() {
    let gateway = TestGateway::new().await;
    let said = vec![report("T", 1, "5.1"), order("X", &["T"], 2), report("X", 3, "5.1")];
    tell(&gateway, "m-1", said).await;
    let (_, reports, _) = seen(&gateway, &["X", "T"]);
    assert_eq!(reports.len(), 2);
    use EventType::{OrderCreated, ReportFinal};
    assert_eq!(event_types(&gateway), [OrderCreated, ReportFinal, ReportFinal]);
}

#[tokio::test]
async fn the_first_claim_of_a_name_stands() {
    let gateway = TestGateway::new().await;
    tell(&gateway, "m-1", vec![order("X", &["T"], 1)]).await;
    tell(&gateway, "m-2", vec![order("Y", &["T"], 2)]).await;
    tell(&gateway, "m-3", vec![report("T", 3, "5.1")]).await;
    let mut open = gateway.backend.connect().unwrap();
    let of = |open: &mut _, name| reports::of_order(open, order_id("junction", name)).unwrap();
    assert_eq!((of(&mut open, "X").len(), of(&mut open, "Y").len()), (1, 0));
}

#[tokio::test]
async fn names_that_lead_to_names_lead_to_the_order() {
    let gateway = TestGateway::new().await;
    tell(&gateway, "m-1", vec![report("V", 1, "5.1")]).await;
    tell(&gateway, "m-2", vec![order("T", &["V"], 2)]).await;
    tell(&gateway, "m-3", vec![order("X", &["T", "V"], 3)]).await;
    tell(&gateway, "m-4", vec![order("T", &["X", "V"], 4), report("V", 5, "6.8")]).await;
    let (order, reports, _) = seen(&gateway, &["X", "T", "V"]);
    assert_eq!((order.provider_order_id.as_str(), order.timeline.len()), ("X", 3));
    assert_eq!(reports.len(), 2);
}

#[tokio::test]
async fn a_quarantined_webhook_leaves_no_half_of_a_link_behind() {
    let gateway = TestGateway::new().await;
    tell(&gateway, "m-1", vec![report("T", 1, "5.1")]).await;
    let mut too_many = vec![order("X", &["T"], 2)];
    too_many.extend((0..20_001).map(|at| report("X", at, "5.1")));
    let arrivals = vec![
        saying(&gateway, "m-2", too_many),
        saying(&gateway, "m-3", vec![order("Y", &[], 3), report("T", 3, "5.1")]),
    ];
    let labels: Vec<_> = as_one_batch(&gateway, arrivals).iter().map(Stored::label).collect();
    assert_eq!(labels, ["quarantined", "accepted"]);
    let mut open = gateway.backend.connect().unwrap();
    let t = order_id("junction", "T");
    assert_eq!(orders::find(&mut open, t).unwrap().unwrap().id, t);
    assert_eq!(reports::of_order(&mut open, t).unwrap().len(), 2);
    assert_eq!(orders::find(&mut open, order_id("junction", "X")).unwrap(), None);
    assert!(!event_types(&gateway).contains(&EventType::OrderMerged));
}

#[tokio::test]
async fn what_is_set_aside_stays_readable_and_says_what_counts_instead() {
    let gateway = TestGateway::new().await;
    tell(&gateway, "m-1", vec![report("T", 1, "5.1")]).await;
    let mut open = gateway.backend.connect().unwrap();
    let only = |open: &mut _, name| {
        let reports = reports::of_order(open, order_id("junction", name)).unwrap();
        let [report] = &*reports else { panic!("{reports:?}") };
        report.clone()
    };
    let first = only(&mut open, "T");
    let again = |notices| {
        let cause = Cause::Replay { webhook: first.source.webhook };
        Arrival { cause, ..saying(&gateway, "m-1", notices) }
    };
    // Its webhook is read again, by another value and with another name for its order.
    as_one_batch(&gateway, vec![again(vec![order("X", &["T"], 2), report("X", 1, "6.8")])]);
    let second = only(&mut open, "T");
    assert_ne!(second.id, first.id);
    let found = |open: &mut _| reports::find(open, first.id).unwrap().unwrap();
    let aside = found(&mut open);
    assert_eq!((aside.superseded_by, aside.superseded_at.is_some()), (Some(second.id), true));
    assert_eq!((aside.order_id, &aside.observations), (second.order_id, &first.observations));
    assert_eq!((second.superseded_by, second.superseded_at), (None, None));

    as_one_batch(&gateway, vec![again(vec![order("X", &["T"], 2)])]);
    let aside = found(&mut open);
    assert_eq!((aside.superseded_by, aside.superseded_at.is_some()), (None, true));
    // And once more as it was at first.
    as_one_batch(&gateway, vec![again(vec![report("T", 1, "5.1")])]);
    let back = found(&mut open);
    assert_eq!((back.superseded_by, back.superseded_at), (None, None));
    assert_eq!(only(&mut open, "X").id, first.id);
}
