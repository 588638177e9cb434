//! A report as it was kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::{
    model::{ReportStatus, Source, report_id},
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

    /// Its place among the versions of the same report.
    pub(super) fn age(&self) -> Age {
        let finality = match self.notice.status {
            ReportStatus::Unknown => 0,
            ReportStatus::Partial => 1,
            ReportStatus::Final => 2,
            ReportStatus::Amended => 3,
            ReportStatus::Corrected => 4,
            ReportStatus::Cancelled => 5,
        };
        Age {
            reported_at: self.notice.reported_at,
            finality,
            received_at: self.received_at,
            id: self.id,
        }
    }

    /// Whether it is final and has results, which a later one may amend.
    pub(super) fn is_final(&self) -> bool {
        let is_final = match self.notice.status {
            ReportStatus::Final | ReportStatus::Amended | ReportStatus::Corrected => true,
            ReportStatus::Partial | ReportStatus::Cancelled | ReportStatus::Unknown => false,
        };
        is_final && !self.notice.observations.is_empty()
    }
}

/// Which of two reports is newer: by the lab's time, then by finality. Between two of one time
/// and finality the lab gives no clue, so the one whose webhook arrived later counts. The fields
/// stand in the order in which they decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Age {
    reported_at: Timestamp,
    finality: u8,
    received_at: Timestamp,
    id: Uuid,
}
