//! What a vendor dates into the future.

use jiff::{SignedDuration, Timestamp};
use labgate_core::{
    Notice, Notices,
    model::{AppointmentDetails, AppointmentStatus, OrderDetails, OrderStatus, ReportStatus},
    notice::{AppointmentNotice, OrderNotice},
};

use crate::{
    reports::report,
    words::{entry, id, minute},
};

/// The year 9998, in minutes of the story.
const FAR: i64 = 4_190_000_000;

fn order(at: i64) -> Notice {
    Notice::Order(Box::new(OrderNotice {
        provider_order_id: id("1"),
        aliases: Vec::new(),
        topic: "order".into(),
        entries: vec![entry(0, OrderStatus::Ordered), entry(at, OrderStatus::Completed)],
        details: OrderDetails::default(),
        stated_at: minute(at),
    }))
}

fn appointment(at: i64) -> Notice {
    Notice::Appointment(Box::new(AppointmentNotice {
        provider_appointment_id: id("1"),
        provider_order_id: id("1"),
        topic: "appointment".into(),
        entries: vec![entry(at, AppointmentStatus::Scheduled)],
        details: AppointmentDetails {
            starts_at: Some(minute(FAR)),
            ..AppointmentDetails::default()
        },
        stated_at: minute(at),
    }))
}

fn received_at() -> Timestamp {
    minute(10)
}

fn settled(notice: Notice) -> Notices {
    Notices { notices: vec![notice], drift: ["data.*".into()].into() }.ordered_by(received_at())
}

#[test]
fn a_time_of_the_future_orders_nothing_and_is_kept() {
    let told = settled(order(FAR));
    let Notice::Order(notice) = &told.notices[0] else { panic!("an order stays one") };
    assert_eq!(notice.stated_at, received_at());
    assert_eq!(notice.entries[0], entry(0, OrderStatus::Ordered));
    assert_eq!(notice.entries[1].at, received_at());
    assert_eq!(notice.entries[1].provider_at, Some(minute(FAR)));
    assert_eq!(Vec::from_iter(told.drift), ["data.*", "order.entries[].at", "order.stated_at"]);

    let told = settled(appointment(FAR));
    let Notice::Appointment(notice) = &told.notices[0] else { panic!("an appointment stays one") };
    assert_eq!((notice.stated_at, notice.entries[0].at), (received_at(), received_at()));
    assert_eq!(notice.entries[0].provider_at, Some(minute(FAR)));
    // An appointment is in the future; its time orders nothing.
    assert_eq!(notice.details.starts_at, Some(minute(FAR)));
    let expected = ["appointment.entries[].at", "appointment.stated_at", "data.*"];
    assert_eq!(Vec::from_iter(told.drift), expected);

    let told = settled(Notice::Report(Box::new(report(FAR, ReportStatus::Final, &[]))));
    let Notice::Report(notice) = &told.notices[0] else { panic!("a report stays one") };
    assert_eq!(notice.reported_at, received_at());
    assert_eq!(notice.provider_reported_at, Some(minute(FAR)));
    assert_eq!(Vec::from_iter(told.drift), ["data.*", "report.reported_at"]);
}

#[test]
fn a_clock_may_be_ahead_by_a_day() {
    let day = 24 * 60;
    for notice in [order(10 + day), appointment(10 + day)] {
        let told = settled(notice.clone());
        assert_eq!(told.notices, [notice]);
        assert_eq!(Vec::from_iter(told.drift), ["data.*"]);
    }
    let late = report(11 + day, ReportStatus::Final, &[]);
    let told = settled(Notice::Report(Box::new(late.clone())));
    assert_ne!(told.notices, [Notice::Report(Box::new(late))]);
    // What was settled once stays as it is.
    let again = Notices { notices: told.notices.clone(), ..Notices::default() };
    let again = again.ordered_by(received_at() + SignedDuration::from_hours(1));
    assert_eq!((again.notices, again.drift), (told.notices, [].into()));
}
