//! Which changes are told to those who follow the model.

use std::collections::BTreeSet;

use labgate_core::{
    merge::{
        AppointmentHistory, Entry, OrderHistory, Series, appointment_events, appointment_view,
        order_events, order_view, report_events,
    },
    model::{
        Appointment, AppointmentDetails, AppointmentStatus, EventType, Order, OrderDetails,
        OrderStatus, ReportStatus, appointment_id,
    },
    notice::ReportNotice,
};

use crate::{
    reports::{filed, report},
    words::{entry, id, minute},
};

fn order(entries: &[Entry<OrderStatus>], account: Option<&str>) -> Order {
    let mut history = OrderHistory::default();
    let details = OrderDetails { account: account.map(id), ..OrderDetails::default() };
    history.absorb("order", entries, &details, minute(0), minute(0));
    order_view("junction", &id("order-1"), &history, 1)
}

fn appointment(status: AppointmentStatus) -> Appointment {
    let mut history = AppointmentHistory::default();
    let (details, now) = (AppointmentDetails::default(), minute(0));
    history.absorb("appointment", &[entry(0, status)], &details, now, now);
    let appointment_id = appointment_id("junction", "appointment-1");
    appointment_view("junction", appointment_id, &id("appointment-1"), &history, 1)
}

fn words(events: Vec<EventType>) -> Vec<String> {
    let word = |event| serde_json::from_value(serde_json::to_value(event).unwrap()).unwrap();
    events.into_iter().map(word).collect()
}

/// Every change that a test below names, as `what → the events that it gives`.
fn check(produced: &mut BTreeSet<String>, events: Vec<EventType>, expected: &[&str]) {
    let events = words(events);
    assert_eq!(events, expected);
    produced.extend(events);
}

fn check_orders(produced: &mut BTreeSet<String>) {
    use OrderStatus::{AtLab, Cancelled, Completed, Corrected, Failed, Ordered, SampleInTransit};
    let mut check = |before: Option<&[_]>, after: &[_], expected: &[&str]| {
        let before = before.map(|entries| order(entries, None));
        check(produced, order_events(before.as_ref(), &order(after, None)), expected);
    };
    let ordered = [entry(0, Ordered)];
    check(None, &[], &["order.created"]);
    check(None, &ordered, &["order.created"]);
    check(None, &[entry(0, Completed)], &["order.created", "order.completed"]);
    check(None, &[entry(0, Cancelled)], &["order.created", "order.cancelled"]);
    check(None, &[entry(0, Failed)], &["order.created", "order.failed"]);
    let with = |status| [entry(0, Ordered), entry(1, status)];
    check(Some(&ordered), &with(AtLab), &["order.updated"]);
    check(Some(&ordered), &with(Completed), &["order.completed"]);
    check(Some(&ordered), &with(Cancelled), &["order.cancelled"]);
    check(Some(&ordered), &with(Failed), &["order.failed"]);
    // The end of an order is told once, and its reinstatement is a change like any other.
    let then = |status, after| [entry(0, Ordered), entry(1, status), entry(2, after)];
    check(Some(&with(Completed)), &then(Completed, Corrected), &["order.updated"]);
    check(Some(&with(Cancelled)), &then(Cancelled, SampleInTransit), &["order.updated"]);
    check(Some(&with(Failed)), &then(Failed, Completed), &["order.completed"]);
    // A late entry adds to the past, which can be seen.
    check(Some(&[entry(1, Completed)]), &with(Completed), &["order.updated"]);
    check(Some(&with(Completed)), &with(Completed), &[]);
}

fn check_appointments(produced: &mut BTreeSet<String>) {
    use AppointmentStatus::{Pending, Scheduled};
    let (pending, scheduled) = (appointment(Pending), appointment(Scheduled));
    check(produced, appointment_events(None, &pending), &["appointment.created"]);
    check(produced, appointment_events(Some(&pending), &scheduled), &["appointment.updated"]);
    check(produced, appointment_events(Some(&pending), &pending), &[]);
    let recounted = Appointment { version: 9, ..pending.clone() };
    check(produced, appointment_events(Some(&pending), &recounted), &[]);
}

fn check_reports(produced: &mut BTreeSet<String>) {
    use ReportStatus::{Amended, Cancelled, Corrected, Final, Partial, Unknown};
    for (status, expected) in [
        (Unknown, "report.partial"),
        (Partial, "report.partial"),
        (Final, "report.final"),
        (Amended, "report.amended"),
        (Corrected, "report.amended"),
        (Cancelled, "report.cancelled"),
    ] {
        let calm = report(1, status, &["90"]);
        check_report(produced, &[&calm], &[expected]);
        let grave = ReportNotice { critical: true, ..calm };
        let alarm = (status != Cancelled).then_some("report.critical");
        let events: Vec<_> = alarm.into_iter().chain([expected]).collect();
        check_report(produced, &[&grave], &events);
    }
    let (first, second) = (report(1, Final, &["90"]), report(2, Final, &["95"]));
    check_report(produced, &[&first], &["report.final"]);
    check_report(produced, &[&first, &second], &["report.amended"]);
}

/// The events of the last of `reports`.
fn check_report(produced: &mut BTreeSet<String>, reports: &[&ReportNotice], expected: &[&str]) {
    let filed: Vec<_> = reports.iter().enumerate().map(|(n, notice)| filed(n, notice)).collect();
    let mut series = Series::default();
    for report in &filed {
        series.file(report);
    }
    check(produced, report_events(series.standings().last().unwrap()), expected);
}

/// The words of every event type, out of its JSON Schema.
fn documented() -> BTreeSet<String> {
    let schema = schemars::schema_for!(EventType).to_value();
    let rows = schema["oneOf"].as_array().unwrap().iter();
    rows.map(|row| row["const"].as_str().unwrap().into()).collect()
}

#[test]
fn every_event_type_tells_of_some_change_and_every_change_of_its_own() {
    let mut produced = BTreeSet::new();
    check_orders(&mut produced);
    check_appointments(&mut produced);
    check_reports(&mut produced);
    // A merger is no change of one order: the store finds it.
    produced.insert("order.merged".into());
    assert_eq!(produced, documented());
}

#[test]
fn a_change_of_any_detail_is_told_and_our_own_count_is_not() {
    let before = order(&[entry(0, OrderStatus::Ordered)], Some("team-1"));
    let moved = order(&[entry(0, OrderStatus::Ordered)], Some("team-2"));
    assert_eq!(order_events(Some(&before), &moved), [EventType::OrderUpdated]);
    let recounted = Order { version: 9, ..before.clone() };
    assert_eq!(order_events(Some(&before), &recounted), []);
}
