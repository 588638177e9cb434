//! What all of these vendors tell, each in clothes of its own: an order got to a status.

use jiff::Timestamp;
use labgate_core::{
    Decoded, Identifier, Notice, Notices,
    decode::{Drift, Reader, Shape, Unreadable},
    merge::Entry,
    model::{OrderDetails, OrderStatus},
    notice::OrderNotice,
    time::VendorTime,
};
use serde::Deserialize;

/// The one type of event of these vendors.
pub(crate) const EVENT_TYPES: &[&str] = &["order.status"];

/// The same as the event type of a webhook.
pub(crate) fn event_type() -> Identifier {
    Identifier::new(EVENT_TYPES[0]).expect("a short word is an identifier")
}

/// A plain event, for the vendors whose point is not what stands in the body.
#[derive(Deserialize)]
pub(crate) struct Event {
    pub(crate) id: Identifier,
    pub(crate) order: Identifier,
    pub(crate) status: String,
    pub(crate) at: VendorTime,
}

/// Reads a body that is one plain event, as [`labgate_core::Provider::decode`] does.
pub(crate) fn decode(body: &[u8]) -> Result<Decoded<(Event, Drift)>, Unreadable> {
    let mut reader = Reader::default();
    let event: Event = reader.read("", body, Shape::default())?;
    let event_id = Some(event.id.clone());
    let payload = Ok((event, reader.into_drift()));
    Ok(Decoded { event_type: event_type(), event_id, payload })
}

/// Says in our words what a plain event says, as [`labgate_core::Provider::map`] does.
pub(crate) fn map((event, mut drift): (Event, Drift)) -> Notices {
    Notices { notices: vec![Reached::from(event).notice("status", &mut drift)], drift }
}

/// An order got to a status.
pub(crate) struct Reached {
    pub(crate) order: Identifier,
    pub(crate) event: Option<Identifier>,
    pub(crate) account: Option<Identifier>,
    /// The vendor's word for the status.
    pub(crate) word: String,
    pub(crate) at: Timestamp,
}

impl Reached {
    /// Says it in our words. A word that is not known is drift at `path`.
    pub(crate) fn notice(self, path: &str, drift: &mut Drift) -> Notice {
        let status = match self.word.as_str() {
            "ordered" => OrderStatus::Ordered,
            "collected" => OrderStatus::SampleCollected,
            "at_lab" => OrderStatus::AtLab,
            "cancelled" => OrderStatus::Cancelled,
            _ => {
                drift.insert(path.into());
                OrderStatus::Unknown
            }
        };
        Notice::Order(Box::new(OrderNotice {
            provider_order_id: self.order,
            aliases: Vec::new(),
            topic: "order".into(),
            entries: vec![Entry {
                at: self.at,
                provider_event_id: self.event,
                status,
                provider_status: Some(self.word),
                phase: None,
                reason: None,
                provider_at: None,
            }],
            details: OrderDetails { account: self.account, ..OrderDetails::default() },
            stated_at: self.at,
        }))
    }
}

impl From<Event> for Reached {
    fn from(event: Event) -> Self {
        Self {
            order: event.order,
            event: Some(event.id),
            account: None,
            word: event.status,
            at: event.at.0,
        }
    }
}
