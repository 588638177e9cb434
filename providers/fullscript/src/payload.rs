//! Fullscript's webhooks in Fullscript's words.
//!
//! Source: fullscript.dev, event pages "Lab order updated" and "Order placed". The event stands
//! in `event_payload.event` there, in `event` on the signing page, and bare in some relays.

use std::collections::BTreeSet;

use jiff::Timestamp;
use labgate_core::{
    Decoded, Identifier, Provider as _, VerifiedRequest,
    decode::{Reader, Shape, Unread, Unreadable},
    time::VendorTime,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Fullscript;

/// A webhook of Fullscript.
pub struct Payload {
    /// The id of the event; the same on every attempt.
    pub(crate) event_id: Identifier,
    pub(crate) created_at: Timestamp,
    /// The tenant.
    pub(crate) clinic_id: Option<Identifier>,
    pub(crate) content: Content,
    pub(crate) drift: BTreeSet<String>,
    /// Where the event's data stands in the body.
    pub(crate) path: String,
}

pub(crate) enum Content {
    LabOrder(LabOrder),
    Placed(Placed),
    /// Patients, products and plans are not labs, and the rest is not known at all.
    Foreign,
}

/// Either wrapper, or neither.
#[derive(Deserialize)]
struct Envelope {
    event_payload: Option<Box<RawValue>>,
    event: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Wrapper {
    event: Box<RawValue>,
}

#[derive(Deserialize)]
struct Event {
    id: Identifier,
    r#type: Identifier,
    created_at: Option<VendorTime>,
    clinic_id: Option<Identifier>,
    data: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct LabOrderData {
    lab_order: LabOrder,
}

/// Thin, and yet it names a person.
#[derive(Deserialize)]
pub(crate) struct LabOrder {
    pub(crate) id: Identifier,
    pub(crate) patient_id: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    /// `status` in webhooks; the API calls it `state` and has other words for the same.
    pub(crate) status: Option<String>,
    pub(crate) state: Option<String>,
}

const LAB_ORDER: Shape = Shape {
    unread: &[Unread::because("our orders name no practitioner", &["lab_order.practitioner_id"])],
    dispensable: &[
        "lab_order.patient_id",
        "lab_order.first_name",
        "lab_order.last_name",
        "lab_order.email",
    ],
};

/// An order at the store, its fields straight in `data`.
#[derive(Deserialize)]
pub(crate) struct Placed {
    pub(crate) id: Identifier,
    pub(crate) completed_at: Option<VendorTime>,
    pub(crate) treatment_plan_ids: Option<Vec<Identifier>>,
    pub(crate) patient_id: Option<String>,
    pub(crate) line_items: Option<Vec<LineItem>>,
}

const PLACED: Shape = Shape {
    unread: &[
        Unread::because("whatever the word, it is a lab", &["line_items[].lab_type"]),
        Unread::because("of `type` and `lab_type` one is enough", &["line_items[].type"]),
        Unread::because("the store's number of an order that has an id", &["order_number"]),
    ],
    dispensable: &["completed_at", "treatment_plan_ids", "patient_id", "line_items[].quantity"],
};

/// The text of the documentation says `lab_type`, its labs guide `type`.
#[derive(Deserialize)]
pub(crate) struct LineItem {
    pub(crate) variant_id: Option<Identifier>,
    pub(crate) quantity: Option<u32>,
    r#type: Option<String>,
    /// Its words are not documented, nor that they are words.
    lab_type: Option<Box<RawValue>>,
}

/// What a line item is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Lab,
    /// A supplement.
    Other,
    /// It may be a lab.
    Unknown,
}

impl LineItem {
    /// By either key: an item with a `lab_type` is a lab, whichever word that is.
    pub(crate) fn kind(&self) -> Kind {
        let lab_type = self.lab_type.as_ref().map(|word| word.get());
        if lab_type.is_some_and(|word| !matches!(word, r#""""# | "false")) {
            return Kind::Lab;
        }
        match self.r#type.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("labs" | "lab") => Kind::Lab,
            Some("supplement" | "supplements") => Kind::Other,
            Some(_) | None => Kind::Unknown,
        }
    }
}

const ENVELOPE: Shape = Shape {
    unread: &[Unread::elsewhere(&[
        "id",
        "type",
        "created_at",
        "clinic_id",
        "integration_id",
        "data",
    ])],
    dispensable: &[],
};

const EVENT: Shape = Shape {
    unread: &[Unread::because("it names the operator's own application", &["integration_id"])],
    dispensable: &["clinic_id"],
};

/// Every shape, and where in a body it is one.
pub(crate) const SHAPES: &[(&str, Shape)] = &[
    ("", EVENT),
    ("event", EVENT),
    ("event_payload.event", EVENT),
    ("data", LAB_ORDER),
    ("event.data", LAB_ORDER),
    ("event_payload.event.data", LAB_ORDER),
    ("data", PLACED),
    ("event.data", PLACED),
    ("event_payload.event.data", PLACED),
];

/// Reads a webhook and names its event.
pub(crate) fn decode(request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
    let body = request.body().as_ref();
    let mut reader = Reader::default();
    let envelope: Envelope = reader.read("", body, ENVELOPE)?;
    let (at, json) = match (envelope.event_payload, envelope.event) {
        (Some(payload), _) => {
            let json = payload.get().as_bytes();
            let wrapper: Wrapper = reader.read("event_payload", json, Shape::default())?;
            ("event_payload.event", Some(wrapper.event))
        }
        (None, Some(event)) => ("event", Some(event)),
        (None, None) => ("", None),
    };
    let json = json.as_ref().map_or(body, |json| json.get().as_bytes());
    let event: Event = reader.read(at, json, EVENT)?;
    let path = if at.is_empty() { "data".into() } else { format!("{at}.data") };
    let data = event.data.as_ref().map_or("{}", |data| data.get()).as_bytes();
    let content = match event.r#type.as_str() {
        "lab_order.updated" => reader
            .read(&path, data, LAB_ORDER)
            .map(|data: LabOrderData| Content::LabOrder(data.lab_order)),
        "order.placed" => reader.read(&path, data, PLACED).map(Content::Placed),
        known if Fullscript::EVENT_TYPES.contains(&known) => Ok(Content::Foreign),
        _ => {
            reader.unknown_value(&if at.is_empty() { "type".into() } else { format!("{at}.type") });
            Ok(Content::Foreign)
        }
    };
    let event_id = event.id.clone();
    let payload = content.map(|content| Payload {
        event_id: event.id,
        created_at: event.created_at.map_or(request.received_at(), |time| time.0),
        clinic_id: event.clinic_id,
        content,
        drift: reader.into_drift(),
        path,
    });
    Ok(Decoded { event_type: event.r#type, event_id: Some(event_id), payload })
}
