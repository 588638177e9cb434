//! Acme's words in ours.

use labgate_core::{
    Identifier, Notice, Notices,
    decode::Drift,
    merge::Entry,
    model::{OrderDetails, OrderStatus},
    notice::OrderNotice,
    time::VendorTime,
};

use crate::payload::{Content, Order, Payload};

/// An order's status.
///
/// Source: the vendor's page that lists them, by its title; a row for each.
pub(crate) const STATUSES: &[(&str, OrderStatus)] = &[("placed", OrderStatus::Ordered)];

/// Says in our words what a webhook says.
pub(crate) fn map(payload: Payload) -> Notices {
    let Payload { event_id, created_at, content, mut drift } = payload;
    let notices = match content {
        Content::Order(order) => vec![order_notice(order, event_id, created_at, &mut drift)],
        Content::Foreign => Vec::new(),
    };
    Notices { notices, drift }
}

fn order_notice(
    order: Order,
    event_id: Identifier,
    created_at: VendorTime,
    drift: &mut Drift,
) -> Notice {
    let status = OrderStatus::of(STATUSES, &order.status);
    if status == OrderStatus::Unknown {
        drift.insert("data.status".into());
    }
    let entry = Entry {
        at: order.updated_at.0,
        provider_event_id: Some(event_id),
        status,
        provider_status: Some(order.status),
        phase: None,
        reason: None,
        provider_at: None,
    };
    Notice::Order(Box::new(OrderNotice {
        provider_order_id: order.id,
        aliases: Vec::new(),
        // The kind of message: the newest of a kind replaces what the older ones of it told.
        topic: "order".into(),
        entries: vec![entry],
        // Whatever else the webhook tells: patient, tests, method, account.
        details: OrderDetails::default(),
        stated_at: created_at.0,
    }))
}
