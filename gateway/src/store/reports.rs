//! Versions of results: what is filed is never changed.

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
    notice: &ReportNotice,
) -> Result<(), StoreError> {
    let (order, report) = filing(origin, notice);
    let row = dsl::reports.filter(dsl::id.eq(report.id.to_string()));
    let query = row.clone().select(dsl::superseded_at);
    let known: Option<Option<i64>> = run!(connection, c => query.first(c).optional())?;
    match known {
        Some(None) => return Ok(()),
        Some(Some(_)) => {
            let update = diesel::update(row).set(dsl::superseded_at.eq(None::<i64>));
            run!(connection, c => update.execute(c))?;
        }
        None => {
            let columns = (
                dsl::id.eq(report.id.to_string()),
                dsl::plugin.eq(origin.plugin),
                dsl::order_id.eq(order.to_string()),
                dsl::webhook_id.eq(origin.webhook.to_string()),
                dsl::reported_at.eq(micros(notice.reported_at)),
                dsl::document.eq(to_document(&report)),
            );
            let insert = diesel::insert_into(dsl::reports).values(columns);
            run!(connection, c => insert.execute(c))?;
        }
    }
    let filed = filed(connection, order)?;
    let others = filed.iter().filter(|other| other.id != report.id).cloned().collect();
    tell(connection, origin, &versions(order, others), &versions(order, filed))
}

fn filing(origin: &Origin<'_>, notice: &ReportNotice) -> (Uuid, FiledReport) {
    let order = order_id(origin.plugin, notice.provider_order_id.as_str());
    let source = Source { webhook: origin.webhook };
    (order, FiledReport::new(order, source, origin.received_at, notice.clone()))
}

/// Tells the feed of every report that is new or that another one has made an amendment of.
fn tell(
    connection: &mut Connection,
    origin: &Origin<'_>,
    before: &[Report],
    after: &[Report],
) -> Result<(), StoreError> {
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
        let (types, at) = (report_events(report), report.reported_at);
        events::append(connection, origin, types, report.order_id, at, &data)?;
    }
    Ok(())
}

/// Sets aside what the webhook of `origin` reported when it was read before, and does not report
/// now: an adapter has learnt more, and what it read wrongly must not stand beside what it reads
/// now. The rows stay.
pub(super) fn supersede<'a>(
    connection: &mut Connection,
    origin: &Origin<'_>,
    now_reported: impl Iterator<Item = &'a ReportNotice>,
) -> Result<(), StoreError> {
    let stands = now_reported.map(|notice| filing(origin, notice).1.id.to_string());
    let rows = dsl::reports
        .filter(dsl::webhook_id.eq(origin.webhook.to_string()))
        .filter(dsl::id.ne_all(stands.collect::<Vec<_>>()))
        .filter(dsl::superseded_at.is_null());
    let now = micros(origin.recorded_at);
    let update = diesel::update(rows).set(dsl::superseded_at.eq(now));
    run!(connection, c => update.execute(c))?;
    Ok(())
}

/// Every version of an order's results, oldest first.
pub fn of_order(connection: &mut Connection, order: Uuid) -> Result<Vec<Report>, StoreError> {
    Ok(versions(order, filed(connection, order)?))
}

fn filed(connection: &mut Connection, order: Uuid) -> Result<Vec<FiledReport>, StoreError> {
    let query = dsl::reports
        .filter(dsl::order_id.eq(order.to_string()))
        .filter(dsl::superseded_at.is_null())
        .select(dsl::document);
    let rows: Vec<Vec<u8>> = run!(connection, c => query.load(c))?;
    rows.iter().map(|document| from_document("reports", document)).collect()
}

/// One version.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Report>, StoreError> {
    let query = dsl::reports.filter(dsl::id.eq(id.to_string())).select(dsl::order_id);
    let order: Option<String> = run!(connection, c => query.first(c).optional())?;
    let Some(order) = order else { return Ok(None) };
    let order = order.parse().map_err(|_| StoreError::Unreadable("reports"))?;
    Ok(of_order(connection, order)?.into_iter().find(|report| report.id == id))
}
