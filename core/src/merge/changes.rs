//! Which events a change of the model gives.

use super::Standing;
use crate::model::{Appointment, EventType, Order, Phase, ReportStatus};

/// The events of an order that was `before` and is `after`; none if nothing of it has changed but
/// the time at which something that belongs to it did.
pub fn order_events(before: Option<&Order>, after: &Order) -> Vec<EventType> {
    let ended = |phase| match phase {
        Phase::Completed => Some(EventType::OrderCompleted),
        Phase::Cancelled => Some(EventType::OrderCancelled),
        Phase::Failed => Some(EventType::OrderFailed),
        Phase::Received | Phase::Collecting | Phase::AtLab => None,
    };
    match before {
        None => [Some(EventType::OrderCreated), ended(after.phase)].into_iter().flatten().collect(),
        Some(before) if same_order(before, after) => Vec::new(),
        Some(before) if before.phase != after.phase => {
            vec![ended(after.phase).unwrap_or(EventType::OrderUpdated)]
        }
        Some(_) => vec![EventType::OrderUpdated],
    }
}

fn same_order(before: &Order, after: &Order) -> bool {
    let Order { updated_at, version, .. } = *after;
    Order { updated_at, version, ..before.clone() } == *after
}

/// The events of an appointment that was `before` and is `after`.
pub fn appointment_events(before: Option<&Appointment>, after: &Appointment) -> Vec<EventType> {
    match before {
        None => vec![EventType::AppointmentCreated],
        Some(before) if (Appointment { version: after.version, ..before.clone() }) == *after => {
            Vec::new()
        }
        Some(_) => vec![EventType::AppointmentUpdated],
    }
}

/// The events of a report that was not known before. A critical one also gives an alarm of its
/// own, so that whoever waits for results and whoever waits for alarms each follow one type; an
/// alarm that comes without anything to read gives nothing else.
pub fn report_events(report: &Standing<'_>) -> Vec<EventType> {
    let notice = &report.filed.notice;
    let kind = match report.status {
        ReportStatus::Partial | ReportStatus::Unknown => EventType::ReportPartial,
        ReportStatus::Final => EventType::ReportFinal,
        ReportStatus::Cancelled if report.replaces.is_none() => EventType::ReportCancelled,
        ReportStatus::Amended | ReportStatus::Corrected | ReportStatus::Cancelled => {
            EventType::ReportAmended
        }
    };
    let alarm = notice.is_critical().then_some(EventType::ReportCritical);
    alarm.into_iter().chain((!notice.is_pointer()).then_some(kind)).collect()
}
