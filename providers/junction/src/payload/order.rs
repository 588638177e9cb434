//! OpenAPI `ClientFacingOrder`.

use labgate_core::{
    Identifier,
    decode::{Shape, Unread},
    time::VendorTime,
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Order {
    pub(crate) id: Identifier,
    pub(crate) user_id: Option<String>,
    pub(crate) team_id: Option<Identifier>,
    pub(crate) patient_details: Option<PatientDetails>,
    pub(crate) patient_address: Option<Address>,
    pub(crate) lab_test: Option<LabTest>,
    pub(crate) details: Option<OrderKind>,
    pub(crate) sample_id: Option<String>,
    pub(crate) passthrough: Option<String>,
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

pub(super) const SHAPE: Shape = Shape {
    unread: &[
        Unread::because(
            "the customer's own remarks, which Junction repeats",
            &["notes", "clinical_notes"],
        ),
        Unread::because("who ordered is said with the result", &["physician"]),
        Unread::because(
            "billing",
            &[
                "health_insurance_id",
                "health_insurace_id",
                "billing_type",
                "icd_codes",
                "has_abn",
                "lab_test.price",
                "lab_test.is_delegated",
                "lab_test.markers[].price",
            ],
        ),
        Unread::because("an older name of `lab_test`", &["diagnostic_lab_test"]),
        Unread::because("a link to a form, good for a while", &["requisition_form_url"]),
        Unread::because(
            "how an order is to be carried out; its statuses say how it was",
            &["priority", "shipping_details", "activate_by"],
        ),
        Unread::because(
            "an estimate; `expected_result_by_date` is read",
            &[
                "worst_case_result_by_date",
                "lab_test.common_tat_days",
                "lab_test.worst_case_tat_days",
                "lab_test.markers[].common_tat_days",
                "lab_test.markers[].worst_case_tat_days",
            ],
        ),
        Unread::because(
            "of a person, and nothing of the order hangs on it",
            &[
                "patient_details.medical_proxy",
                "patient_details.race",
                "patient_details.ethnicity",
                "patient_details.sexual_orientation",
                "patient_details.gender_identity",
                "patient_address.receiver_name",
                "patient_address.phone_number",
            ],
        ),
        Unread::because(
            "the catalogue's entry, the same for every order",
            &[
                "lab_test.is_active",
                "lab_test.status",
                "lab_test.fasting",
                "lab_test.auto_generated",
                "lab_test.has_collection_instructions",
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
                "lab_test.markers[].aoe",
                "lab_test.markers[].a_la_carte_enabled",
                "lab_test.markers[].is_orderable",
            ],
        ),
        Unread::because(
            "numbers and times of parts of the order; the events have times of their own",
            &[
                "details.data.id",
                "details.data.created_at",
                "details.data.updated_at",
                "details.data.appointment_id",
                "details.data.shipment.id",
                "details.data.shipment.notes",
                "details.data.shipment.created_at",
                "details.data.shipment.updated_at",
            ],
        ),
        Unread::because(
            "other orders of the group have webhooks of their own",
            &[
                "order_transaction.orders[].low_level_status",
                "order_transaction.orders[].low_level_status_created_at",
                "order_transaction.orders[].created_at",
                "order_transaction.orders[].updated_at",
            ],
        ),
    ],
    dispensable: &[
        "user_id",
        "team_id",
        "patient_details",
        "patient_address",
        "lab_test",
        "details",
        "sample_id",
        "passthrough",
        "has_missing_results",
        "expected_result_by_date",
        "origin",
        "order_transaction",
        "events[].status_detail",
        "last_event.status_detail",
    ],
};

#[derive(Deserialize)]
pub(crate) struct PatientDetails {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) dob: Option<String>,
    pub(crate) gender: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) email: Option<String>,
}

/// The postal code is `zip` on an order and `zip_code` on an appointment.
#[derive(Deserialize)]
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

#[derive(Deserialize)]
pub(crate) struct LabTest {
    pub(crate) id: Option<Identifier>,
    pub(crate) slug: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) sample_type: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) lab: Option<Lab>,
    pub(crate) markers: Option<Vec<LabTestMarker>>,
}

#[derive(Deserialize)]
pub(crate) struct Lab {
    pub(crate) slug: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct LabTestMarker {
    pub(crate) id: Option<Identifier>,
    pub(crate) slug: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct OrderKind {
    pub(crate) r#type: Option<String>,
    pub(crate) data: Option<OrderKindData>,
}

#[derive(Deserialize)]
pub(crate) struct OrderKindData {
    pub(crate) shipment: Option<Shipment>,
}

#[derive(Deserialize)]
pub(crate) struct Shipment {
    pub(crate) outbound_courier: Option<String>,
    pub(crate) outbound_tracking_number: Option<String>,
    pub(crate) outbound_tracking_url: Option<String>,
    pub(crate) inbound_courier: Option<String>,
    pub(crate) inbound_tracking_number: Option<String>,
    pub(crate) inbound_tracking_url: Option<String>,
}

#[derive(Deserialize, PartialEq)]
pub(crate) struct OrderEvent {
    pub(crate) id: Option<Identifier>,
    pub(crate) created_at: VendorTime,
    pub(crate) status: String,
    pub(crate) status_detail: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct OrderTransaction {
    pub(crate) id: Option<Identifier>,
    pub(crate) status: Option<String>,
    pub(crate) orders: Option<Vec<TransactionOrder>>,
}

#[derive(Deserialize)]
pub(crate) struct TransactionOrder {
    pub(crate) id: Option<Identifier>,
    pub(crate) origin: Option<String>,
    pub(crate) parent_id: Option<Identifier>,
}
