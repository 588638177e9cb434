//! A report of results (FHIR: DiagnosticReport).

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Address, Code, Interpretation, Observation, Specimen};
use crate::{Identifier, Phi};

/// One version of the results of an order. What was filed is never changed: the values that a
/// clinician saw under this `id` stay what they were. `version`, `replaces` and the word
/// `amended` are read off the lab's times, so they move when a report comes late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Our id of this version.
    pub id: Uuid,
    /// The order that it answers.
    pub order_id: Uuid,
    /// The vendor's id of the report, where it answers an order with several: those with one id
    /// are versions of one report. If there is none, the order has one report.
    pub provider_report_id: Option<Identifier>,
    /// Its place among the versions of its report by the lab's time, from 1.
    pub version: usize,
    /// How final it is.
    pub status: ReportStatus,
    /// The vendor's word for the status, verbatim.
    pub provider_status: Option<String>,
    /// Whether somebody must be told now.
    pub critical: bool,
    /// The lab's judgement of the whole.
    pub interpretation: Option<Interpretation>,
    /// What it is a report of: a panel, a study.
    pub code: Option<Code>,
    /// The branch of the lab that it comes from: haematology, microbiology.
    pub category: Vec<Code>,
    /// When the sample was taken.
    pub collected_at: Option<Timestamp>,
    /// The day on which the sample was taken, where the lab gives no time of day.
    pub collected_on: Option<Date>,
    /// When the lab reported; if it did not say, when the webhook arrived.
    pub reported_at: Timestamp,
    /// The vendor's own time, where it lies so far in the future that the arrival's counts.
    pub provider_reported_at: Option<Timestamp>,
    /// What was examined, and in which condition.
    pub specimens: Vec<Specimen>,
    /// The laboratory that did the work.
    pub performing_lab: Option<PerformingLab>,
    /// Every further laboratory that did some of it; an observation's `performer` says which.
    pub other_performing_labs: Vec<PerformingLab>,
    /// Who ordered it.
    pub ordering_provider: Option<OrderingProvider>,
    /// The lab's remarks on the whole.
    pub notes: Vec<Phi<String>>,
    /// The lab's conclusion.
    pub conclusion: Option<Phi<String>>,
    /// The lab's conclusion in codes: a diagnosis.
    pub conclusion_codes: Vec<Phi<Code>>,
    /// What was found.
    pub observations: Vec<Observation>,
    /// What was ordered and could not be found out.
    pub missing: Vec<MissingResult>,
    /// Files that go with it.
    pub documents: Vec<Document>,
    /// The version whose results this one replaces; an alarm without results replaces none.
    pub replaces: Option<Uuid>,
    /// When it was set aside, because its webhook was read again and says something else now. Such
    /// a version no longer counts and stands in no list; it stays readable under its id, in the
    /// place that it would have.
    pub superseded_at: Option<Timestamp>,
    /// What its webhook reports instead, if that is still a version of this report.
    pub superseded_by: Option<Uuid>,
    /// Where it came from.
    pub source: Source,
}

/// FHIR's report status, as far as labs use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportStatus {
    /// Some results; more will come.
    Partial,
    /// Complete and verified.
    Final,
    /// Changed after it was final.
    Amended,
    /// Changed after it was final, because it was wrong.
    Corrected,
    /// Withdrawn.
    Cancelled,
    /// A status that the adapter does not know; `provider_status` has it verbatim.
    Unknown,
}

/// A result that was ordered and will not come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissingResult {
    /// What was to be measured.
    pub name: String,
    /// Its codes, where the vendor gives any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Why it was not, in the vendor's word.
    pub reason: Option<String>,
    /// The lab's remarks, on what to do about it for example.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Phi<String>>,
}

/// A laboratory that did the work (FHIR: Organization). US law wants it shown with its results
/// (42 CFR 493.1291).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PerformingLab {
    /// The vendor's key of the laboratory, which an observation's `performer` may name; else an
    /// official number (CLIA).
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// Its address.
    pub address: Option<Phi<Address>>,
    /// Its medical director.
    pub director: Option<Phi<String>>,
}

/// Who ordered a report (FHIR: Practitioner).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OrderingProvider {
    /// Their number: an NPI in the United States, else the vendor's id.
    pub id: Option<String>,
    /// Their name.
    pub name: Option<Phi<String>>,
}

/// A file of results, by reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// The vendor's id of the file.
    pub id: String,
    /// Its media type.
    pub media_type: String,
}

/// Where a report came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The kept webhook that said it.
    pub webhook: Uuid,
}
