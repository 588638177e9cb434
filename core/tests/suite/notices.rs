//! What an acknowledgement counts.

use labgate_core::{
    Notice, Notices,
    model::{AppointmentDetails, OrderDetails, ReportStatus},
    notice::{AppointmentNotice, FetchNotice, FetchSubject, OrderNotice, ReportNotice},
};

use crate::{
    reports::{found, report},
    words::{id, minute},
};

fn order(order: &str) -> Notice {
    Notice::Order(Box::new(OrderNotice {
        provider_order_id: id(order),
        aliases: Vec::new(),
        topic: "order".into(),
        entries: vec![],
        details: OrderDetails::default(),
        stated_at: minute(0),
    }))
}

fn appointment(appointment: &str) -> Notice {
    Notice::Appointment(Box::new(AppointmentNotice {
        provider_appointment_id: id(appointment),
        provider_order_id: id("1"),
        topic: "appointment".into(),
        entries: vec![],
        details: AppointmentDetails::default(),
        stated_at: minute(0),
    }))
}

/// A report of so many observations.
fn results(observations: usize) -> Notice {
    let observations = vec![found("Glucose", "90"); observations];
    let report = report(0, ReportStatus::Final, &[]);
    Notice::Report(Box::new(ReportNotice { observations, ..report }))
}

fn fetch(subject: FetchSubject) -> Notice {
    Notice::Fetch(FetchNotice::new(subject, id("1"), id("1")))
}

fn check(notices: &[Notice], expected: usize) {
    let notices = Notices { notices: notices.to_vec(), drift: ["data.*".into()].into() };
    assert_eq!(notices.ingested_count(), expected, "{notices:?}");
}

#[test]
fn a_result_counts_its_observations() {
    check(&[results(3)], 3);
    check(&[results(3), results(2)], 5);
    check(&[order("1"), appointment("1"), results(3)], 3);
    check(&[results(1), order("1"), order("2")], 1);
    // An alarm is a result without any.
    check(&[results(0), order("1")], 0);
}

#[test]
fn anything_else_counts_the_orders_and_appointments_that_it_touches() {
    check(&[order("1")], 1);
    check(&[appointment("1")], 1);
    check(&[order("1"), order("2"), appointment("3")], 3);
}

#[test]
fn touched_twice_is_touched_once() {
    check(&[order("1"), order("1")], 1);
    check(&[appointment("1"), appointment("1"), order("2")], 2);
    // An order and an appointment may bear the same id.
    check(&[order("1"), appointment("1")], 2);
}

#[test]
fn what_says_nothing_counts_nothing() {
    check(&[], 0);
    check(&[results(0)], 0);
    check(&[fetch(FetchSubject::Order), fetch(FetchSubject::Report)], 0);
    check(&[fetch(FetchSubject::Report), order("1")], 1);
}

#[test]
fn a_notice_is_the_same_after_it_was_kept_as_json() {
    for notice in [order("1"), appointment("1"), results(2), fetch(FetchSubject::Order)] {
        let kept = serde_json::to_string(&notice).unwrap();
        assert_eq!(serde_json::from_str::<Notice>(&kept).unwrap(), notice, "{kept}");
    }
}

#[test]
fn a_subject_of_fetching_has_one_word_in_json_and_in_the_task_list() {
    for subject in [FetchSubject::Order, FetchSubject::Report] {
        assert_eq!(serde_json::to_value(subject).unwrap(), subject.as_str());
    }
}
