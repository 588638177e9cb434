//! OpenAPI `ClientFacingAppointment`.

use labgate_core::{
    Identifier,
    decode::{Scalar, Shape, Unread},
    time::VendorTime,
};
use serde::Deserialize;

use super::order::Address;

/// `status` and `event_status` differ in words (`confirmed`, `scheduled`); the lifecycle is told
/// by `event_status` and `events`.
#[derive(Deserialize)]
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

pub(super) const SHAPE: Shape = Shape {
    unread: &[
        Unread::because("the order says whose it is", &["user_id", "order_transaction_id"]),
        Unread::because(
            "who carries it out, and how it may be moved",
            &["provider", "provider_id", "can_reschedule", "appointment_notes"],
        ),
        Unread::because("not documented as a part of the address", &["address.unit"]),
        Unread::because(
            "a free object of each provider of appointments, two keys of which are documented",
            &["event_data.*", "events[].data.*"],
        ),
    ],
    dispensable: &[
        "address",
        "location",
        "iana_timezone",
        "external_id",
        "event_data",
        "events[].data",
    ],
};

#[derive(Deserialize)]
pub(crate) struct Location {
    pub(crate) lng: Option<Scalar>,
    pub(crate) lat: Option<Scalar>,
}

#[derive(Deserialize)]
pub(crate) struct AppointmentEvent {
    pub(crate) created_at: VendorTime,
    pub(crate) status: String,
    pub(crate) data: Option<AppointmentEventData>,
}

/// A free object of each appointment provider; two keys are documented.
#[derive(Deserialize)]
pub(crate) struct AppointmentEventData {
    pub(crate) origin: Option<String>,
    pub(crate) is_reschedule: Option<bool>,
}
