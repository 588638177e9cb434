//! The versions of an order's results.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
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

impl FiledReport {
    /// Files what a webhook reported. The same report filed twice has the same id.
    pub fn new(
        order_id: Uuid,
        source: Source,
        received_at: Timestamp,
        notice: ReportNotice,
    ) -> Self {
        let content =
            serde_json::to_string(&notice).expect("a notice has string keys and no failing field");
        let id = report_id(order_id, &notice.reported_at.to_string(), &content);
        Self { id, source, received_at, notice }
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

/// The reports of `order_id` as consumers see them, oldest first.
///
/// Numbers and links come from the lab's times, so a report that arrives late takes its place
/// among the others and never becomes the newest. A final report that differs from a final one
/// before it is shown as amended, whatever the vendor calls it: nobody may take it for the first.
/// An alarm without results replaces nothing, and nothing replaces it: the results before it stand.
pub fn versions(order_id: Uuid, mut filed: Vec<FiledReport>) -> Vec<Report> {
    filed.sort_by_key(FiledReport::age);
    // Another report of the same time may have arrived between two filings of this one.
    let mut seen = BTreeSet::new();
    filed.retain(|report| seen.insert(report.id));
    let mut reports: Vec<Report> = Vec::with_capacity(filed.len());
    let mut last_final: Option<BTreeSet<String>> = None;
    let mut last_readable = None;
    for FiledReport { id, source, received_at: _, notice } in filed {
        let findings = findings(&notice.observations);
        let changed = last_final.as_ref().is_some_and(|before| *before != findings);
        let amends = changed && !findings.is_empty();
        let status = if amends && notice.status == ReportStatus::Final {
            ReportStatus::Amended
        } else {
            notice.status
        };
        if is_final(status) && !findings.is_empty() {
            last_final = Some(findings);
        }
        let replaces = last_readable.filter(|_| !notice.is_pointer());
        if !notice.is_pointer() {
            last_readable = Some(id);
        }
        reports.push(Report {
            id,
            order_id,
            version: reports.len() + 1,
            status,
            critical: notice.is_critical(),
            provider_status: notice.provider_status,
            interpretation: notice.interpretation,
            collected_at: notice.collected_at,
            reported_at: notice.reported_at,
            observations: notice.observations,
            missing: notice.missing,
            documents: notice.documents,
            replaces,
            source,
        });
    }
    reports
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
