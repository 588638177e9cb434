//! Junction's webhooks in Junction's words.
//!
//! Source: OpenAPI `ClientFacingOrder`, `ClientFacingAppointment`, `ClientFacingCriticalResult`,
//! `MatchReviewWebhookPayload`; Webhooks, "Event structure". Printed samples carry fewer keys than
//! the schema requires, so nothing is required here that can be done without. Every id is opaque:
//! the samples hold UUIDs that are none.

use std::collections::BTreeSet;

use jiff::Timestamp;
use labgate_core::{
    Identifier, Provider as _, VerifiedRequest,
    decode::{Reader, Scalar, Unreadable},
    time::VendorTime,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Junction;

/// A webhook of Junction.
#[derive(Debug)]
pub struct Payload {
    pub(crate) sender: Sender,
    pub(crate) content: Content,
    pub(crate) received_at: Timestamp,
    pub(crate) drift: BTreeSet<String>,
    /// Where `content` stands in the body: `data`, or empty for a bare order.
    pub(crate) path: &'static str,
}

#[derive(Debug)]
pub(crate) enum Content {
    Order(Box<Order>),
    Appointment(Box<Appointment>),
    Result {
        critical: bool,
        result: Box<LabResult>,
    },
    OrderEnd {
        completed: bool,
        end: OrderEnd,
    },
    MatchReview(MatchReview),
    /// Parsing jobs know no order, wearables are no labs, and the rest is not known at all.
    Foreign,
}

/// Whom an event is about. The user of a registrable kit changes when a patient registers it, so
/// nothing is keyed by it.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    pub(crate) user_id: Option<String>,
    pub(crate) client_user_id: Option<String>,
    pub(crate) team_id: Option<Identifier>,
}

/// Svix's own operational events say `type` where Junction says `event_type`.
#[derive(Deserialize)]
struct Envelope<'a> {
    event_type: Option<Identifier>,
    r#type: Option<Identifier>,
    user_id: Option<String>,
    client_user_id: Option<String>,
    team_id: Option<Identifier>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// An order without an envelope, as half of the guides print it.
#[derive(Deserialize)]
struct Bare {
    id: Option<serde::de::IgnoredAny>,
    details: Option<serde::de::IgnoredAny>,
    events: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: Identifier,
    pub(crate) user_id: Option<String>,
    pub(crate) team_id: Option<Identifier>,
    pub(crate) patient_details: Option<PatientDetails>,
    pub(crate) patient_address: Option<Address>,
    pub(crate) lab_test: Option<LabTest>,
    pub(crate) details: Option<OrderKind>,
    pub(crate) sample_id: Option<String>,
    pub(crate) created_at: Option<VendorTime>,
    pub(crate) updated_at: Option<VendorTime>,
    pub(crate) status: Option<String>,
    pub(crate) events: Option<Vec<OrderEvent>>,
    pub(crate) last_event: Option<OrderEvent>,
    pub(crate) interpretation: Option<String>,
    pub(crate) has_missing_results: Option<bool>,
    pub(crate) expected_result_by_date: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) order_transaction: Option<OrderTransaction>,
}

/// Documented, and of no use to the unified model.
const ORDER_UNREAD: &[&str] = &[
    "notes",
    "clinical_notes",
    "physician",
    "health_insurance_id",
    "health_insurace_id",
    "diagnostic_lab_test",
    "requisition_form_url",
    "priority",
    "shipping_details",
    "activate_by",
    "passthrough",
    "billing_type",
    "icd_codes",
    "has_abn",
    "worst_case_result_by_date",
    "patient_details.medical_proxy",
    "patient_details.race",
    "patient_details.ethnicity",
    "patient_details.sexual_orientation",
    "patient_details.gender_identity",
    "patient_address.receiver_name",
    "patient_address.phone_number",
    "lab_test.price",
    "lab_test.is_active",
    "lab_test.status",
    "lab_test.fasting",
    "lab_test.is_delegated",
    "lab_test.auto_generated",
    "lab_test.has_collection_instructions",
    "lab_test.common_tat_days",
    "lab_test.worst_case_tat_days",
    "lab_test.lab.id",
    "lab_test.lab.first_line_address",
    "lab_test.lab.city",
    "lab_test.lab.zipcode",
    "lab_test.lab.collection_methods",
    "lab_test.lab.sample_types",
    "lab_test.lab.logo_url",
    "lab_test.markers[].description",
    "lab_test.markers[].lab_id",
    "lab_test.markers[].provider_id",
    "lab_test.markers[].type",
    "lab_test.markers[].unit",
    "lab_test.markers[].price",
    "lab_test.markers[].aoe",
    "lab_test.markers[].a_la_carte_enabled",
    "lab_test.markers[].common_tat_days",
    "lab_test.markers[].worst_case_tat_days",
    "lab_test.markers[].is_orderable",
    "details.data.id",
    "details.data.created_at",
    "details.data.updated_at",
    "details.data.appointment_id",
    "details.data.shipment.id",
    "details.data.shipment.notes",
    "details.data.shipment.created_at",
    "details.data.shipment.updated_at",
    "order_transaction.orders[].low_level_status",
    "order_transaction.orders[].low_level_status_created_at",
    "order_transaction.orders[].created_at",
    "order_transaction.orders[].updated_at",
];

#[derive(Debug, Deserialize)]
pub(crate) struct PatientDetails {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) dob: Option<String>,
    pub(crate) gender: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) email: Option<String>,
}

/// The postal code is `zip` on an order and `zip_code` on an appointment.
#[derive(Debug, Deserialize)]
pub(crate) struct Address {
    pub(crate) first_line: Option<String>,
    pub(crate) second_line: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) zip: Option<String>,
    pub(crate) zip_code: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) access_notes: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LabTest {
    pub(crate) id: Option<Identifier>,
    pub(crate) slug: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) sample_type: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) lab: Option<Lab>,
    pub(crate) markers: Option<Vec<LabTestMarker>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Lab {
    pub(crate) slug: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LabTestMarker {
    pub(crate) id: Option<Identifier>,
    pub(crate) slug: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OrderKind {
    pub(crate) r#type: Option<String>,
    pub(crate) data: Option<OrderKindData>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OrderKindData {
    pub(crate) shipment: Option<Shipment>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Shipment {
    pub(crate) outbound_courier: Option<String>,
    pub(crate) outbound_tracking_number: Option<String>,
    pub(crate) outbound_tracking_url: Option<String>,
    pub(crate) inbound_courier: Option<String>,
    pub(crate) inbound_tracking_number: Option<String>,
    pub(crate) inbound_tracking_url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OrderEvent {
    pub(crate) id: Option<Identifier>,
    pub(crate) created_at: VendorTime,
    pub(crate) status: String,
    pub(crate) status_detail: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OrderTransaction {
    pub(crate) id: Option<Identifier>,
    pub(crate) status: Option<String>,
    pub(crate) orders: Option<Vec<TransactionOrder>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TransactionOrder {
    pub(crate) id: Option<Identifier>,
    pub(crate) origin: Option<String>,
    pub(crate) parent_id: Option<Identifier>,
}

/// `status` and `event_status` differ in words (`confirmed`, `scheduled`); the lifecycle is told
/// by `event_status` and `events`.
#[derive(Debug, Deserialize)]
pub(crate) struct Appointment {
    pub(crate) id: Identifier,
    pub(crate) order_id: Identifier,
    pub(crate) address: Option<Address>,
    pub(crate) location: Option<Location>,
    pub(crate) start_at: Option<VendorTime>,
    pub(crate) end_at: Option<VendorTime>,
    pub(crate) iana_timezone: Option<String>,
    pub(crate) r#type: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) event_status: Option<String>,
    pub(crate) event_data: Option<AppointmentEventData>,
    pub(crate) events: Option<Vec<AppointmentEvent>>,
}

const APPOINTMENT_UNREAD: &[&str] = &[
    "user_id",
    "order_transaction_id",
    "provider",
    "provider_id",
    "can_reschedule",
    "appointment_notes",
    "address.unit",
    "event_data.*",
    "events[].data.*",
];

#[derive(Debug, Deserialize)]
pub(crate) struct Location {
    pub(crate) lng: Option<Scalar>,
    pub(crate) lat: Option<Scalar>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AppointmentEvent {
    pub(crate) created_at: VendorTime,
    pub(crate) status: String,
    pub(crate) data: Option<AppointmentEventData>,
}

/// A free object of each appointment provider; two keys are documented.
#[derive(Debug, Deserialize)]
pub(crate) struct AppointmentEventData {
    pub(crate) origin: Option<String>,
    pub(crate) is_reschedule: Option<bool>,
}

/// A result, with markers (`labtest.result.ready`) or as a bare alarm (`labtest.result.critical`
/// as Junction documents it). Its key is `order_id`, never `id`.
#[derive(Debug, Deserialize)]
pub(crate) struct LabResult {
    pub(crate) order_id: Identifier,
    pub(crate) team_id: Option<Identifier>,
    pub(crate) sample_id: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) interpretation: Option<String>,
    pub(crate) collected_at: Option<VendorTime>,
    pub(crate) reported_at: Option<VendorTime>,
    pub(crate) created_at: Option<VendorTime>,
    pub(crate) updated_at: Option<VendorTime>,
    pub(crate) marker_count: Option<u64>,
    pub(crate) markers: Option<Vec<Marker>>,
}

const RESULT_UNREAD: &[&str] = &["user_id", "critical_marker_count"];

#[derive(Debug, Deserialize)]
pub(crate) struct Marker {
    pub(crate) name: String,
    pub(crate) slug: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) value: Option<Scalar>,
    pub(crate) min_range_value: Option<Scalar>,
    pub(crate) max_range_value: Option<Scalar>,
    pub(crate) interpretation: Option<String>,
    pub(crate) timestamp: Option<VendorTime>,
    pub(crate) notes: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OrderEnd {
    pub(crate) order_id: Identifier,
    pub(crate) status: String,
    pub(crate) cancellation_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MatchReview {
    pub(crate) resolved_order_id: Option<Identifier>,
}

const MATCH_REVIEW_UNREAD: &[&str] =
    &["id", "status", "decision_code", "sub_reason_codes", "resolution_action", "resolved_user_id"];

/// Reads a webhook and names its event.
pub(crate) fn decode(request: &VerifiedRequest) -> Result<(Identifier, Payload), Unreadable> {
    let body = request.body();
    let mut reader = Reader::default();
    let envelope: Envelope<'_> = reader.read("", body, &["id", "details", "events"])?;
    let received_at = request.received_at();
    let Some(event_type) = envelope.event_type.or(envelope.r#type) else {
        return bare_order(body, received_at);
    };
    let data = || envelope.data.map_or(&b"{}"[..], |data| data.get().as_bytes());
    let content = match event_type.as_str() {
        "labtest.order.created" | "labtest.order.updated" => {
            Content::Order(reader.read("data", data(), ORDER_UNREAD)?)
        }
        "labtest.appointment.created" | "labtest.appointment.updated" => {
            Content::Appointment(reader.read("data", data(), APPOINTMENT_UNREAD)?)
        }
        "labtest.result.ready" | "labtest.result.critical" => Content::Result {
            critical: event_type.as_str() == "labtest.result.critical",
            result: reader.read("data", data(), RESULT_UNREAD)?,
        },
        "order.completed" | "order.cancelled" => Content::OrderEnd {
            completed: event_type.as_str() == "order.completed",
            end: reader.read("data", data(), &[])?,
        },
        "labtest.match_review.created" | "labtest.match_review.updated" => {
            Content::MatchReview(reader.read("data", data(), MATCH_REVIEW_UNREAD)?)
        }
        known if Junction::EVENT_TYPES.contains(&known) => Content::Foreign,
        _ => {
            reader.unknown_value("event_type");
            Content::Foreign
        }
    };
    let sender = Sender {
        user_id: envelope.user_id,
        client_user_id: envelope.client_user_id,
        team_id: envelope.team_id,
    };
    let drift = reader.into_drift();
    Ok((event_type, Payload { sender, content, received_at, drift, path: "data" }))
}

fn bare_order(body: &[u8], received_at: Timestamp) -> Result<(Identifier, Payload), Unreadable> {
    let shape: Bare = Reader::default().read("", body, &["*"])?;
    if shape.id.is_none() || (shape.details.is_none() && shape.events.is_none()) {
        return Err(Unreadable::at("event_type", "missing, and the body is no bare order"));
    }
    let mut reader = Reader::default();
    let content = Content::Order(reader.read("", body, ORDER_UNREAD)?);
    reader.unknown_value("event_type");
    let event_type =
        Identifier::new("labtest.order.updated").expect("a documented event type is an identifier");
    let (sender, drift) = (Sender::default(), reader.into_drift());
    Ok((event_type, Payload { sender, content, received_at, drift, path: "" }))
}
