//! Junction's webhooks in Junction's words.
//!
//! Source: OpenAPI `ClientFacingOrder`, `ClientFacingAppointment`, `ClientFacingCriticalResult`,
//! `MatchReviewWebhookPayload`; Webhooks, "Event structure". Printed samples carry fewer keys than
//! the schema requires, so nothing is required here that can be done without. Every id is opaque:
//! the samples hold UUIDs that are none. None of
//! these types has a `Debug`: they hold patients.

mod appointment;
mod moment;
mod order;
mod result;
mod sample;

use std::collections::BTreeSet;

use jiff::Timestamp;
use labgate_core::{
    Decoded, Identifier, Provider as _, VerifiedRequest,
    decode::{Reader, Shape, Unread, Unreadable},
};
use serde::Deserialize;
use serde_json::value::RawValue;

pub(crate) use self::{
    appointment::{Appointment, AppointmentEventData, Location},
    moment::Moment,
    order::{Address, LabTest, Order, OrderTransaction, Shipment},
    result::{LabResult, Marker, MissingResult, Physician, SourceMarker},
    sample::{Laboratory, Sample},
};
use crate::Junction;

/// A webhook of Junction.
pub struct Payload {
    pub(crate) sender: Sender,
    pub(crate) content: Content,
    pub(crate) received_at: Timestamp,
    pub(crate) drift: BTreeSet<String>,
    /// Where `content` stands in the body: `data`, or empty for a bare order.
    pub(crate) path: &'static str,
}

pub(crate) enum Content {
    Order(Box<Order>),
    Appointment(Box<Appointment>),
    Result {
        critical: bool,
        result: Box<LabResult>,
        samples: Vec<Sample>,
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
#[derive(Default)]
pub(crate) struct Sender {
    pub(crate) user_id: Option<String>,
    pub(crate) client_user_id: Option<String>,
    pub(crate) team_id: Option<Identifier>,
}

/// Svix's own operational events say `type` where Junction says `event_type`.
#[derive(Deserialize)]
struct Envelope {
    event_type: Option<Identifier>,
    r#type: Option<Identifier>,
    user_id: Option<String>,
    client_user_id: Option<String>,
    team_id: Option<Identifier>,
    data: Option<Box<RawValue>>,
}

/// An order without an envelope, as half of the guides print it.
#[derive(Deserialize)]
struct Bare {
    id: Option<serde::de::IgnoredAny>,
    details: Option<serde::de::IgnoredAny>,
    events: Option<serde::de::IgnoredAny>,
}

const BARE: Shape = Shape { unread: &[Unread::elsewhere(&["*"])], dispensable: &[] };

#[derive(Deserialize)]
pub(crate) struct OrderEnd {
    pub(crate) order_id: Identifier,
    pub(crate) status: String,
    pub(crate) cancellation_reason: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct MatchReview {
    pub(crate) resolved_order_id: Option<Identifier>,
}

const ENVELOPE: Shape = Shape {
    unread: &[Unread::elsewhere(&["id", "details", "events"])],
    dispensable: &["user_id", "client_user_id", "team_id"],
};

const MATCH_REVIEW: Shape = Shape {
    unread: &[Unread::because(
        "how Junction's staff matched a result; the result comes as a webhook of its own",
        &[
            "id",
            "status",
            "decision_code",
            "sub_reason_codes",
            "resolution_action",
            "resolved_user_id",
        ],
    )],
    dispensable: &[],
};

/// Every shape, and where in a body it is one.
pub(crate) const SHAPES: &[(&str, Shape)] = &[
    ("", order::SHAPE),
    ("data", order::SHAPE),
    ("data", appointment::SHAPE),
    ("data", result::SHAPE),
    ("data.sample_information.*", sample::SAMPLE),
    ("data", MATCH_REVIEW),
    ("", REPEATED),
    ("data", REPEATED),
    ("", BESIDE),
    ("data.sample_information.*", SAMPLES),
];

/// What stands in the envelope, or in an order without one.
const BESIDE: Shape = Shape {
    unread: &[
        Unread::because("an appointment is its order's, which says whose it is", &["team_id"]),
        Unread::because("the events of an order say it, step by step", &["status"]),
    ],
    dispensable: &[],
};

/// What of a sample is said otherwise.
const SAMPLES: Shape = Shape {
    unread: &[
        Unread::because("the report says when it was reported", &["date_reported"]),
        Unread::spare("the key of the sample is its number too", &["sample_id"]),
    ],
    dispensable: &[],
};

/// What is read, and may be missing or stand beside something that goes before it.
const REPEATED: Shape = Shape {
    unread: &[
        Unread::because("each marker says whether it is critical", &["critical_marker_count"]),
        Unread::because(
            "an appointment is its order's, which says whose it is",
            &["client_user_id", "user_id"],
        ),
        Unread::spare("the envelope and its content name the same team", &["team_id"]),
        Unread::spare("the newest of the times counts", &["created_at", "updated_at"]),
        Unread::because(
            "the type of the details says how a sample is taken",
            &["lab_test.method", "lab_test.sample_type"],
        ),
        Unread::spare("`lab_test.method` says the same", &["details.type"]),
        Unread::spare("the last event says the same", &["event_status"]),
        Unread::because(
            "other orders of the group have webhooks of their own",
            &["order_transaction.orders[].id", "order_transaction.orders[].origin"],
        ),
        Unread::spare("the group says the same of the order", &["origin"]),
        Unread::spare(
            "counts tell whether all markers came along, and are not said",
            &["marker_count"],
        ),
        Unread::because(
            "deprecated: `result` goes before it, and -1 is no number",
            &["markers[].value"],
        ),
        Unread::spare("a value that is a number is numeric", &["markers[].type"]),
        Unread::spare("a relay may send `value` in its place", &["markers[].result"]),
    ],
    dispensable: &[],
};

/// Reads a webhook and names its event.
pub(crate) fn decode(request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
    let body = request.body();
    let mut reader = Reader::default();
    let envelope: Envelope = reader.read("", body, ENVELOPE)?;
    let received_at = request.received_at();
    let Some(event_type) = envelope.event_type.or(envelope.r#type) else {
        return bare_order(body, received_at);
    };
    let data = envelope.data.as_ref().map_or("{}", |data| data.get()).as_bytes();
    let content = content(&mut reader, event_type.as_str(), data);
    let sender = Sender {
        user_id: envelope.user_id,
        client_user_id: envelope.client_user_id,
        team_id: envelope.team_id,
    };
    let drift = reader.into_drift();
    let payload =
        content.map(|content| Payload { sender, content, received_at, drift, path: "data" });
    Ok(Decoded { event_type, event_id: None, payload })
}

fn content(reader: &mut Reader, event_type: &str, data: &[u8]) -> Result<Content, Unreadable> {
    Ok(match event_type {
        "labtest.order.created" | "labtest.order.updated" => {
            Content::Order(reader.read("data", data, order::SHAPE)?)
        }
        "labtest.appointment.created" | "labtest.appointment.updated" => {
            Content::Appointment(reader.read("data", data, appointment::SHAPE)?)
        }
        "labtest.result.ready" | "labtest.result.critical" => {
            let mut result: Box<LabResult> = reader.read("data", data, result::SHAPE)?;
            let samples = result.sample_information.take();
            let samples = sample::read(reader, "data.sample_information", samples);
            Content::Result { critical: event_type == "labtest.result.critical", result, samples }
        }
        "order.completed" | "order.cancelled" => Content::OrderEnd {
            completed: event_type == "order.completed",
            end: reader.read("data", data, Shape::default())?,
        },
        "labtest.match_review.created" | "labtest.match_review.updated" => {
            Content::MatchReview(reader.read("data", data, MATCH_REVIEW)?)
        }
        known if Junction::EVENT_TYPES.contains(&known) => Content::Foreign,
        _ => {
            reader.unknown_value("event_type");
            Content::Foreign
        }
    })
}

fn bare_order(body: &[u8], received_at: Timestamp) -> Result<Decoded<Payload>, Unreadable> {
    let bare: Bare = Reader::default().read("", body, BARE)?;
    if bare.id.is_none() || (bare.details.is_none() && bare.events.is_none()) {
        return Err(Unreadable::at("event_type", "missing, and the body is no bare order"));
    }
    let mut reader = Reader::default();
    let content = reader.read("", body, order::SHAPE).map(Content::Order);
    reader.unknown_value("event_type");
    let event_type =
        Identifier::new("labtest.order.updated").expect("a documented event type is an identifier");
    let (sender, drift) = (Sender::default(), reader.into_drift());
    let payload = content.map(|content| Payload { sender, content, received_at, drift, path: "" });
    Ok(Decoded { event_type, event_id: None, payload })
}
