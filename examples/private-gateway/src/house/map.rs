//! The laboratory's words in Labgate's.

use labgate_core::{
    Notice, Notices,
    merge::Entry,
    model::{OrderDetails, OrderStatus},
    notice::OrderNotice,
};

use super::payload::Payload;

/// What it means for an order to be at a place.
fn status(place: &str) -> OrderStatus {
    match place {
        "desk" => OrderStatus::Ordered,
        "cellar" => OrderStatus::AtLab,
        "archive" => OrderStatus::Completed,
        "bin" => OrderStatus::Failed,
        _ => OrderStatus::Unknown,
    }
}

/// Says in Labgate's words what a webhook says.
pub(super) fn map(payload: Payload) -> Notices {
    let Payload { id, at, moved, mut drift } = payload;
    let notices = moved.map(|moved| {
        let status = status(&moved.place);
        if status == OrderStatus::Unknown {
            drift.insert("data.place".into());
        }
        Notice::Order(Box::new(OrderNotice {
            provider_order_id: moved.order,
            aliases: Vec::new(),
            topic: "order".into(),
            entries: vec![Entry {
                at: at.0,
                provider_event_id: Some(id),
                status,
                provider_status: Some(moved.place),
                phase: None,
                reason: None,
                provider_at: None,
            }],
            details: OrderDetails::default(),
            stated_at: at.0,
        }))
    });
    Notices { notices: notices.into_iter().collect(), drift }
}
