//! Terra's webhooks in Terra's words.
//!
//! Source: Vantage API, webhooks `order.status_changed` and `order_item.results_status_change`.

use labgate_core::{
    Decoded, Identifier, Provider as _, VerifiedRequest,
    decode::{Drift, Reader, Shape, Unread, Unreadable},
    time::UnixSeconds,
};
use serde::Deserialize;

use crate::Terra;

/// A webhook of Terra. It holds a patient, so it has no `Debug`.
pub struct Payload {
    /// The same on every attempt.
    pub(crate) event_id: Identifier,
    pub(crate) content: Content,
    pub(crate) drift: Drift,
}

pub(crate) enum Content {
    Order(Event<Order>),
    Item(Event<Item>),
    /// A type whose body Terra does not document, or that nobody knows.
    Foreign,
}

/// What the event is. It is read before the rest, so that a misfit there can be told by name.
#[derive(Deserialize)]
struct Name {
    event_type: Identifier,
    event_id: Identifier,
}

const NAME: Shape =
    Shape { unread: &[Unread::elsewhere(&["timestamp", "data"])], dispensable: &[] };

/// What the event says.
#[derive(Deserialize)]
pub(crate) struct Event<T> {
    pub(crate) timestamp: UnixSeconds,
    pub(crate) data: T,
}

/// `order.status_changed`: how far an order is on its way to whoever ordered.
#[derive(Deserialize)]
pub(crate) struct Order {
    pub(crate) order_id: Identifier,
    pub(crate) status: String,
    /// Not there before a parcel is.
    pub(crate) tracking_number: Option<String>,
}

const ORDER: Shape = Shape {
    unread: &[
        Unread::elsewhere(&["event_type", "event_id"]),
        Unread::because(
            "Terra's number of the product at its supplier",
            &["data.supplier_item_id"],
        ),
    ],
    dispensable: &["data.tracking_number"],
};

/// `order_item.results_status_change`: how far one panel of an order is on its way to results.
#[derive(Deserialize)]
pub(crate) struct Item {
    pub(crate) order_id: Identifier,
    pub(crate) order_item_id: Identifier,
    pub(crate) variant_id: Option<Identifier>,
    pub(crate) results_status: String,
    pub(crate) test_taker: TestTaker,
    pub(crate) escalation_level: Option<String>,
    pub(crate) failure_cause: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct TestTaker {
    pub(crate) test_taker_id: Identifier,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
}

const ITEM: Shape = Shape {
    unread: &[
        Unread::elsewhere(&["event_type", "event_id"]),
        Unread::because("acknowledging is an act of the end user", &["data.acknowledgment_due_by"]),
        Unread::because(
            "stands on older pages only, beside a `phone_number` that is a number",
            &["data.test_taker.country_code"],
        ),
    ],
    dispensable: &[
        "data.variant_id",
        "data.test_taker.first_name",
        "data.test_taker.last_name",
        "data.test_taker.email",
        "data.test_taker.phone_number",
        "data.escalation_level",
        "data.failure_cause",
    ],
};

/// Every shape, and where in a body it is one.
pub(crate) const SHAPES: &[(&str, Shape)] = &[("", ORDER), ("", ITEM)];

/// Reads a webhook and names its event.
pub(crate) fn decode(request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
    let body = request.body();
    let mut reader = Reader::default();
    let Name { event_type, event_id } = reader.read("", body, NAME)?;
    let content = match event_type.as_str() {
        "order.status_changed" => reader.read("", body, ORDER).map(Content::Order),
        "order_item.results_status_change" => reader.read("", body, ITEM).map(Content::Item),
        known if Terra::EVENT_TYPES.contains(&known) => Ok(Content::Foreign),
        _ => {
            reader.unknown_value("event_type");
            Ok(Content::Foreign)
        }
    };
    let payload = content.map(|content| Payload {
        event_id: event_id.clone(),
        content,
        drift: reader.into_drift(),
    });
    Ok(Decoded { event_type, event_id: Some(event_id), payload })
}
