//! Appointments: merged documents that belong to an order.

use std::collections::{BTreeSet, HashMap};

use diesel::{prelude::*, upsert::excluded};
use labgate_core::{
    Identifier,
    merge::{AppointmentHistory, appointment_events, appointment_view},
    model::{Appointment, appointment_id},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Connection, StoreError,
    connection::{CHUNK, columns, each, hold, run},
    document::{Document, Draft, Subject, from_document, split, to_document, word},
    events::Change,
    key::Key,
    micros,
    orders::{self, Names},
    schema::appointments::dsl,
    seal::{Place, Purpose, Seal},
};

const TABLE: &str = "appointments";

/// An appointment in the hands of a writer.
pub(super) type AppointmentDocument = Document<AppointmentHistory, Appointment>;

#[derive(Queryable, Selectable)]
#[diesel(table_name = super::schema::appointments)]
struct Row {
    plugin: String,
    provider_appointment_id: String,
    version: i64,
    document: Vec<u8>,
}

/// Loads the appointments that are there, and holds them until the transaction ends.
pub(super) fn load(
    connection: &mut Connection,
    ids: BTreeSet<Key>,
) -> Result<HashMap<Uuid, AppointmentDocument>, StoreError> {
    let ids: Vec<Key> = ids.into_iter().collect();
    let seal = connection.seal();
    let mut documents = HashMap::with_capacity(ids.len());
    let rows: Vec<(Key, Row)> = hold!(connection, dsl::id, &ids, these => {
        dsl::appointments.filter(these).order(dsl::id).select((dsl::id, columns::<Row>()))
    })?;
    for (Key(id), row) in rows {
        let (subject, history) = row.read(&seal, id)?;
        let view = view(id, &subject, &history, row.version);
        documents.insert(id, Document::stored(subject, row.version, history, view));
    }
    Ok(documents)
}

/// What one webhook makes of an appointment, and the change of it; `None` if it said nothing new.
pub(super) fn settle(
    id: Uuid,
    draft: Draft<AppointmentHistory>,
    before: Option<&AppointmentDocument>,
) -> Option<(AppointmentDocument, Change)> {
    let view = |subject: &Subject, history: &_, version| view(id, subject, history, version);
    let after = draft.settle(before, view)?;
    let appointment = &after.view;
    let change = Change {
        types: appointment_events(before.map(|before| &before.view), appointment),
        order_id: appointment.order_id,
        occurred_at: appointment.updated_at,
        data: json!({
            "appointment_id": id,
            "status": appointment.status,
            "starts_at": appointment.details.starts_at,
            "version": appointment.version,
        }),
    };
    Some((after, change))
}

fn view(id: Uuid, subject: &Subject, history: &AppointmentHistory, version: i64) -> Appointment {
    appointment_view(&subject.plugin, id, &subject.provider_id, history, version)
}

#[derive(Insertable)]
#[diesel(table_name = super::schema::appointments, treat_none_as_default_value = false)]
struct NewRow<'a> {
    id: Key,
    plugin: &'a str,
    order_id: Key,
    provider_appointment_id: &'a str,
    status: String,
    starts_at: Option<i64>,
    updated_at: Option<i64>,
    version: i64,
    document: Vec<u8>,
}

/// The row of a document, if it has changed, and whether it is stored.
fn row<'a>(seal: &Seal, id: Uuid, document: &'a AppointmentDocument) -> Option<(bool, NewRow<'a>)> {
    let appointment = document.changed.then_some(&document.view)?;
    let packed = seal.pack(
        &document.subject.plugin,
        Place::new(Purpose::Appointment, id),
        &to_document(&document.history),
    );
    let row = NewRow {
        id: Key(id),
        plugin: &document.subject.plugin,
        order_id: Key(appointment.order_id),
        provider_appointment_id: document.subject.provider_id.as_str(),
        status: word(appointment.status),
        starts_at: appointment.details.starts_at.map(micros),
        updated_at: appointment.updated_at.map(micros),
        version: document.version,
        document: packed,
    };
    Some((document.stored, row))
}

/// Writes the appointments that have changed.
pub(super) fn save(
    connection: &mut Connection,
    documents: &HashMap<Uuid, AppointmentDocument>,
) -> Result<(), StoreError> {
    let seal = connection.seal();
    let mut rows: Vec<_> =
        documents.iter().filter_map(|(id, document)| row(&seal, *id, document)).collect();
    rows.sort_unstable_by_key(|(_, row)| row.id);
    let (old, new) = split(rows);
    each!(connection, new, these, c => diesel::insert_into(dsl::appointments).values(these).execute(c))?;
    // One statement for all: Diesel never prepares one like this for more than one use.
    for old in old.chunks(CHUNK) {
        let insert = diesel::insert_into(dsl::appointments).values(old);
        let update = insert.on_conflict(dsl::id).do_update().set((
            dsl::order_id.eq(excluded(dsl::order_id)),
            dsl::status.eq(excluded(dsl::status)),
            dsl::starts_at.eq(excluded(dsl::starts_at)),
            dsl::updated_at.eq(excluded(dsl::updated_at)),
            dsl::version.eq(excluded(dsl::version)),
            dsl::document.eq(excluded(dsl::document)),
        ));
        run!(connection, c => update.execute(c))?;
    }
    Ok(())
}

/// The appointments of an order, the one known last first.
pub fn of_order(connection: &mut Connection, order: Uuid) -> Result<Vec<Appointment>, StoreError> {
    let Some(Names { order, ids }) = orders::names(connection, order)? else {
        return Ok(Vec::new());
    };
    let query = dsl::appointments
        .filter(dsl::order_id.eq_any(ids))
        .order(dsl::seq.desc())
        .select(columns::<Row>());
    let rows: Vec<Row> = run!(connection, c => query.load(c))?;
    let seal = connection.seal();
    let appointment = |row: &Row| {
        let id = appointment_id(&row.plugin, &row.provider_appointment_id);
        let (subject, history) = row.read(&seal, id)?;
        let filed = view(id, &subject, &history, row.version);
        Ok(Appointment { order_id: order, ..filed })
    };
    rows.iter().map(appointment).collect()
}

impl Row {
    fn read(&self, seal: &Seal, id: Uuid) -> Result<(Subject, AppointmentHistory), StoreError> {
        let document = seal.unpack(Place::new(Purpose::Appointment, id), &self.document)?;
        let provider_id = Identifier::new(self.provider_appointment_id.as_str());
        let provider_id = provider_id.ok_or(StoreError::Unreadable(TABLE))?;
        let subject = Subject { plugin: self.plugin.as_str().into(), provider_id };
        Ok((subject, from_document(TABLE, &document)?))
    }
}
