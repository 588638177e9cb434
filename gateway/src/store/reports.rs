//! Versions of results: what is filed is never changed.

use diesel::prelude::*;
use labgate_core::{
    merge::{FiledReport, versions},
    model::Report,
};
use uuid::Uuid;

use super::{
    Connection, StoreError,
    connection::run,
    document::from_document,
    key::Key,
    orders::{self, Names},
    schema::reports::dsl,
    seal::{Place, Purpose, Seal},
    timestamp,
};

const TABLE: &str = "reports";

/// The orders that webhooks have reported on.
pub(super) fn orders_of_webhooks(
    connection: &mut Connection,
    webhooks: Vec<Key>,
) -> Result<Vec<Key>, StoreError> {
    let query = dsl::reports.filter(dsl::webhook_id.eq_any(webhooks)).select(dsl::order_id);
    Ok(run!(connection, c => query.load(c))?)
}

/// Every version of an order's results that counts, oldest first.
pub fn of_order(connection: &mut Connection, order: Uuid) -> Result<Vec<Report>, StoreError> {
    let Some(Names { order, ids }) = orders::names(connection, order)? else {
        return Ok(Vec::new());
    };
    Ok(versions(order, &filed(connection, &ids)?))
}

/// What is filed under these orders and counts.
fn filed(connection: &mut Connection, orders: &[Key]) -> Result<Vec<FiledReport>, StoreError> {
    let query = dsl::reports
        .filter(dsl::order_id.eq_any(orders))
        .filter(dsl::superseded_at.is_null())
        .select((dsl::id, dsl::document));
    let rows: Vec<(Key, Vec<u8>)> = run!(connection, c => query.load(c))?;
    let seal = connection.seal();
    rows.iter().map(|(Key(id), row)| read(&seal, *id, row)).collect()
}

/// The report that was packed for a row.
pub(super) fn read(seal: &Seal, id: Uuid, document: &[u8]) -> Result<FiledReport, StoreError> {
    from_document(TABLE, &seal.unpack(Place::new(Purpose::Report, id), document)?)
}

/// One version, even if it was set aside.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Report>, StoreError> {
    let columns = (dsl::order_id, dsl::superseded_at, dsl::document);
    let query = dsl::reports.filter(dsl::id.eq(Key(id))).select(columns);
    let row: Option<(Key, Option<i64>, Vec<u8>)> =
        run!(connection, c => query.first(c).optional())?;
    let Some((Key(order), superseded_at, document)) = row else { return Ok(None) };
    let Some(Names { order, ids }) = orders::names(connection, order)? else { return Ok(None) };
    let mut filed = filed(connection, &ids)?;
    let Some(superseded_at) = superseded_at else {
        return Ok(versions(order, &filed).into_iter().find(|report| report.id == id));
    };
    let counting = versions(order, &filed);
    filed.push(read(&connection.seal(), id, &document)?);
    let aside = versions(order, &filed).into_iter().find(|report| report.id == id);
    Ok(aside.map(|aside| {
        let instead = counting.iter().rev().find(|report| {
            report.source == aside.source && report.provider_report_id == aside.provider_report_id
        });
        Report {
            superseded_at: Some(timestamp(superseded_at)),
            superseded_by: instead.map(|report| report.id),
            ..aside
        }
    }))
}
