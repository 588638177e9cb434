//! Versions of results: appended, and never changed.

use diesel::prelude::*;
use labgate_core::{
    merge::{FiledReport, report_events, versions},
    model::{Report, Source, order_id},
    notice::ReportNotice,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Connection, StoreError,
    arrival::Origin,
    connection::run,
    document::{from_document, to_document},
    events, micros,
    schema::reports::dsl,
};

/// Files a report of an order that exists, unless it was filed before.
pub(super) fn file(
    connection: &mut Connection,
    origin: &Origin<'_>,
    source: Source,
    notice: &ReportNotice,
) -> Result<(), StoreError> {
    let order = order_id(origin.plugin, notice.provider_order_id.as_str());
    let filed = FiledReport::new(order, source, origin.received_at, notice.clone());
    let id = filed.id;
    let known = dsl::reports.filter(dsl::id.eq(id.to_string())).count();
    let known: i64 = run!(connection, c => known.get_result(c))?;
    if known > 0 {
        return Ok(());
    }
    let before = of_order(connection, order)?;
    let row = (
        dsl::id.eq(id.to_string()),
        dsl::plugin.eq(origin.plugin),
        dsl::order_id.eq(order.to_string()),
        dsl::reported_at.eq(micros(notice.reported_at)),
        dsl::document.eq(to_document(&filed)),
    );
    run!(connection, c => diesel::insert_into(dsl::reports).values(row).execute(c))?;

    // A report that came late makes an amendment of the one that it should have come before.
    let after = of_order(connection, order)?;
    let same = |report: &Report| {
        before.iter().any(|known| known.id == report.id && known.status == report.status)
    };
    for report in after.iter().filter(|report| !same(report)) {
        let data = json!({
            "report_id": report.id,
            "version": report.version,
            "status": report.status,
            "critical": report.critical,
            "latest": report.version == after.len(),
        });
        let types = report_events(report);
        events::append(connection, origin, types, order, report.reported_at, &data)?;
    }
    Ok(())
}

/// Every version of an order's results, oldest first.
pub fn of_order(connection: &mut Connection, order: Uuid) -> Result<Vec<Report>, StoreError> {
    let query = dsl::reports.filter(dsl::order_id.eq(order.to_string())).select(dsl::document);
    let rows: Vec<Vec<u8>> = run!(connection, c => query.load(c))?;
    let filed: Result<Vec<FiledReport>, _> =
        rows.iter().map(|document| from_document("reports", document)).collect();
    Ok(versions(order, filed?))
}

/// One version.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Report>, StoreError> {
    let query = dsl::reports.filter(dsl::id.eq(id.to_string())).select(dsl::order_id);
    let order: Option<String> = run!(connection, c => query.first(c).optional())?;
    let Some(order) = order else { return Ok(None) };
    let order = order.parse().map_err(|_| StoreError::Unreadable("reports"))?;
    Ok(of_order(connection, order)?.into_iter().find(|report| report.id == id))
}
