//! The numbered feed of changes.

use diesel::prelude::*;
use jiff::Timestamp;
use labgate_core::model::{Event, EventType};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Connection, StoreError,
    arrival::Origin,
    connection::run,
    document::{from_document, to_document, word},
    micros,
    schema::events::dsl,
    timestamp,
};

/// Appends to the feed.
pub(super) fn append(
    connection: &mut Connection,
    origin: &Origin<'_>,
    types: Vec<EventType>,
    order_id: Uuid,
    occurred_at: Timestamp,
    data: &Value,
) -> Result<(), StoreError> {
    for event_type in types {
        let row = (
            dsl::id.eq(Uuid::now_v7().to_string()),
            dsl::event_type.eq(word(event_type)),
            dsl::plugin.eq(origin.plugin),
            dsl::order_id.eq(order_id.to_string()),
            dsl::occurred_at.eq(micros(occurred_at)),
            dsl::recorded_at.eq(micros(origin.recorded_at)),
            dsl::data.eq(to_document(data)),
        );
        run!(connection, c => diesel::insert_into(dsl::events).values(row).execute(c))?;
    }
    Ok(())
}

/// The `limit` events after `seq`, oldest first.
pub fn after(connection: &mut Connection, seq: i64, limit: i64) -> Result<Vec<Event>, StoreError> {
    type Row = (i64, String, String, String, String, i64, i64, Vec<u8>);
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
            let unreadable = StoreError::Unreadable("events");
            let (Ok(id), Ok(order_id), Ok(event_type)) =
                (id.parse(), order_id.parse(), serde_json::from_value(event_type.into()))
            else {
                return Err(unreadable);
            };
            Ok(Event {
                seq,
                id,
                event_type,
                occurred_at: timestamp(occurred_at),
                recorded_at: timestamp(recorded_at),
                plugin,
                order_id,
                data: from_document("events", &data)?,
            })
        })
        .collect()
}
