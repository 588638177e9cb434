//! Orders: merged documents with a few columns to find them by.

use diesel::prelude::*;
use jiff::Timestamp;
use labgate_core::{
    Identifier,
    merge::{OrderHistory, order_events, order_view},
    model::{Order, OrderStatus, Phase, order_id},
    notice::OrderNotice,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Connection, StoreError,
    arrival::Origin,
    connection::run,
    document::{Merged, from_document, merged, to_document, word},
    events, micros,
    schema::orders::dsl,
};

/// Merges what a webhook says of an order.
pub(super) fn absorb(
    connection: &mut Connection,
    origin: &Origin<'_>,
    notice: &OrderNotice,
) -> Result<(), StoreError> {
    merge(connection, origin, &notice.provider_order_id, |history| history.tell(notice))
}

/// Takes in that something which belongs to the order was told, and makes it if it is not there:
/// appointments and results may come before it, and nothing waits for its parent.
pub(super) fn mention(
    connection: &mut Connection,
    origin: &Origin<'_>,
    provider_order_id: &Identifier,
    at: Timestamp,
) -> Result<(), StoreError> {
    merge(connection, origin, provider_order_id, |history| history.mention(at))
}

fn merge(
    connection: &mut Connection,
    origin: &Origin<'_>,
    provider_order_id: &Identifier,
    say: impl FnOnce(&mut OrderHistory),
) -> Result<(), StoreError> {
    let id = order_id(origin.plugin, provider_order_id.as_str());
    let row = dsl::orders.filter(dsl::id.eq(id.to_string()));
    let query = row.clone().select((dsl::version, dsl::document));
    let known = run!(connection, c => query.first(c).optional())?;
    let Some(Merged { before, after }) = merged("orders", known, say)? else { return Ok(()) };

    let view = |(version, history): &(i64, OrderHistory)| {
        order_view(origin.plugin, provider_order_id, history, *version)
    };
    let (seen, order) = (before.as_ref().map(view), view(&after));
    let columns = (
        dsl::status.eq(word(order.status)),
        dsl::phase.eq(word(order.phase)),
        dsl::updated_at.eq(order.updated_at.map(micros)),
        dsl::version.eq(order.version),
        dsl::document.eq(to_document(&after.1)),
    );
    if seen.is_some() {
        run!(connection, c => diesel::update(row).set(columns).execute(c))?;
    } else {
        let names = (
            dsl::id.eq(id.to_string()),
            dsl::plugin.eq(origin.plugin),
            dsl::provider_order_id.eq(provider_order_id.as_str()),
        );
        let insert = diesel::insert_into(dsl::orders).values((names, columns));
        run!(connection, c => insert.execute(c))?;
    }
    let data = json!({
        "status": order.status,
        "phase": order.phase,
        "provider_order_id": provider_order_id,
        "version": order.version,
    });
    let occurred_at = order.updated_at.unwrap_or(origin.received_at);
    events::append(connection, origin, order_events(seen.as_ref(), &order), id, occurred_at, &data)
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
        let mut query = dsl::orders.select(Row::as_select()).order(dsl::seq.desc()).into_boxed();
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
    rows.into_iter().map(order).collect()
}

/// One order.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Order>, StoreError> {
    let query = dsl::orders.filter(dsl::id.eq(id.to_string())).select(Row::as_select());
    let row: Option<Row> = run!(connection, c => query.first(c).optional())?;
    Ok(row.map(order).transpose()?.map(|(_, order)| order))
}

fn order(row: Row) -> Result<(i64, Order), StoreError> {
    let history = from_document("orders", &row.document)?;
    let id = Identifier::new(row.provider_order_id).ok_or(StoreError::Unreadable("orders"))?;
    Ok((row.seq, order_view(&row.plugin, &id, &history, row.version)))
}
