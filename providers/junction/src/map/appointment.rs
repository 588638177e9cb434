//! `labtest.appointment.*`: the whole appointment, with its history, in each event.

use jiff::Timestamp;
use labgate_core::{
    Notice, Phi,
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
    let kind = appointment.r#type.as_deref().map(words::appointment_kind);
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
            location: appointment.location.and_then(location).map(Phi::new),
            address: appointment.address.as_ref().map(|place| Phi::new(address(place))),
            rescheduled: Some(rescheduled),
            confirmation_code: appointment.external_id.map(Phi::new),
        },
        stated_at,
    }))
}

/// The history, and the status that is shown, in case the history lags behind it: at the time of
/// the latest entry it counts if it comes later in an appointment's life.
fn entries(
    appointment: &payload::Appointment,
    context: &mut Context,
) -> Vec<Entry<AppointmentStatus>> {
    let events = appointment.events.as_deref().unwrap_or_default();
    let mut entries: Vec<_> = events
        .iter()
        .map(|event| entry(event.created_at.0, &event.status, event.data.as_ref(), context))
        .collect();
    let latest = entries.iter().max().map(|latest| (latest.at, latest.status));
    // `status` has other words and lags behind, so it only counts where nothing else is told.
    let status = appointment.status.as_ref().filter(|_| events.is_empty());
    if let Some(text) = appointment.event_status.as_ref().or(status) {
        let at = latest.map_or(context.received_at, |(at, _)| at);
        let shown = entry(at, text, appointment.event_data.as_ref(), context);
        if latest.is_none_or(|(_, status)| shown.status > status) {
            entries.push(shown);
        }
    }
    entries
}

fn entry(
    at: Timestamp,
    text: &str,
    data: Option<&AppointmentEventData>,
    context: &mut Context,
) -> Entry<AppointmentStatus> {
    let status = words::appointment_status(text);
    if status == AppointmentStatus::Unknown {
        context.unknown("events[].status");
    }
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

fn location(location: payload::Location) -> Option<Location> {
    match (location.lat, location.lng) {
        (Some(Scalar::Number(latitude)), Some(Scalar::Number(longitude))) => {
            Some(Location { latitude, longitude })
        }
        _ => None,
    }
}
