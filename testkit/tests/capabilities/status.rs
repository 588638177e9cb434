//! What all of these vendors tell, each in clothes of its own: an order got to a status.

use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice,
    decode::Drift,
    merge::Entry,
    model::{OrderDetails, OrderStatus},
    notice::OrderNotice,
};

/// The one type of event of these vendors.
pub(crate) const EVENT_TYPES: &[&str] = &["order.status"];

/// The same as the event type of a webhook.
pub(crate) fn event_type() -> Identifier {
    Identifier::new(EVENT_TYPES[0]).expect("a short word is an identifier")
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
            topic: "order".into(),
            entries: vec![Entry {
                at: self.at,
                provider_event_id: self.event,
                status,
                provider_status: Some(self.word),
                phase: None,
                reason: None,
            }],
            details: OrderDetails { account: self.account, ..OrderDetails::default() },
            stated_at: self.at,
        }))
    }
}
