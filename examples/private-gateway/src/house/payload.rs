//! The laboratory's webhooks in its own words.

use labgate_core::{
    Decoded, Identifier, VerifiedRequest,
    decode::{Drift, Reader, Shape, Unread, Unreadable},
    time::VendorTime,
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A webhook of the laboratory.
pub struct Payload {
    pub(super) id: Identifier,
    pub(super) at: VendorTime,
    /// `None` if the event is none that we read.
    pub(super) moved: Option<Moved>,
    pub(super) drift: Drift,
}

#[derive(Deserialize)]
struct Envelope {
    id: Identifier,
    r#type: Identifier,
    at: VendorTime,
    #[serde(default)]
    data: Box<RawValue>,
}

/// An order that came to another place of the laboratory.
#[derive(Deserialize)]
pub(super) struct Moved {
    pub(super) order: Identifier,
    pub(super) place: String,
}

/// Who moved it is nobody's business upstairs.
pub(super) const MOVED: Shape = Shape {
    unread: &[Unread::because("who moved it is the laboratory's own matter", &["by"])],
    dispensable: &[],
};

/// Reads a webhook and names its event.
pub(super) fn decode(request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
    let mut reader = Reader::default();
    let Envelope { id, r#type, at, data } = reader.read("", request.body(), Shape::default())?;
    let moved = if r#type.as_str() == "order.moved" {
        reader.read("data", data.get().as_bytes(), MOVED).map(Some)
    } else {
        reader.unknown_value("type");
        Ok(None)
    };
    let event_id = Some(id.clone());
    let payload = moved.map(|moved| Payload { id, at, moved, drift: reader.into_drift() });
    Ok(Decoded { event_type: r#type, event_id, payload })
}
