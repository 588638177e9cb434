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
    schema::reports::dsl,
    seal::{Place, Purpose, Seal},
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

/// Every version of an order's results, oldest first.
pub fn of_order(connection: &mut Connection, order: Uuid) -> Result<Vec<Report>, StoreError> {
    let query = dsl::reports
        .filter(dsl::order_id.eq(Key(order)))
        .filter(dsl::superseded_at.is_null())
        .select((dsl::id, dsl::document));
    let rows: Vec<(Key, Vec<u8>)> = run!(connection, c => query.load(c))?;
    let seal = connection.seal();
    let filed: Result<Vec<_>, _> =
        rows.iter().map(|(Key(id), row)| read(&seal, *id, row)).collect();
    Ok(versions(order, &filed?))
}

/// The report that was packed for a row.
pub(super) fn read(seal: &Seal, id: Uuid, document: &[u8]) -> Result<FiledReport, StoreError> {
    from_document(TABLE, &seal.unpack(Place::new(Purpose::Report, id), document)?)
}

/// One version.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Report>, StoreError> {
    let query = dsl::reports.filter(dsl::id.eq(Key(id))).select(dsl::order_id);
    let order: Option<Key> = run!(connection, c => query.first(c).optional())?;
    let Some(Key(order)) = order else { return Ok(None) };
    Ok(of_order(connection, order)?.into_iter().find(|report| report.id == id))
}
