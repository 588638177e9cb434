//! Versions of results: what is filed is never changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use jiff::Timestamp;
use labgate_core::{
    merge::{FiledReport, Standing, report_events, standings, versions},
    model::{Report, ReportStatus},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Connection, StoreError,
    connection::{each, find, run},
    document::from_document,
    events::Change,
    key::Key,
    micros,
    parcel::Filing,
    schema::reports::dsl,
    seal::{Place, Purpose, Seal},
};

const TABLE: &str = "reports";

/// The reports of some orders in the hands of a writer, who holds the orders.
pub(super) struct Shelf {
    orders: HashMap<Uuid, Vec<Filed>>,
    new: Vec<NewRow>,
    /// Stored ones that are set aside now, or stand again.
    moved: BTreeMap<Key, bool>,
}

struct Filed {
    report: FiledReport,
    stands: bool,
}

#[derive(Insertable)]
#[diesel(table_name = super::schema::reports, treat_none_as_default_value = false)]
struct NewRow {
    id: Key,
    plugin: String,
    order_id: Key,
    webhook_id: Key,
    reported_at: i64,
    document: Vec<u8>,
}

impl Shelf {
    /// Loads every report of `orders`, those that were set aside too.
    pub(super) fn load(
        connection: &mut Connection,
        orders: BTreeSet<Key>,
    ) -> Result<Self, StoreError> {
        let seal = connection.seal();
        let mut shelf = Self { orders: HashMap::new(), new: Vec::new(), moved: BTreeMap::new() };
        let orders: Vec<Key> = orders.into_iter().collect();
        type Row = (Key, Key, Option<i64>, Vec<u8>);
        let columns = (dsl::id, dsl::order_id, dsl::superseded_at, dsl::document);
        let rows: Vec<Row> = find!(connection, dsl::order_id, &orders, these => {
            dsl::reports.filter(these).select(columns)
        })?;
        for (Key(id), Key(order), superseded_at, document) in rows {
            let report = read(&seal, id, &document)?;
            let filed = Filed { report, stands: superseded_at.is_none() };
            shelf.orders.entry(order).or_default().push(filed);
        }
        Ok(shelf)
    }

    /// Files a report of an order, unless it was filed before. Gives the changes that the feed is
    /// to tell: every report that is new or that another one has made an amendment of.
    pub(super) fn file(&mut self, plugin: &str, filing: &Filing) -> Vec<Change> {
        let Filing { order, report, document } = filing;
        let filed = self.orders.entry(*order).or_default();
        let before: Vec<_> =
            standings(standing(filed)).iter().map(|known| (known.filed.id, known.status)).collect();
        match filed.iter_mut().find(|filed| filed.report.id == report.id) {
            Some(filed) if filed.stands => return Vec::new(),
            Some(filed) => {
                filed.stands = true;
                self.moved.insert(Key(report.id), true);
            }
            None => {
                filed.push(Filed { report: report.clone(), stands: true });
                self.new.push(NewRow {
                    id: Key(report.id),
                    plugin: plugin.into(),
                    order_id: Key(*order),
                    webhook_id: Key(report.source.webhook),
                    reported_at: micros(report.notice.reported_at),
                    document: document.clone(),
                });
            }
        }
        told(*order, &before, &standings(standing(filed)))
    }

    /// Sets aside what `webhook` reported when it was read before, and does not report now: an
    /// adapter has learnt more, and what it read wrongly must not stand beside what it reads now.
    /// The rows stay.
    pub(super) fn set_aside(&mut self, webhook: Uuid, now_reported: &BTreeSet<Uuid>) {
        for filed in self.orders.values_mut().flatten() {
            let report = &filed.report;
            let said_no_more =
                report.source.webhook == webhook && !now_reported.contains(&report.id);
            if filed.stands && said_no_more {
                filed.stands = false;
                self.moved.insert(Key(report.id), false);
            }
        }
    }

    /// Writes what has changed.
    pub(super) fn save(
        self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        each!(connection, self.new, these, c => {
            diesel::insert_into(dsl::reports).values(these).execute(c)
        })?;
        for (id, stands) in self.moved {
            let superseded_at = (!stands).then(|| micros(now));
            let row = dsl::reports.filter(dsl::id.eq(id));
            let update = diesel::update(row).set(dsl::superseded_at.eq(superseded_at));
            run!(connection, c => update.execute(c))?;
        }
        Ok(())
    }
}

fn standing(filed: &[Filed]) -> impl Iterator<Item = &FiledReport> {
    filed.iter().filter(|filed| filed.stands).map(|filed| &filed.report)
}

fn told(order_id: Uuid, before: &[(Uuid, ReportStatus)], after: &[Standing<'_>]) -> Vec<Change> {
    let same = |report: &&Standing<'_>| before.contains(&(report.filed.id, report.status));
    let series = |report: &Standing<'_>| report.filed.notice.provider_report_id.clone();
    let latest = |report: &Standing<'_>| {
        let mut versions = after.iter().filter(|other| series(other) == series(report));
        versions.all(|other| other.version <= report.version)
    };
    let change = |report: &Standing<'_>| Change {
        types: report_events(report),
        order_id,
        occurred_at: Some(report.filed.notice.reported_at),
        data: json!({
            "report_id": report.filed.id,
            "version": report.version,
            "status": report.status,
            "critical": report.filed.notice.is_critical(),
            "latest": latest(report),
        }),
    };
    after.iter().filter(|report| !same(report)).map(change).collect()
}

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

fn read(seal: &Seal, id: Uuid, document: &[u8]) -> Result<FiledReport, StoreError> {
    from_document(TABLE, &seal.unpack(Place::new(Purpose::Report, id), document)?)
}

/// One version.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Report>, StoreError> {
    let query = dsl::reports.filter(dsl::id.eq(Key(id))).select(dsl::order_id);
    let order: Option<Key> = run!(connection, c => query.first(c).optional())?;
    let Some(Key(order)) = order else { return Ok(None) };
    Ok(of_order(connection, order)?.into_iter().find(|report| report.id == id))
}
