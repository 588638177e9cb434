//! An appointment to take a sample (FHIR: Appointment).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Address, Location};
use crate::{Identifier, Phi, merge::Entry};

/// One appointment. An order can have several over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Appointment {
    /// Our id: a UUID v5 of plugin and `provider_appointment_id`.
    pub id: Uuid,
    /// The order that it serves.
    pub order_id: Uuid,
    /// The plugin that it came through.
    pub plugin: String,
    /// The vendor's id.
    pub provider_appointment_id: Identifier,
    /// The latest entry of the timeline; `unknown` if there is none yet.
    pub status: AppointmentStatus,
    /// The vendor's word for the status, verbatim.
    pub provider_status: Option<String>,
    /// The vendor's reason for the status, verbatim.
    pub reason: Option<Phi<String>>,
    /// What the vendor told about the appointment.
    #[serde(flatten)]
    pub details: AppointmentDetails,
    /// Every status that the vendor told of, oldest first.
    pub timeline: Vec<Entry<AppointmentStatus>>,
    /// The vendor's time of the latest change.
    pub updated_at: Option<Timestamp>,
    /// Counts the changes that this store made to the appointment.
    pub version: i64,
}

/// What a vendor tells about an appointment besides its status. `None` is "not told".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AppointmentDetails {
    /// The vendor's id of the order that it serves, filled in from the notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_order_id: Option<Identifier>,
    /// Where the patient goes, or who comes.
    pub kind: Option<AppointmentKind>,
    /// The vendor's word for the kind, verbatim.
    pub provider_kind: Option<String>,
    /// When it starts; not told before a slot is found.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// The IANA time zone to show it in.
    pub time_zone: Option<String>,
    /// Where it is, on the map.
    pub location: Option<Phi<Location>>,
    /// Where it is, by post.
    pub address: Option<Phi<Address>>,
    /// Whether it was moved at least once.
    pub rescheduled: Option<bool>,
    /// The code that the patient shows at the lab.
    pub confirmation_code: Option<Phi<String>>,
}

/// Where an appointment stands. As with orders, the order of the variants only decides between
/// statuses of one instant.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentStatus {
    /// A status that the adapter does not know; `provider_status` has it verbatim.
    Unknown,
    /// Asked for.
    Pending,
    /// A slot is held.
    Reserved,
    /// Booked.
    Scheduled,
    /// The phlebotomist is on the way or at work.
    InProgress,
    /// The sample was taken.
    Completed,
    /// Called off.
    Cancelled,
}

/// The kind of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentKind {
    /// A phlebotomist comes to the patient.
    Phlebotomy,
    /// The patient goes to a service centre.
    PatientServiceCenter,
    /// A kind that the adapter does not know; `provider_kind` has it verbatim.
    Unknown,
}
