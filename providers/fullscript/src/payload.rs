//! Fullscript's webhooks in Fullscript's words.
//!
//! Source: fullscript.dev, event pages "Lab order updated" and "Order placed". The event stands
//! in `event_payload.event` there, in `event` on the signing page, and bare in some relays.

use std::collections::BTreeSet;

use jiff::Timestamp;
use labgate_core::{
    Decoded, Identifier, Provider as _, VerifiedRequest,
    decode::{Reader, Unreadable},
    time::VendorTime,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Fullscript;

/// A webhook of Fullscript.
#[derive(Debug)]
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

#[derive(Debug)]
pub(crate) enum Content {
    LabOrder(LabOrder),
    Placed(Placed),
    /// Patients, products and plans are not labs, and the rest is not known at all.
    Foreign,
}

/// Either wrapper, or neither.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    event_payload: Option<&'a RawValue>,
    #[serde(borrow)]
    event: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Wrapper<'a> {
    #[serde(borrow)]
    event: &'a RawValue,
}

#[derive(Deserialize)]
struct Event<'a> {
    id: Identifier,
    r#type: Identifier,
    created_at: Option<VendorTime>,
    clinic_id: Option<Identifier>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct LabOrderData {
    lab_order: LabOrder,
}

/// Thin, and yet it names a person.
#[derive(Debug, Deserialize)]
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

const LAB_ORDER_UNREAD: &[&str] = &["lab_order.practitioner_id"];

/// An order at the store, its fields straight in `data`.
#[derive(Debug, Deserialize)]
pub(crate) struct Placed {
    pub(crate) id: Identifier,
    pub(crate) completed_at: Option<VendorTime>,
    pub(crate) treatment_plan_ids: Option<Vec<Identifier>>,
    pub(crate) patient_id: Option<String>,
    pub(crate) line_items: Option<Vec<LineItem>>,
}

const PLACED_UNREAD: &[&str] = &["order_number"];

/// The text of the documentation says `lab_type`, its labs guide `type`.
#[derive(Debug, Deserialize)]
pub(crate) struct LineItem {
    pub(crate) variant_id: Option<Identifier>,
    pub(crate) quantity: Option<u32>,
    pub(crate) r#type: Option<String>,
    pub(crate) lab_type: Option<String>,
}

impl LineItem {
    /// Whether a lab was bought, by either key.
    pub(crate) fn is_lab(&self) -> bool {
        let words = [self.r#type.as_deref(), self.lab_type.as_deref()];
        words.into_iter().flatten().any(|word| matches!(word, "labs" | "lab"))
    }
}

/// Reads a webhook and names its event.
pub(crate) fn decode(request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
    let body = request.body().as_ref();
    let mut reader = Reader::default();
    let bare = ["id", "type", "created_at", "clinic_id", "integration_id", "data"];
    let envelope: Envelope<'_> = reader.read("", body, &bare)?;
    let (at, json) = if let Some(payload) = envelope.event_payload {
        let wrapper: Wrapper<'_> = reader.read("event_payload", payload.get().as_bytes(), &[])?;
        ("event_payload.event", wrapper.event.get().as_bytes())
    } else if let Some(event) = envelope.event {
        ("event", event.get().as_bytes())
    } else {
        ("", body)
    };
    let event: Event<'_> = reader.read(at, json, &["integration_id"])?;
    let path = if at.is_empty() { "data".into() } else { format!("{at}.data") };
    let data = event.data.map_or(&b"{}"[..], |data| data.get().as_bytes());
    let content = match event.r#type.as_str() {
        "lab_order.updated" => {
            Content::LabOrder(reader.read::<LabOrderData>(&path, data, LAB_ORDER_UNREAD)?.lab_order)
        }
        "order.placed" => Content::Placed(reader.read(&path, data, PLACED_UNREAD)?),
        known if Fullscript::EVENT_TYPES.contains(&known) => Content::Foreign,
        _ => {
            reader.unknown_value(&if at.is_empty() { "type".into() } else { format!("{at}.type") });
            Content::Foreign
        }
    };
    let payload = Payload {
        event_id: event.id.clone(),
        created_at: event.created_at.map_or(request.received_at(), |time| time.0),
        clinic_id: event.clinic_id,
        content,
        drift: reader.into_drift(),
        path,
    };
    Ok(Decoded { event_type: event.r#type, event_id: Some(event.id), payload })
}
