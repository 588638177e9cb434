//! The reports of orders in the hands of a writer: what is filed, and what a webhook adds.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use diesel::prelude::*;
use jiff::Timestamp;
use labgate_core::{
    Identifier,
    decode::Unreadable,
    merge::{FiledReport, Series, Standing, report_events},
    model::Source,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Connection, StoreError,
    arrival::Origin,
    budget,
    connection::{each, find, run},
    document::to_document,
    events::Change,
    key::Key,
    micros,
    parcel::Filing,
    reports::read,
    schema::reports::dsl,
    seal::{Place, Purpose, Seal},
};

/// The reports of the orders that a batch is about, in the hands of a writer who holds the orders.
#[derive(Default)]
pub(super) struct OrderReports {
    series: BTreeMap<Name, Versions>,
    /// Stored ones that are set aside.
    aside: HashMap<Uuid, Arc<FiledReport>>,
    /// How many reports each order has, those that are set aside too.
    counts: HashMap<Uuid, usize>,
    /// What each webhook reported on.
    sources: HashMap<Uuid, BTreeSet<Name>>,
    new: Vec<New>,
    /// Stored ones that are set aside now (`false`), or count again.
    moved: BTreeMap<Key, bool>,
}

/// A report of an order, under the id that its names lead to: what has versions.
type Name = (Uuid, Option<Identifier>);
type Versions = Series<Arc<FiledReport>>;

/// A report without a row yet.
struct New {
    plugin: Arc<str>,
    /// The id that it was filed under, of whichever name of its order.
    order: Uuid,
    name: Name,
    report: Arc<FiledReport>,
    /// As it was packed where it arrived, if it is kept under the id that it was packed for.
    document: Option<Vec<u8>>,
}

/// What one webhook does to reports; nothing of it counts before [`OrderReports::take`].
#[derive(Default)]
pub(super) struct ReportDraft {
    /// Every series that it changes, as it becomes.
    series: BTreeMap<Name, Versions>,
    /// Those whose changes were not asked for yet.
    open: BTreeSet<Name>,
    new: Vec<New>,
    set_aside: Vec<Arc<FiledReport>>,
    /// Stored ones that count again.
    restored: Vec<Uuid>,
    /// How many rows it adds to each order.
    added: HashMap<Uuid, usize>,
    /// Orders whose reports became those of another one, and of which.
    folded: Vec<(Uuid, Uuid)>,
    /// What each series was before, beside itself.
    joined: BTreeMap<Name, Vec<Name>>,
}

impl OrderReports {
    /// Loads every report that is filed under one of `names`, each of which leads to an order;
    /// those that were set aside too.
    pub(super) fn load(
        connection: &mut Connection,
        names: &BTreeMap<Key, Uuid>,
    ) -> Result<Self, StoreError> {
        let seal = connection.seal();
        let mut reports = Self::default();
        let orders: Vec<Key> = names.keys().copied().collect();
        type Row = (Key, Key, Option<i64>, Vec<u8>);
        let columns = (dsl::id, dsl::order_id, dsl::superseded_at, dsl::document);
        let rows: Vec<Row> = find!(connection, dsl::order_id, &orders, these => {
            dsl::reports.filter(these).select(columns)
        })?;
        for (Key(id), order, superseded_at, document) in rows {
            let report = Arc::new(read(&seal, id, &document)?);
            let name = (names[&order], report.notice.provider_report_id.clone());
            reports.add(&name, &report);
            if superseded_at.is_some() {
                reports.aside.insert(id, report);
            } else {
                reports.series.entry(name).or_default().file(report);
            }
        }
        Ok(reports)
    }

    fn add(&mut self, name: &Name, report: &FiledReport) {
        *self.counts.entry(name.0).or_default() += 1;
        self.sources.entry(report.source.webhook).or_default().insert(name.clone());
    }

    /// Takes over what a webhook changed.
    pub(super) fn take(&mut self, draft: ReportDraft) {
        for (from, order) in draft.folded {
            let count = self.counts.remove(&from).unwrap_or_default();
            *self.counts.entry(order).or_default() += count;
        }
        for name in draft.joined.into_keys() {
            for report in draft.series.get(&name).into_iter().flat_map(Series::reports) {
                self.sources.entry(report.source.webhook).or_default().insert(name.clone());
            }
        }
        for new in draft.new {
            self.add(&new.name, &new.report);
            self.new.push(new);
        }
        for report in draft.set_aside {
            self.moved.insert(Key(report.id), false);
            self.aside.insert(report.id, report);
        }
        for id in draft.restored {
            self.moved.insert(Key(id), true);
            self.aside.remove(&id);
        }
        self.series.extend(draft.series);
    }

    /// Writes what has changed.
    pub(super) fn save(
        self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let seal = connection.seal();
        let rows: Vec<NewRow> = self.new.into_iter().map(|new| new.row(&seal)).collect();
        each!(connection, rows, these, c => {
            diesel::insert_into(dsl::reports).values(these).execute(c)
        })?;
        for (id, counts) in self.moved {
            let superseded_at = (!counts).then(|| micros(now));
            let row = dsl::reports.filter(dsl::id.eq(id));
            let update = diesel::update(row).set(dsl::superseded_at.eq(superseded_at));
            run!(connection, c => update.execute(c))?;
        }
        Ok(())
    }
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

impl New {
    fn row(self, seal: &Seal) -> NewRow {
        let Self { plugin, order, name: _, report, document } = self;
        let pack =
            || seal.pack(&plugin, Place::new(Purpose::Report, report.id), &to_document(&*report));
        NewRow {
            id: Key(report.id),
            order_id: Key(order),
            webhook_id: Key(report.source.webhook),
            reported_at: micros(report.notice.reported_at),
            document: document.unwrap_or_else(pack),
            plugin: plugin.to_string(),
        }
    }
}

impl ReportDraft {
    /// Files a report of an order, unless it was filed before.
    pub(super) fn file(
        &mut self,
        known: &OrderReports,
        origin: &Origin,
        name: Name,
        filing: &Filing,
    ) -> Result<(), Unreadable> {
        let Filing { order, report, document } = filing;
        let versions = self.series.get(&name).or_else(|| known.series.get(&name));
        if versions.is_some_and(|versions| versions.contains(report.id)) {
            return Ok(());
        }
        let report = if let Some(stored) = known.aside.get(&report.id) {
            self.restored.push(stored.id);
            stored.clone()
        } else {
            let packed = report.source.webhook == origin.webhook;
            let report = if packed { report.clone() } else { moved(report, origin.webhook) };
            self.count(known, name.0, 1)?;
            self.new.push(New {
                plugin: origin.plugin.clone(),
                order: *order,
                name: name.clone(),
                report: report.clone(),
                document: packed.then(|| document.clone()),
            });
            report
        };
        self.change(known, name).file(report);
        Ok(())
    }

    /// Makes the reports of `from` those of `order`, which it turned out to be.
    pub(super) fn fold(
        &mut self,
        known: &OrderReports,
        from: Uuid,
        order: Uuid,
    ) -> Result<(), Unreadable> {
        let stored = known.counts.get(&from).copied().unwrap_or_default();
        let count = stored + self.added.remove(&from).unwrap_or_default();
        self.count(known, order, count)?;
        self.folded.push((from, order));
        let names: BTreeSet<Name> =
            [&known.series, &self.series].into_iter().flat_map(|all| of(all, from)).collect();
        for name in names {
            self.open.remove(&name);
            let moved = self.series.insert(name.clone(), Series::default());
            let moved = moved.or_else(|| known.series.get(&name).cloned()).unwrap_or_default();
            let joint = (order, name.1.clone());
            let versions = self.change(known, joint.clone());
            for report in moved.reports() {
                versions.file(report.clone());
            }
            let earlier = self.joined.remove(&name).unwrap_or_default();
            let before = self.joined.entry(joint).or_default();
            before.extend(earlier);
            before.push(name);
        }
        Ok(())
    }

    /// Counts `more` rows of an order.
    fn count(&mut self, known: &OrderReports, order: Uuid, more: usize) -> Result<(), Unreadable> {
        let added = self.added.entry(order).or_default();
        *added += more;
        budget::reports(known.counts.get(&order).map_or(*added, |count| count + *added))
    }

    /// Sets aside what `webhook` reported when it was read before, and does not report now: an
    /// adapter has learnt more, and what it read wrongly must not count beside what it reads now.
    /// The rows stay.
    pub(super) fn set_aside(
        &mut self,
        known: &OrderReports,
        webhook: Uuid,
        now_reported: &BTreeSet<Uuid>,
    ) {
        for name in known.sources.get(&webhook).into_iter().flatten() {
            let versions = known.series.get(name).into_iter().flat_map(Series::reports);
            let gone = versions.filter(|report| {
                report.source.webhook == webhook && !now_reported.contains(&report.id)
            });
            for report in gone {
                self.change(known, name.clone()).remove(report.id);
                self.set_aside.push(report.clone());
            }
        }
    }

    fn change(&mut self, known: &OrderReports, name: Name) -> &mut Versions {
        self.open.insert(name.clone());
        let versions = self.series.entry(name);
        versions.or_insert_with_key(|name| known.series.get(name).cloned().unwrap_or_default())
    }

    /// The series that are changed, and whose changes were not asked for yet.
    pub(super) fn open(&self) -> Vec<Name> {
        self.open.iter().cloned().collect()
    }

    /// The changes of a series for the feed, the first time that they are asked for: every report
    /// that is new or has got another status.
    pub(super) fn settle(&mut self, known: &OrderReports, name: &Name) -> Vec<Change> {
        let after = self.series.get(name).filter(|_| self.open.remove(name));
        let Some(after) = after else { return Vec::new() };
        let joined = self.joined.get(name).into_iter().flatten();
        let before = std::iter::once(name).chain(joined);
        let changed = after.changes_since(before.filter_map(|name| known.series.get(name)));
        changed.iter().map(|standing| change(name.0, standing)).collect()
    }
}

/// The names of an order's reports.
fn of(series: &BTreeMap<Name, Versions>, order: Uuid) -> impl Iterator<Item = Name> {
    let names = series.range((order, None)..).map(|(name, _)| name);
    names.take_while(move |name| name.0 == order).cloned()
}

/// The same report, kept under another webhook's id.
fn moved(report: &FiledReport, webhook: Uuid) -> Arc<FiledReport> {
    Arc::new(FiledReport { source: Source { webhook }, ..report.clone() })
}

fn change(order_id: Uuid, standing: &Standing<'_>) -> Change {
    let notice = &standing.filed.notice;
    Change {
        types: report_events(standing),
        order_id,
        occurred_at: Some(notice.reported_at),
        data: json!({
            "report_id": standing.filed.id,
            "version": standing.version,
            "status": standing.status,
            "critical": notice.is_critical(),
            "latest": standing.latest,
        }),
    }
}
