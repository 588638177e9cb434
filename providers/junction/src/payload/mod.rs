//! Junction's webhooks in Junction's words.
//!
//! Source: OpenAPI `ClientFacingOrder`, `ClientFacingAppointment`, `ClientFacingCriticalResult`,
//! `MatchReviewWebhookPayload`; Webhooks, "Event structure". Printed samples carry fewer keys than
//! the schema requires, so nothing is required here that can be done without. Every id is opaque:
//! the samples hold UUIDs that are none.

mod appointment;
mod order;
mod result;

use std::collections::BTreeSet;

use jiff::Timestamp;
use labgate_core::{
    Identifier, Provider as _, VerifiedRequest,
    decode::{Reader, Unreadable},
};
use serde::Deserialize;
use serde_json::value::RawValue;

pub(crate) use self::{
    appointment::{Appointment, AppointmentEventData, Location},
    order::{Address, LabTest, Order, Shipment},
    result::{LabResult, Marker},
};
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
            Content::Order(reader.read("data", data(), order::UNREAD)?)
        }
        "labtest.appointment.created" | "labtest.appointment.updated" => {
            Content::Appointment(reader.read("data", data(), appointment::UNREAD)?)
        }
        "labtest.result.ready" | "labtest.result.critical" => Content::Result {
            critical: event_type.as_str() == "labtest.result.critical",
            result: reader.read("data", data(), result::UNREAD)?,
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
    let content = Content::Order(reader.read("", body, order::UNREAD)?);
    reader.unknown_value("event_type");
    let event_type =
        Identifier::new("labtest.order.updated").expect("a documented event type is an identifier");
    let (sender, drift) = (Sender::default(), reader.into_drift());
    Ok((event_type, Payload { sender, content, received_at, drift, path: "" }))
}
