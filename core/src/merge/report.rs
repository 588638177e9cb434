//! The versions of an order's results.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::{
    Identifier,
    model::{Observation, Report, ReportStatus, Source, report_id},
    notice::ReportNotice,
};

/// One report as it was kept: never changed again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FiledReport {
    /// Our id of this version.
    pub id: Uuid,
    /// Where it came from.
    pub source: Source,
    /// When its webhook arrived.
    pub received_at: Timestamp,
    /// What it says.
    pub notice: ReportNotice,
}

/// The same as JSON has it, around a notice that is JSON already.
#[derive(Serialize)]
struct Filed<'a> {
    id: Uuid,
    source: &'a Source,
    received_at: Timestamp,
    notice: &'a RawValue,
}

impl FiledReport {
    /// Files what a webhook reported. The same report filed twice has the same id.
    pub fn new(
        order_id: Uuid,
        source: Source,
        received_at: Timestamp,
        notice: ReportNotice,
    ) -> Self {
        Self::with_document(order_id, source, received_at, notice).0
    }

    /// The same with its JSON, most of which is written anyway: the id is made of it.
    pub fn with_document(
        order_id: Uuid,
        source: Source,
        received_at: Timestamp,
        notice: ReportNotice,
    ) -> (Self, Vec<u8>) {
        let content = to_raw_value(&notice);
        let content = content.expect("a notice has string keys and no failing field");
        let id = report_id(order_id, &notice.reported_at.to_string(), content.get());
        let document = Filed { id, source: &source, received_at, notice: &content };
        let document = serde_json::to_vec(&document).expect("a report is no worse");
        (Self { id, source, received_at, notice }, document)
    }

    /// Which of two reports is newer: by the lab's time, then by finality. Between two of one time
    /// and finality the lab gives no clue, so the one whose webhook arrived later counts.
    fn age(&self) -> impl Ord + use<> {
        let finality = match self.notice.status {
            ReportStatus::Unknown => 0,
            ReportStatus::Partial => 1,
            ReportStatus::Final => 2,
            ReportStatus::Amended => 3,
            ReportStatus::Corrected => 4,
            ReportStatus::Cancelled => 5,
        };
        (self.notice.reported_at, finality, self.received_at, self.id)
    }
}

/// How a filed report stands among the others of its order.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// The report.
    pub filed: &'a FiledReport,
    /// Its place among the versions of its report by the lab's time, from 1.
    pub version: usize,
    /// How final it is, in the light of those before it.
    pub status: ReportStatus,
    /// The version whose results it replaces.
    pub replaces: Option<Uuid>,
}

/// How the reports of an order stand to each other, oldest first.
///
/// Numbers and links come from the lab's times, so a report that arrives late takes its place
/// among the others and never becomes the newest. A final report that differs from a final one
/// before it is shown as amended, whatever the vendor calls it: nobody may take it for the first.
/// An alarm without results replaces nothing, and nothing replaces it: the results before it stand.
/// Reports to which the vendor gives different ids are different reports: each has versions of its
/// own, and none replaces another's.
pub fn standings<'a>(filed: impl IntoIterator<Item = &'a FiledReport>) -> Vec<Standing<'a>> {
    let mut filed: Vec<&FiledReport> = filed.into_iter().collect();
    filed.sort_by_key(|report| report.age());
    // Another report of the same time may have arrived between two filings of this one.
    let mut seen = BTreeSet::new();
    filed.retain(|report| seen.insert(report.id));
    let compares = filed.len() > 1;
    let mut series: HashMap<Option<&Identifier>, Series> = HashMap::new();
    let stand = |filed: &'a FiledReport| {
        let notice = &filed.notice;
        let series = series.entry(notice.provider_report_id.as_ref()).or_default();
        let mut status = notice.status;
        if compares && is_final(status) && !notice.observations.is_empty() {
            let findings = findings(&notice.observations);
            let changed = series.last_final.as_ref().is_some_and(|before| *before != findings);
            if changed && status == ReportStatus::Final {
                status = ReportStatus::Amended;
            }
            series.last_final = Some(findings);
        }
        let replaces = series.last_readable.filter(|_| !notice.is_pointer());
        if !notice.is_pointer() {
            series.last_readable = Some(filed.id);
        }
        series.versions += 1;
        Standing { filed, version: series.versions, status, replaces }
    };
    filed.into_iter().map(stand).collect()
}

/// The versions of one report, as far as they have been gone through.
#[derive(Default)]
struct Series {
    versions: usize,
    last_final: Option<BTreeSet<String>>,
    last_readable: Option<Uuid>,
}

impl Standing<'_> {
    /// The report as consumers see it.
    pub fn report(&self, order_id: Uuid) -> Report {
        let FiledReport { id, source, received_at: _, notice } = self.filed.clone();
        let critical = notice.is_critical();
        let mut labs = notice.performing_labs.into_iter();
        Report {
            id,
            order_id,
            provider_report_id: notice.provider_report_id,
            version: self.version,
            status: self.status,
            critical,
            provider_status: notice.provider_status,
            interpretation: notice.interpretation,
            code: notice.code,
            category: notice.category,
            collected_at: notice.collected_at,
            collected_on: notice.collected_on,
            reported_at: notice.reported_at,
            specimens: notice.specimens,
            performing_lab: labs.next(),
            other_performing_labs: labs.collect(),
            ordering_provider: notice.ordering_provider,
            notes: notice.notes,
            conclusion: notice.conclusion,
            observations: notice.observations,
            missing: notice.missing,
            documents: notice.documents,
            replaces: self.replaces,
            source,
        }
    }
}

/// The reports of `order_id` as consumers see them, oldest first.
pub fn versions(order_id: Uuid, filed: &[FiledReport]) -> Vec<Report> {
    standings(filed).iter().map(|standing| standing.report(order_id)).collect()
}

/// What was found, whatever order the lab lists it in and whenever it looked.
fn findings(observations: &[Observation]) -> BTreeSet<String> {
    let finding = |found: &Observation| {
        let Observation { code, value, reference_range, interpretation, .. } = found;
        serde_json::to_string(&(code, value, reference_range, interpretation))
            .expect("an observation has string keys and no failing field")
    };
    observations.iter().map(finding).collect()
}

fn is_final(status: ReportStatus) -> bool {
    match status {
        ReportStatus::Final | ReportStatus::Amended | ReportStatus::Corrected => true,
        ReportStatus::Partial | ReportStatus::Cancelled | ReportStatus::Unknown => false,
    }
}
