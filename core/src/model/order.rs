//! An order: somebody is to be tested (FHIR: ServiceRequest).

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Interpretation, Patient, Specimen};
use crate::{Identifier, Phi, merge::Entry};

/// One order of one patient at one lab provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Order {
    /// Our id: a UUID v5 of plugin and `provider_order_id`, the same on every node.
    pub id: Uuid,
    /// The plugin that the order came through.
    pub plugin: String,
    /// The vendor's id.
    pub provider_order_id: Identifier,
    /// The latest entry of the timeline; `unknown` if there is none yet.
    pub status: OrderStatus,
    /// The stretch of the way that the status belongs to.
    pub phase: Phase,
    /// The vendor's word for the status, verbatim.
    pub provider_status: Option<String>,
    /// The vendor's reason for the status, verbatim.
    pub reason: Option<Phi<String>>,
    /// What the vendor told about the order.
    #[serde(flatten)]
    pub details: OrderDetails,
    /// Every status that the vendor told of, oldest first.
    pub timeline: Vec<Entry<OrderStatus>>,
    /// The vendor's time of the latest change.
    pub updated_at: Option<Timestamp>,
    /// Counts the changes that this store made to the order; for caches, not for comparing
    /// stores.
    pub version: i64,
}

/// What a vendor tells about an order besides its status. `None` is "not told".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OrderDetails {
    /// The vendor's id of the clinic or team that the order belongs to.
    pub account: Option<Identifier>,
    /// Your own id of the order, as you gave it to the vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Identifier>,
    /// How the sample is taken.
    pub method: Option<Method>,
    /// The vendor's word for the method, verbatim.
    pub provider_method: Option<String>,
    /// Who is tested.
    pub patient: Option<Phi<Patient>>,
    /// Who tests.
    pub lab: Option<Lab>,
    /// What is tested.
    pub tests: Option<Vec<Test>>,
    /// What was taken.
    pub specimens: Option<Vec<Specimen>>,
    /// Where the kit is.
    pub shipment: Option<Shipment>,
    /// The group of orders that stand for one request of a clinician.
    pub transaction: Option<Transaction>,
    /// The lab's judgement of the results as a whole.
    pub interpretation: Option<Interpretation>,
    /// Whether the lab could not report everything that was ordered.
    pub missing_results: Option<bool>,
    /// When results are expected.
    pub expected_by: Option<Date>,
    /// When the order was placed.
    pub placed_at: Option<Timestamp>,
    /// The day on which it was placed, where the vendor gives no time of day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placed_on: Option<Date>,
}

/// Where an order stands. The order of the variants is the usual way of an order's life; it only
/// decides between statuses of one instant, since vendors skip, repeat and go back.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// A status that the adapter does not know; `provider_status` has it verbatim.
    Unknown,
    /// A clinician recommends it, nobody bought it.
    Recommended,
    /// Ordered.
    Ordered,
    /// A kit waits for a patient to register it.
    AwaitingRegistration,
    /// A patient registered the kit.
    Registered,
    /// The lab has the paperwork.
    RequisitionReady,
    /// An appointment is to be booked.
    AppointmentPending,
    /// An appointment is booked.
    AppointmentScheduled,
    /// The appointment was cancelled; the order lives on.
    AppointmentCancelled,
    /// The kit is on its way to the patient.
    KitInTransit,
    /// Something is wrong on the kit's way to the patient.
    KitDelayed,
    /// The patient has the kit.
    KitDelivered,
    /// The sample was taken.
    SampleCollected,
    /// The sample is on its way to the lab.
    SampleInTransit,
    /// Something is wrong on the sample's way to the lab.
    SampleDelayed,
    /// The lab has the sample.
    AtLab,
    /// The lab can't go on without something that is missing.
    Blocked,
    /// Some results are there.
    PartialResults,
    /// Results are missing for good; a new sample may be drawn under a new order.
    RedrawNeeded,
    /// All results are there.
    Completed,
    /// Results that were there have been amended.
    Corrected,
    /// Cancelled.
    Cancelled,
    /// The sample or the kit was lost or spoilt.
    Failed,
}

/// The stretch of the way that an order is on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Ordered, nothing taken.
    Received,
    /// On the way to a sample, and with it to the lab.
    Collecting,
    /// The lab works on it.
    AtLab,
    /// Results are there.
    Completed,
    /// It came to nothing.
    Failed,
    /// It was called off.
    Cancelled,
}

impl OrderStatus {
    /// What `word` means by `table`, as [`crate::Provider::STATUSES`] is one; unknown if it is not
    /// listed.
    pub fn of(table: &[(&str, Self)], word: &str) -> Self {
        table.iter().find(|(known, _)| *known == word).map_or(Self::Unknown, |(_, status)| *status)
    }

    /// Whether the lab has results of the order that can be asked for.
    pub const fn has_results(self) -> bool {
        matches!(
            self,
            Self::PartialResults | Self::RedrawNeeded | Self::Completed | Self::Corrected
        )
    }

    /// The phase that the status belongs to; `unknown` belongs to none.
    pub const fn phase(self) -> Option<Phase> {
        Some(match self {
            Self::Unknown => return None,
            Self::Recommended
            | Self::Ordered
            | Self::AwaitingRegistration
            | Self::Registered
            | Self::RequisitionReady => Phase::Received,
            Self::AppointmentPending
            | Self::AppointmentScheduled
            | Self::AppointmentCancelled
            | Self::KitInTransit
            | Self::KitDelayed
            | Self::KitDelivered
            | Self::SampleCollected
            | Self::SampleInTransit
            | Self::SampleDelayed
            | Self::RedrawNeeded => Phase::Collecting,
            Self::AtLab | Self::Blocked | Self::PartialResults => Phase::AtLab,
            Self::Completed | Self::Corrected => Phase::Completed,
            Self::Cancelled => Phase::Cancelled,
            Self::Failed => Phase::Failed,
        })
    }
}

/// How the sample is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By the patient, with a kit.
    Testkit,
    /// At a patient service centre.
    WalkIn,
    /// By a phlebotomist who comes.
    AtHomePhlebotomy,
    /// At the clinic.
    OnSite,
    /// In a way that the adapter does not know; `provider_method` has it verbatim.
    Unknown,
}

/// A laboratory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Lab {
    /// The vendor's key of the lab.
    pub slug: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

/// A test or panel that was ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Test {
    /// The vendor's id of the test.
    pub id: Option<Identifier>,
    /// The vendor's key of the test.
    pub slug: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// How many were ordered, where the vendor sells by the piece.
    pub quantity: Option<u32>,
    /// What the test measures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<Test>,
}

/// A kit's way out and back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Shipment {
    /// To the patient.
    pub outbound: Parcel,
    /// To the lab.
    pub inbound: Parcel,
}

/// A parcel. Its numbers lead to an address, so they count as health data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Parcel {
    /// Who carries it.
    pub courier: Option<String>,
    /// The courier's number.
    pub tracking_number: Option<Phi<String>>,
    /// Where to follow it.
    pub tracking_url: Option<Phi<String>>,
}

/// The group that an order belongs to, in the vendor's words: a redraw or a recreation continues
/// an order under a new id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Transaction {
    /// The vendor's id of the group; of several, the first.
    pub group: Option<Identifier>,
    /// Every group that the order belongs to, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Identifier>,
    /// The state of the group, verbatim: the journey is over when this says so, not before.
    pub status: Option<String>,
    /// Why this order exists, verbatim: `initial`, `redraw`, `recreation`.
    pub origin: Option<String>,
    /// The vendor's id of the order that this one continues.
    pub parent: Option<Identifier>,
}
