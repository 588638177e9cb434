//! Orders: merged documents with a few columns to find them by.

use std::collections::{BTreeSet, HashMap};

use diesel::{prelude::*, upsert::excluded};
use jiff::Timestamp;
use labgate_core::{
    Identifier,
    merge::{OrderHistory, order_events, order_view},
    model::{Order, OrderStatus, Phase, order_id},
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
    schema::orders::dsl,
    seal::{Place, Purpose, Seal},
};

const TABLE: &str = "orders";

/// An order in the hands of a writer.
pub(super) type OrderDocument = Document<OrderHistory, Order>;

/// Loads the orders that are there, and holds them until the transaction ends.
pub(super) fn load(
    connection: &mut Connection,
    ids: BTreeSet<Key>,
) -> Result<HashMap<Uuid, OrderDocument>, StoreError> {
    let ids: Vec<Key> = ids.into_iter().collect();
    let seal = connection.seal();
    let mut documents = HashMap::with_capacity(ids.len());
    let rows: Vec<(Key, Row)> = hold!(connection, dsl::id, &ids, these => {
        dsl::orders.filter(these).order(dsl::id).select((dsl::id, columns::<Row>()))
    })?;
    for (Key(id), row) in rows {
        let (subject, history) = row.read(&seal, id)?;
        let view = view(&subject, &history, row.version);
        documents.insert(id, Document::stored(subject, row.version, history, view));
    }
    Ok(documents)
}

/// What one webhook makes of an order, and the change of it; `None` if it said nothing new.
pub(super) fn settle(
    draft: Draft<OrderHistory>,
    before: Option<&OrderDocument>,
) -> Option<(OrderDocument, Change)> {
    let after = draft.settle(before, view)?;
    let order = &after.view;
    let change = Change {
        types: order_events(before.map(|before| &before.view), order),
        order_id: order.id,
        occurred_at: order.updated_at,
        data: json!({
            "status": order.status,
            "phase": order.phase,
            "provider_order_id": order.provider_order_id,
            "version": order.version,
        }),
    };
    Some((after, change))
}

fn view(subject: &Subject, history: &OrderHistory, version: i64) -> Order {
    order_view(&subject.plugin, &subject.provider_id, history, version)
}

#[derive(Insertable)]
#[diesel(table_name = super::schema::orders, treat_none_as_default_value = false)]
struct NewRow<'a> {
    id: Key,
    plugin: &'a str,
    provider_order_id: &'a str,
    status: String,
    phase: String,
    updated_at: Option<i64>,
    version: i64,
    document: Vec<u8>,
}

/// The row of a document, if it has changed, and whether it is stored.
fn row<'a>(seal: &Seal, id: Uuid, document: &'a OrderDocument) -> Option<(bool, NewRow<'a>)> {
    let order = document.changed.then_some(&document.view)?;
    let packed = seal.pack(
        &document.subject.plugin,
        Place::new(Purpose::Order, id),
        &to_document(&document.history),
    );
    let row = NewRow {
        id: Key(id),
        plugin: &document.subject.plugin,
        provider_order_id: document.subject.provider_id.as_str(),
        status: word(order.status),
        phase: word(order.phase),
        updated_at: order.updated_at.map(micros),
        version: document.version,
        document: packed,
    };
    Some((document.stored, row))
}

/// Writes the orders that have changed.
pub(super) fn save(
    connection: &mut Connection,
    documents: &HashMap<Uuid, OrderDocument>,
) -> Result<(), StoreError> {
    let seal = connection.seal();
    let mut rows: Vec<_> =
        documents.iter().filter_map(|(id, document)| row(&seal, *id, document)).collect();
    rows.sort_unstable_by_key(|(_, row)| row.id);
    let (old, new) = split(rows);
    // Another gateway may make the same order meanwhile: then this fails, and is tried again.
    each!(connection, new, these, c => diesel::insert_into(dsl::orders).values(these).execute(c))?;
    // One statement for all: Diesel never prepares one like this for more than one use.
    for old in old.chunks(CHUNK) {
        let insert = diesel::insert_into(dsl::orders).values(old);
        let update = insert.on_conflict(dsl::id).do_update().set((
            dsl::status.eq(excluded(dsl::status)),
            dsl::phase.eq(excluded(dsl::phase)),
            dsl::updated_at.eq(excluded(dsl::updated_at)),
            dsl::version.eq(excluded(dsl::version)),
            dsl::document.eq(excluded(dsl::document)),
        ));
        run!(connection, c => update.execute(c))?;
    }
    Ok(())
}

/// Which orders to list; the ones known last come first.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this plugin only.
    pub plugin: Option<String>,
    /// With the vendor's id.
    pub provider_order_id: Option<String>,
    /// In this status.
    pub status: Option<OrderStatus>,
    /// In this phase.
    pub phase: Option<Phase>,
    /// Changed after this time of the vendor.
    pub updated_after: Option<Timestamp>,
    /// Before this place in the list.
    pub before: Option<i64>,
    /// At most as many.
    pub limit: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = super::schema::orders)]
struct Row {
    seq: i64,
    plugin: String,
    provider_order_id: String,
    version: i64,
    document: Vec<u8>,
}

/// Orders with their place in the list.
pub fn list(connection: &mut Connection, filter: &Filter) -> Result<Vec<(i64, Order)>, StoreError> {
    let rows: Vec<Row> = run!(connection, c => {
        let mut query = dsl::orders.select(columns::<Row>()).order(dsl::seq.desc()).into_boxed();
        if let Some(plugin) = &filter.plugin {
            query = query.filter(dsl::plugin.eq(plugin));
        }
        if let Some(id) = &filter.provider_order_id {
            query = query.filter(dsl::provider_order_id.eq(id));
        }
        if let Some(status) = filter.status {
            query = query.filter(dsl::status.eq(word(status)));
        }
        if let Some(phase) = filter.phase {
            query = query.filter(dsl::phase.eq(word(phase)));
        }
        if let Some(time) = filter.updated_after {
            query = query.filter(dsl::updated_at.gt(micros(time)));
        }
        if let Some(before) = filter.before {
            query = query.filter(dsl::seq.lt(before));
        }
        query.limit(filter.limit).load(c)
    })?;
    let seal = connection.seal();
    let order = |row: Row| {
        let id = order_id(&row.plugin, &row.provider_order_id);
        Ok((row.seq, row.order(&seal, id)?))
    };
    rows.into_iter().map(order).collect()
}

/// One order.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Order>, StoreError> {
    let query = dsl::orders.filter(dsl::id.eq(Key(id))).select(columns::<Row>());
    let row: Option<Row> = run!(connection, c => query.first(c).optional())?;
    row.map(|row| row.order(&connection.seal(), id)).transpose()
}

impl Row {
    fn read(&self, seal: &Seal, id: Uuid) -> Result<(Subject, OrderHistory), StoreError> {
        let document = seal.unpack(Place::new(Purpose::Order, id), &self.document)?;
        let provider_id = Identifier::new(self.provider_order_id.as_str());
        let provider_id = provider_id.ok_or(StoreError::Unreadable(TABLE))?;
        let subject = Subject { plugin: self.plugin.as_str().into(), provider_id };
        Ok((subject, from_document(TABLE, &document)?))
    }

    fn order(&self, seal: &Seal, id: Uuid) -> Result<Order, StoreError> {
        let (subject, history) = self.read(seal, id)?;
        Ok(view(&subject, &history, self.version))
    }
}
