//! The numbered feed of changes.

use diesel::prelude::*;
use jiff::Timestamp;
use labgate_core::model::{Event, EventType};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Connection, StoreError,
    arrival::Origin,
    connection::{each, run},
    document::{from_document, to_document, word},
    key::Key,
    micros,
    schema::{events::dsl, feed},
    timestamp,
};

/// A change of the model, and the events that tell of it.
pub(super) struct Change {
    pub(super) types: Vec<EventType>,
    pub(super) order_id: Uuid,
    /// When it happened; for what has no time, that is when its webhook arrived.
    pub(super) occurred_at: Option<Timestamp>,
    pub(super) data: Value,
}

/// An event without its number.
#[derive(Insertable)]
#[diesel(table_name = super::schema::events, treat_none_as_default_value = false)]
pub(super) struct Row {
    seq: i64,
    id: Key,
    event_type: String,
    plugin: String,
    order_id: Key,
    occurred_at: i64,
    recorded_at: i64,
    data: Vec<u8>,
}

/// The events of a change.
pub(super) fn rows(origin: &Origin, change: Change) -> impl Iterator<Item = Row> {
    let Change { types, order_id, occurred_at, data } = change;
    let data = to_document(&data);
    types.into_iter().map(move |event_type| Row {
        seq: 0,
        id: Key(Uuid::now_v7()),
        event_type: word(event_type),
        plugin: origin.plugin.to_string(),
        order_id: Key(order_id),
        occurred_at: micros(occurred_at.unwrap_or(origin.received_at)),
        recorded_at: micros(origin.recorded_at),
        data: data.clone(),
    })
}

/// Appends to the feed. From here to the end of the transaction no other gateway can: a number is
/// never to be seen before a lower one, or a reader who has passed it would miss the lower.
pub(super) fn append(connection: &mut Connection, mut rows: Vec<Row>) -> Result<(), StoreError> {
    let Ok(count) = i64::try_from(rows.len()) else { return Err(StoreError::Overloaded) };
    if count == 0 {
        return Ok(());
    }
    let take = diesel::update(feed::table)
        .set(feed::last_seq.eq(feed::last_seq + count))
        .returning(feed::last_seq);
    let last: i64 = run!(connection, c => take.get_result(c))?;
    for (row, seq) in rows.iter_mut().zip(last - count + 1..) {
        row.seq = seq;
    }
    each!(connection, rows, these, c => diesel::insert_into(dsl::events).values(these).execute(c))?;
    Ok(())
}

/// The `limit` events after `seq`, oldest first.
pub fn after(connection: &mut Connection, seq: i64, limit: i64) -> Result<Vec<Event>, StoreError> {
    type Row = (i64, Key, String, String, Key, i64, i64, Vec<u8>);
    let columns = (
        dsl::seq,
        dsl::id,
        dsl::event_type,
        dsl::plugin,
        dsl::order_id,
        dsl::occurred_at,
        dsl::recorded_at,
        dsl::data,
    );
    let query = dsl::events.filter(dsl::seq.gt(seq)).order(dsl::seq).limit(limit).select(columns);
    let rows: Vec<Row> = run!(connection, c => query.load(c))?;
    rows.into_iter()
        .map(|(seq, id, event_type, plugin, order_id, occurred_at, recorded_at, data)| {
            let event_type = serde_json::from_value(event_type.into());
            Ok(Event {
                seq,
                id: id.0,
                event_type: event_type.map_err(|_| StoreError::Unreadable("events"))?,
                occurred_at: timestamp(occurred_at),
                recorded_at: timestamp(recorded_at),
                plugin,
                order_id: order_id.0,
                data: from_document("events", &data)?,
            })
        })
        .collect()
}
