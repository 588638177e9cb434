//! Acme's webhooks in Acme's words.
//!
//! Source: the vendor's page on each event, by its title.

use labgate_core::{
    Decoded, Identifier, Provider as _, VerifiedRequest,
    decode::{Drift, Reader, Shape, Unreadable},
    time::VendorTime,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Acme;

/// A webhook of Acme. It holds a patient, so it has no `Debug`.
pub struct Payload {
    pub(crate) event_id: Identifier,
    pub(crate) created_at: VendorTime,
    pub(crate) content: Content,
    pub(crate) drift: Drift,
}

/// What the event is about: a variant for each kind that the map has words for.
pub(crate) enum Content {
    Order(Order),
    /// What is not about labs, or not known at all.
    Foreign,
}

/// What every event is wrapped in.
#[derive(Deserialize)]
struct Envelope {
    /// The same on every attempt: if it is not, `Decoded::event_id` must be `None`.
    id: Identifier,
    r#type: Identifier,
    created_at: VendorTime,
    #[serde(default)]
    data: Box<RawValue>,
}

/// An order: the fields that the map reads, optional wherever the vendor may leave them out.
#[derive(Deserialize)]
pub(crate) struct Order {
    pub(crate) id: Identifier,
    pub(crate) status: String,
    pub(crate) updated_at: VendorTime,
}

/// Documented fields that nothing reads go into `unread`, with the reason; fields that no result hangs on, and that
/// may therefore be of any type, into `dispensable`.
const ORDER: Shape = Shape { unread: &[], dispensable: &[] };

/// Every shape, and where in a body it is one.
pub(crate) const SHAPES: &[(&str, Shape)] = &[("data", ORDER)];

/// Reads a webhook and names its event.
pub(crate) fn decode(request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
    let mut reader = Reader::default();
    let envelope: Envelope = reader.read("", request.body(), Shape::default())?;
    let data = envelope.data.get().as_bytes();
    let content = match envelope.r#type.as_str() {
        "order.updated" => reader.read("data", data, ORDER).map(Content::Order),
        known if Acme::EVENT_TYPES.contains(&known) => Ok(Content::Foreign),
        _ => {
            reader.unknown_value("type");
            Ok(Content::Foreign)
        }
    };
    let event_id = envelope.id.clone();
    let payload = content.map(|content| Payload {
        event_id: envelope.id,
        created_at: envelope.created_at,
        content,
        drift: reader.into_drift(),
    });
    Ok(Decoded { event_type: envelope.r#type, event_id: Some(event_id), payload })
}
