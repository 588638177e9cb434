//! `labtest.appointment.*`: the whole appointment, with its history, in each event.

use jiff::{SignedDuration, Timestamp};
use labgate_core::{
    Decimal, Notice, Phi,
    decode::Scalar,
    merge::Entry,
    model::{AppointmentDetails, AppointmentKind, AppointmentStatus, Location},
    notice::AppointmentNotice,
};

use super::{Context, order::address, words};
use crate::payload::{self, AppointmentEventData};

/// Maps an appointment.
pub(super) fn map(appointment: payload::Appointment, context: &mut Context) -> Notice {
    let entries = entries(&appointment, context);
    let kind = appointment.r#type.as_deref().map(|word| {
        words::find(words::APPOINTMENT_KINDS, word).unwrap_or(AppointmentKind::Unknown)
    });
    if kind == Some(AppointmentKind::Unknown) {
        context.unknown("type");
    }
    let moved = |data: &AppointmentEventData| data.is_reschedule.unwrap_or(false);
    let rescheduled = appointment
        .events
        .iter()
        .flatten()
        .filter_map(|event| event.data.as_ref())
        .chain(&appointment.event_data)
        .any(moved);
    let location = appointment.location.and_then(|it| location(it, context)).map(Phi::new);
    let stated_at = entries.iter().map(|entry| entry.at).max().unwrap_or(context.received_at);
    Notice::Appointment(Box::new(AppointmentNotice {
        provider_appointment_id: appointment.id,
        provider_order_id: appointment.order_id,
        topic: "labtest.appointment".into(),
        entries,
        details: AppointmentDetails {
            provider_order_id: None,
            kind,
            provider_kind: appointment.r#type,
            starts_at: appointment.start_at.map(|time| time.0),
            ends_at: appointment.end_at.map(|time| time.0),
            time_zone: appointment.iana_timezone,
            location,
            address: appointment.address.as_ref().map(|place| Phi::new(address(place))),
            rescheduled: Some(rescheduled),
            confirmation_code: appointment.external_id.map(Phi::new),
        },
        stated_at,
    }))
}

/// The history, and the status that is shown, in case the history lags behind it.
fn entries(
    appointment: &payload::Appointment,
    context: &mut Context,
) -> Vec<Entry<AppointmentStatus>> {
    let events = appointment.events.as_deref().unwrap_or_default();
    let mut entries: Vec<_> = events
        .iter()
        .map(|event| {
            let data = event.data.as_ref();
            entry(event.created_at.0, &event.status, "events[].status", data, context)
        })
        .collect();
    // `status` has other words and lags behind, so it only counts where nothing else is told.
    let status = appointment.status.as_ref().filter(|text| {
        let known = words::find(words::APPOINTMENT_STATUSES, text).is_some();
        if !known {
            context.unknown("status");
        }
        events.is_empty()
    });
    if let Some(text) = appointment.event_status.as_ref().or(status) {
        let at = context.received_at;
        let shown = entry(at, text, "event_status", appointment.event_data.as_ref(), context);
        entries.extend(behind(&entries, shown));
    }
    entries
}

/// The entry that `shown`, which has no time of its own, adds to a history; `None` if the history
/// has it already.
///
/// At the time of the latest entry it counts if it comes later in an appointment's life. A word
/// that we don't know has no place in that life: it is news, and counts a moment after the rest.
fn behind(
    history: &[Entry<AppointmentStatus>],
    shown: Entry<AppointmentStatus>,
) -> Option<Entry<AppointmentStatus>> {
    let Some(latest) = history.iter().max() else { return Some(shown) };
    let unknown = shown.status == AppointmentStatus::Unknown;
    let same = |entry: &Entry<AppointmentStatus>| {
        entry.status == shown.status && (!unknown || entry.provider_status == shown.provider_status)
    };
    let news = shown.status > latest.status || !history.iter().any(same);
    let after = if unknown { A_MOMENT } else { SignedDuration::ZERO };
    let at = latest.at.saturating_add(after).unwrap_or(latest.at);
    news.then_some(Entry { at, ..shown })
}

/// The least that two times can differ by in the store.
const A_MOMENT: SignedDuration = SignedDuration::from_micros(1);

fn entry(
    at: Timestamp,
    text: &str,
    field: &str,
    data: Option<&AppointmentEventData>,
    context: &mut Context,
) -> Entry<AppointmentStatus> {
    let status = words::find(words::APPOINTMENT_STATUSES, text).unwrap_or_else(|| {
        context.unknown(field);
        AppointmentStatus::Unknown
    });
    let origin = data.and_then(|data| data.origin.clone());
    Entry {
        at,
        provider_event_id: None,
        status,
        provider_status: Some(text.into()),
        phase: None,
        // Who called it off is the only reason that Junction documents.
        reason: origin.filter(|_| status == AppointmentStatus::Cancelled).map(Phi::new),
        provider_at: None,
    }
}

/// A point has both numbers. What is none is drift; a relay may print numbers as text.
fn location(location: payload::Location, context: &mut Context) -> Option<Location> {
    let number = |scalar: Option<Scalar>| -> Option<Decimal> {
        match scalar? {
            Scalar::Number(number) => Some(number),
            Scalar::Text(text) => text.trim().parse().ok(),
        }
    };
    if location.lat.is_none() && location.lng.is_none() {
        return None;
    }
    let point = number(location.lat).zip(number(location.lng));
    if point.is_none() {
        context.unknown("location");
    }
    point.map(|(latitude, longitude)| Location { latitude, longitude })
}
