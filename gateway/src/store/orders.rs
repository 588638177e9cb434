//! Orders: merged documents with a few columns to find them by.

use std::collections::{BTreeSet, HashMap};

use diesel::{prelude::*, upsert::excluded};
use jiff::Timestamp;
use labgate_core::{
    Identifier,
    merge::{OrderHistory, order_events, order_view},
    model::{EventType, Order, OrderStatus, Phase, order_id},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Connection, StoreError,
    connection::{CHUNK, columns, each, hold, run},
    document::{Document, Draft, Subject, from_document, split, to_document, word},
    events::Change,
    key::Key,
    links::Links,
    micros,
    schema::orders::dsl,
    seal::{Place, Purpose, Seal},
};

const TABLE: &str = "orders";

/// An order in the hands of a writer.
pub(super) type OrderDocument = Document<OrderHistory, Order>;

/// Loads the orders that are there and those that they lead to, and holds them until the
/// transaction ends. Those that they lead to are not held in the order of ids; where two gateways
/// so wait for each other, the server ends one's batch, and it is tried again.
pub(super) fn load(
    connection: &mut Connection,
    ids: BTreeSet<Key>,
) -> Result<(HashMap<Uuid, OrderDocument>, Links), StoreError> {
    let mut ids: Vec<Key> = ids.into_iter().collect();
    let seal = connection.seal();
    let (mut documents, mut links) = (HashMap::with_capacity(ids.len()), Links::default());
    while !ids.is_empty() {
        let rows: Vec<(Key, Row)> = hold!(connection, dsl::id, &ids, these => {
            dsl::orders.filter(these).order(dsl::id).select((dsl::id, columns::<Row>()))
        })?;
        let mut further = BTreeSet::new();
        for (Key(id), row) in rows {
            if let Some(order) = row.merged_into {
                links.add(id, order.0);
                further.insert(order);
            }
            let (subject, history) = row.read(&seal, id)?;
            let view = view(&subject, &history, row.version);
            documents.insert(id, Document::stored(subject, row.version, history, view));
        }
        further.retain(|order| !documents.contains_key(&order.0));
        ids = further.into_iter().collect();
    }
    Ok((documents, links))
}

/// The row of a name that leads to an order, and under which nothing was said.
pub(super) fn alias(subject: Subject) -> OrderDocument {
    let (history, version) = (OrderHistory::default(), 0);
    let view = view(&subject, &history, version);
    Document { subject, history, view, version, stored: false, changed: true }
}

/// The event of an order that was known as another one under `alias`.
pub(super) fn merged(order: Uuid, merged: Uuid, alias: &Identifier) -> Change {
    Change {
        types: vec![EventType::OrderMerged],
        order_id: order,
        occurred_at: None,
        data: json!({ "merged": merged, "provider_order_id": alias }),
    }
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
    merged_into: Option<Key>,
}

/// The row of a document, if it has changed, and whether it is stored.
fn row<'a>(
    seal: &Seal,
    id: Uuid,
    document: &'a OrderDocument,
    links: &Links,
) -> Option<(bool, NewRow<'a>)> {
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
        merged_into: links.next(id).map(Key),
    };
    Some((document.stored, row))
}

/// Writes the orders that have changed.
pub(super) fn save(
    connection: &mut Connection,
    documents: &HashMap<Uuid, OrderDocument>,
    links: &Links,
) -> Result<(), StoreError> {
    let seal = connection.seal();
    let mut rows: Vec<_> =
        documents.iter().filter_map(|(id, it)| row(&seal, *id, it, links)).collect();
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
            dsl::merged_into.eq(excluded(dsl::merged_into)),
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
    /// With the vendor's id, or another name that leads to it.
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
    merged_into: Option<Key>,
}

/// Orders with their place in the list.
pub fn list(connection: &mut Connection, filter: &Filter) -> Result<Vec<(i64, Order)>, StoreError> {
    let name = filter.provider_order_id.as_deref();
    let called = name.map(|name| called(connection, name)).transpose()?;
    let rows: Vec<Row> = run!(connection, c => {
        let mut query = dsl::orders.select(columns::<Row>()).order(dsl::seq.desc()).into_boxed();
        query = query.filter(dsl::merged_into.is_null());
        if let Some(plugin) = &filter.plugin {
            query = query.filter(dsl::plugin.eq(plugin));
        }
        if let Some(ids) = &called {
            query = query.filter(dsl::id.eq_any(ids));
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

/// The orders that a vendor's id leads to, one in each plugin at most.
fn called(connection: &mut Connection, name: &str) -> Result<Vec<Key>, StoreError> {
    let query = dsl::orders.filter(dsl::provider_order_id.eq(name)).select(dsl::id);
    let ids: Vec<Key> = run!(connection, c => query.load(c))?;
    let found = ids.into_iter().map(|Key(id)| row_of(connection, id));
    found.filter_map(|found| found.map(|found| found.map(|(id, _)| Key(id))).transpose()).collect()
}

/// The row of the order that `id` leads to.
fn row_of(connection: &mut Connection, id: Uuid) -> Result<Option<(Uuid, Row)>, StoreError> {
    let mut id = id;
    loop {
        let query = dsl::orders.filter(dsl::id.eq(Key(id))).select(columns::<Row>());
        let row: Option<Row> = run!(connection, c => query.first(c).optional())?;
        match row {
            Some(Row { merged_into: Some(Key(order)), .. }) => id = order,
            row => return Ok(row.map(|row| (id, row))),
        }
    }
}

/// One order, by its own id or that of another name.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Order>, StoreError> {
    let found = row_of(connection, id)?;
    found.map(|(id, row)| row.order(&connection.seal(), id)).transpose()
}

/// An order with every id that something of it may be filed under.
pub(super) struct Names {
    pub(super) order: Uuid,
    pub(super) ids: Vec<Key>,
}

/// The names of the order that `id` leads to.
pub(super) fn names(connection: &mut Connection, id: Uuid) -> Result<Option<Names>, StoreError> {
    let Some((order, row)) = row_of(connection, id)? else { return Ok(None) };
    let (subject, history) = row.read(&connection.seal(), order)?;
    Ok(Some(Names { order, ids: ids(order, &subject, &history) }))
}

/// Every id that something of an order may be filed under.
pub(super) fn ids(order: Uuid, subject: &Subject, history: &OrderHistory) -> Vec<Key> {
    let aliases = history.aliases().iter();
    let aliases = aliases.map(|alias| Key(order_id(&subject.plugin, alias.as_str())));
    std::iter::once(Key(order)).chain(aliases).collect()
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
