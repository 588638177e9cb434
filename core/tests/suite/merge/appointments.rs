//! Where an appointment stands, and which order it serves.

use labgate_core::{
    merge::Entry,
    model::{AppointmentDetails, AppointmentStatus, appointment_id, order_id},
    notice::AppointmentNotice,
};

use super::{appointment, appointment_history};
use crate::words::{entry, event, id, minute};

fn notice(entries: Vec<Entry<AppointmentStatus>>, order: &str) -> AppointmentNotice {
    AppointmentNotice {
        provider_appointment_id: id("appointment-1"),
        provider_order_id: id(order),
        topic: "appointment".into(),
        stated_at: entries.iter().map(|entry| entry.at).max().unwrap_or(minute(0)),
        entries,
        details: AppointmentDetails { provider_order_id: Some(id(order)), ..Default::default() },
    }
}

/// Checks the status after `arrived`, and after the same backwards.
fn check(arrived: &[Entry<AppointmentStatus>], expected: AppointmentStatus) {
    let notices: Vec<_> =
        arrived.iter().map(|entry| notice(vec![entry.clone()], "order-1")).collect();
    for history in [appointment_history(&notices), appointment_history(notices.iter().rev())] {
        let appointment = appointment(&history);
        assert_eq!(appointment.status, expected, "{arrived:?}");
        assert_eq!(appointment.timeline.len(), arrived.len(), "{arrived:?}");
        assert_eq!(appointment.updated_at, arrived.iter().map(|entry| entry.at).max());
    }
}

#[test]
fn the_latest_entry_tells_where_it_stands() {
    use AppointmentStatus::{
        Cancelled, Completed, InProgress, Pending, Reserved, Scheduled, Unknown,
    };
    check(&[entry(0, Pending), entry(1, Reserved), entry(2, Scheduled)], Scheduled);
    check(&[entry(2, InProgress), entry(3, Completed), entry(1, Scheduled)], Completed);
    check(&[entry(1, Cancelled), entry(2, Scheduled)], Scheduled);
    check(&[entry(1, Scheduled), entry(2, Unknown)], Unknown);
    check(&[event(0, "9", Cancelled), event(0, "10", Scheduled)], Scheduled);
    check(&[entry(0, Cancelled), entry(0, Scheduled)], Cancelled);
}

#[test]
fn without_entries_it_is_unknown() {
    let appointment = appointment(&appointment_history([&notice(vec![], "order-1")]));
    assert_eq!(appointment.status, AppointmentStatus::Unknown);
    assert_eq!((appointment.provider_status, appointment.timeline), (None, vec![]));
}

#[test]
fn it_serves_the_order_that_the_newest_message_names() {
    let first = notice(vec![entry(0, AppointmentStatus::Pending)], "order-1");
    let moved = notice(vec![entry(1, AppointmentStatus::Scheduled)], "order-2");
    for history in [appointment_history([&first, &moved]), appointment_history([&moved, &first])] {
        let appointment = appointment(&history);
        assert_eq!(appointment.order_id, order_id("junction", "order-2"));
        assert_eq!(appointment.id, appointment_id("junction", "appointment-1"));
        assert_eq!((&*appointment.plugin, appointment.version), ("junction", 1));
    }
}
