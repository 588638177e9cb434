//! What a webhook says, in our words: the last step that a provider takes.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    Identifier, Phi, Reference,
    decode::Drift,
    merge::Entry,
    model::{
        AppointmentDetails, AppointmentStatus, Code, Document, Interpretation, MissingResult,
        Observation, OrderDetails, OrderStatus, OrderingProvider, PerformingLab, ReportStatus,
        Specimen,
    },
};

/// Everything that one webhook says.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// What it says; empty if it is not about labs.
    pub notices: Vec<Notice>,
    /// Where the vendor said something that the adapter does not know.
    pub drift: Drift,
}

/// One thing that a webhook says.
///
/// A notice is complete in itself: it carries its time, so that it can be merged early, late or
/// twice and always means the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Notice {
    /// An order came about or changed.
    Order(Box<OrderNotice>),
    /// An appointment came about or changed.
    Appointment(Box<AppointmentNotice>),
    /// Results are there.
    Report(Box<ReportNotice>),
    /// The webhook only points at what the vendor's API has to say.
    Fetch(FetchNotice),
}

/// An order came about or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderNotice {
    /// The vendor's id of the order.
    pub provider_order_id: Identifier,
    /// Further names by which other messages may call the order: what they say belongs to it,
    /// whichever comes first. Each must be the name of no other order; the first order that claims
    /// one keeps it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Identifier>,
    /// Which kind of message of the vendor this is. The newest message of a kind replaces the
    /// older ones of that kind, and lies over those of other kinds; so everything that tells the
    /// same fields must name the same topic.
    pub topic: String,
    /// Statuses with their times. A vendor that sends the whole history fills in all of it.
    pub entries: Vec<Entry<OrderStatus>>,
    /// Everything else.
    pub details: OrderDetails,
    /// When the vendor says it said this; when the webhook arrived, if the vendor gives no time.
    pub stated_at: Timestamp,
}

/// An appointment came about or changed. Fields as in [`OrderNotice`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppointmentNotice {
    /// The vendor's id of the appointment.
    pub provider_appointment_id: Identifier,
    /// The vendor's id of the order that it serves.
    pub provider_order_id: Identifier,
    /// Which kind of message of the vendor this is.
    pub topic: String,
    /// Statuses with their times.
    pub entries: Vec<Entry<AppointmentStatus>>,
    /// Everything else.
    pub details: AppointmentDetails,
    /// When the vendor says it said this.
    pub stated_at: Timestamp,
}

/// Results are there. Fields as in [`crate::model::Report`].
///
/// A report's id is made of this as JSON, so whatever is added here must be absent from the JSON
/// where a vendor does not say it: reports that were filed before keep their ids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportNotice {
    /// The vendor's id of the order that this answers.
    pub provider_order_id: Identifier,
    /// The vendor's id of the report, where several answer one order: a report replaces only those
    /// of the same id. It must be the same in every version of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_report_id: Option<Identifier>,
    /// How final it is.
    pub status: ReportStatus,
    /// The vendor's word for the status, verbatim.
    pub provider_status: Option<String>,
    /// Whether the vendor sent it because it is critical.
    pub critical: bool,
    /// The lab's judgement of the whole.
    pub interpretation: Option<Interpretation>,
    /// What it is a report of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The branch of the lab that it comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<Code>,
    /// When the sample was taken.
    pub collected_at: Option<Timestamp>,
    /// The day on which the sample was taken, where the lab gives no time of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected_on: Option<Date>,
    /// When the lab reported; when the webhook arrived, if the vendor gives no time. A report is
    /// as new as the newest thing that it is made of.
    pub reported_at: Timestamp,
    /// The vendor's own time, where it lies so far in the future that `reported_at` is another:
    /// see [`Notices::ordered_by`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_reported_at: Option<Timestamp>,
    /// What was examined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specimens: Vec<Specimen>,
    /// The laboratories that did the work; the first is the main one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub performing_labs: Vec<PerformingLab>,
    /// Who ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordering_provider: Option<OrderingProvider>,
    /// The lab's remarks on the whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Phi<String>>,
    /// The lab's conclusion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Phi<String>>,
    /// The lab's conclusion in codes: a diagnosis.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conclusion_codes: Vec<Phi<Code>>,
    /// What was found.
    pub observations: Vec<Observation>,
    /// What will not come.
    pub missing: Vec<MissingResult>,
    /// Files that go with it.
    pub documents: Vec<Document>,
}

/// A pointer: what the vendor has to say stands in its API.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FetchNotice {
    /// What is to be fetched.
    pub subject: FetchSubject,
    /// What the vendor's API knows it by, in a form that the adapter chooses: the id of an order, or
    /// all that it takes to ask for one item of it.
    pub reference: Reference,
    /// The vendor's id of the order that it belongs to.
    pub provider_order_id: Identifier,
    /// For results: the vendor's id of the report, as in [`ReportNotice`], where the answer does
    /// not say it. Pointers that differ in it differ in their `reference` too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_report_id: Option<Identifier>,
}

/// What can be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchSubject {
    /// The order itself.
    Order,
    /// The results of an order.
    Report,
}

impl FetchNotice {
    /// A pointer that names no report.
    pub fn new(
        subject: FetchSubject,
        reference: impl Into<Reference>,
        provider_order_id: Identifier,
    ) -> Self {
        let reference = reference.into();
        Self { subject, reference, provider_order_id, provider_report_id: None }
    }
}

impl FetchSubject {
    /// The word for it in the task list.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Report => "report",
        }
    }
}

impl AppointmentNotice {
    /// When the latest thing that it tells happened.
    pub fn latest_at(&self) -> Timestamp {
        self.entries.iter().map(|entry| entry.at).fold(self.stated_at, Timestamp::max)
    }
}

impl ReportNotice {
    /// A report that says nothing yet but how final it is; the rest is filled in by
    /// `ReportNotice { observations, ..ReportNotice::new(order, status, at) }`.
    pub const fn new(
        provider_order_id: Identifier,
        status: ReportStatus,
        reported_at: Timestamp,
    ) -> Self {
        Self {
            provider_order_id,
            provider_report_id: None,
            status,
            provider_status: None,
            critical: false,
            interpretation: None,
            code: None,
            category: Vec::new(),
            collected_at: None,
            collected_on: None,
            reported_at,
            provider_reported_at: None,
            specimens: Vec::new(),
            performing_labs: Vec::new(),
            ordering_provider: None,
            notes: Vec::new(),
            conclusion: None,
            conclusion_codes: Vec::new(),
            observations: Vec::new(),
            missing: Vec::new(),
            documents: Vec::new(),
        }
    }

    /// Whether it only says that there is something to read, and brings none of it: an alarm, say.
    /// A withdrawal needs nothing to read.
    pub fn is_pointer(&self) -> bool {
        self.observations.is_empty()
            && self.missing.is_empty()
            && self.documents.is_empty()
            && self.conclusion.is_none()
            && self.conclusion_codes.is_empty()
            && self.status != ReportStatus::Cancelled
    }

    /// Whether somebody must be told now, by the vendor's word or by any of its judgements. A
    /// report that was withdrawn alarms no one.
    pub fn is_critical(&self) -> bool {
        let alarms = self.critical
            || self.interpretation.is_some_and(Interpretation::is_critical)
            || self.observations.iter().any(Observation::is_critical);
        alarms && self.status != ReportStatus::Cancelled
    }
}

impl Notices {
    /// What an acknowledgement counts: observations for a result, of which an alarm has none; else
    /// orders and appointments touched.
    pub fn ingested_count(&self) -> usize {
        let mut observations = None;
        let mut touched = BTreeSet::new();
        for notice in &self.notices {
            match notice {
                Notice::Order(order) => {
                    touched.insert(("order", &order.provider_order_id));
                }
                Notice::Appointment(appointment) => {
                    touched.insert(("appointment", &appointment.provider_appointment_id));
                }
                Notice::Report(report) => {
                    *observations.get_or_insert(0) += report.observations.len();
                }
                Notice::Fetch(_) => {}
            }
        }
        observations.unwrap_or(touched.len())
    }
}
