//! Appointments: merged documents that belong to an order.

use diesel::prelude::*;
use labgate_core::{
    Identifier,
    merge::{AppointmentHistory, appointment_events, appointment_view},
    model::{Appointment, appointment_id},
    notice::AppointmentNotice,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Connection, StoreError,
    arrival::Origin,
    connection::run,
    document::{Merged, from_document, merged, to_document, word},
    events, micros,
    schema::appointments::dsl,
};

/// Merges what a webhook says of an appointment.
pub(super) fn absorb(
    connection: &mut Connection,
    origin: &Origin<'_>,
    notice: &AppointmentNotice,
) -> Result<(), StoreError> {
    let provider_appointment_id = &notice.provider_appointment_id;
    let id = appointment_id(origin.plugin, provider_appointment_id.as_str());
    let row = dsl::appointments.filter(dsl::id.eq(id.to_string()));
    let query = row.clone().select((dsl::version, dsl::document));
    let known = run!(connection, c => query.first(c).optional())?;
    let say = |history: &mut AppointmentHistory| history.tell(notice);
    let Some(Merged { before, after }) = merged("appointments", known, say)? else {
        return Ok(());
    };

    let view = |(version, history): &(i64, AppointmentHistory)| {
        appointment_view(origin.plugin, id, provider_appointment_id, history, *version)
    };
    let (seen, appointment) = (before.as_ref().map(view), view(&after));
    let columns = (
        dsl::order_id.eq(appointment.order_id.to_string()),
        dsl::status.eq(word(appointment.status)),
        dsl::starts_at.eq(appointment.details.starts_at.map(micros)),
        dsl::updated_at.eq(appointment.updated_at.map(micros)),
        dsl::version.eq(appointment.version),
        dsl::document.eq(to_document(&after.1)),
    );
    if seen.is_some() {
        run!(connection, c => diesel::update(row).set(columns).execute(c))?;
    } else {
        let names = (
            dsl::id.eq(id.to_string()),
            dsl::plugin.eq(origin.plugin),
            dsl::provider_appointment_id.eq(provider_appointment_id.as_str()),
        );
        let insert = diesel::insert_into(dsl::appointments).values((names, columns));
        run!(connection, c => insert.execute(c))?;
    }
    let data = json!({
        "appointment_id": id,
        "status": appointment.status,
        "starts_at": appointment.details.starts_at,
        "version": appointment.version,
    });
    let types = appointment_events(seen.as_ref(), &appointment);
    let occurred_at = appointment.updated_at.unwrap_or(origin.received_at);
    events::append(connection, origin, types, appointment.order_id, occurred_at, &data)
}

/// The appointments of an order, the one known last first.
pub fn of_order(connection: &mut Connection, order: Uuid) -> Result<Vec<Appointment>, StoreError> {
    type Row = (String, String, i64, Vec<u8>);
    let query = dsl::appointments
        .filter(dsl::order_id.eq(order.to_string()))
        .order(dsl::seq.desc())
        .select((dsl::plugin, dsl::provider_appointment_id, dsl::version, dsl::document));
    let rows: Vec<Row> = run!(connection, c => query.load(c))?;
    rows.into_iter()
        .map(|(plugin, provider_id, version, document)| {
            let history = from_document("appointments", &document)?;
            let provider_id =
                Identifier::new(provider_id).ok_or(StoreError::Unreadable("appointments"))?;
            let id = appointment_id(&plugin, provider_id.as_str());
            Ok(appointment_view(&plugin, id, &provider_id, &history, version))
        })
        .collect()
}
