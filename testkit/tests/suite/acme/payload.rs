//! Acme's webhooks: an order at a time.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use labgate_core::{
    Decoded, Identifier, Notice, Notices, VerifiedRequest,
    decode::{Drift, Reader, Shape, Unreadable},
    merge::Entry,
    model::{OrderDetails, OrderStatus},
    notice::OrderNotice,
};
use labgate_testkit::ARRIVAL;
use serde::Deserialize;

use crate::faults::Fault;

pub(crate) struct Payload {
    id: Identifier,
    status: String,
    at: Timestamp,
    listed: bool,
    drift: Drift,
}

#[derive(Deserialize)]
struct Body {
    r#type: Identifier,
    at: String,
    order: Order,
}

#[derive(Deserialize)]
struct Order {
    id: Identifier,
    status: String,
}

pub(crate) fn decode<const F: u8>(
    request: &VerifiedRequest,
) -> Result<Decoded<Payload>, Unreadable> {
    let body = request.body();
    let whole = body.trim_ascii_end().ends_with(b"}") || !body.starts_with(b"{");
    assert!(whole || !Fault::PanicsOnPrefixes.is(F), "an index out of bounds");
    let mut reader = Reader::default();
    let read: Body = match reader.read("", body, Shape::default()) {
        Err(_) if Fault::ReadsPrefixes.is(F) && !whole => Body {
            r#type: Identifier::new("order.changed").unwrap(),
            at: "2026-08-01T09:00:00Z".into(),
            order: Order { id: Identifier::new("A-1").unwrap(), status: "placed".into() },
        },
        Err(error) if Fault::QuotesTheBody.is(F) => {
            let text = String::from_utf8_lossy(body);
            return Err(Unreadable::at(error.field, format!("not to be read: {text}")));
        }
        read => read?,
    };
    let (civil, _) = read.at.split_at(read.at.len().min(19));
    let at = if Fault::DropsTheOffset.is(F) {
        civil
            .parse::<DateTime>()
            .ok()
            .and_then(|at| Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp()))
    } else {
        read.at.parse().ok()
    };
    let at = at.ok_or_else(|| Unreadable::at("at", "expected an RFC 3339 time"))?;
    let listed = ["order.changed", "result.ready"].contains(&read.r#type.as_str());
    if !listed {
        reader.unknown_value("type");
    }
    let drift = reader.into_drift();
    if Fault::DeniesUnknownFields.is(F) && drift.iter().any(|path| path.ends_with('*')) {
        return Err(Unreadable::at("", "unknown field"));
    }
    let stamped = Fault::StampsTheArrival.is(F) && request.received_at() > ARRIVAL;
    let payload = Payload {
        id: read.order.id,
        status: read.order.status,
        at: if stamped { request.received_at() } else { at },
        listed: listed || Fault::KnowsUnlistedTypes.is(F),
        drift: if Fault::DropsDrift.is(F) { Drift::new() } else { drift },
    };
    Ok(Decoded { event_type: read.r#type, event_id: None, payload: Ok(payload) })
}

impl Payload {
    pub(crate) fn is_done(&self) -> bool {
        self.status == "done"
    }

    pub(crate) fn told(self, count: usize) -> Notices {
        let status = match self.status.as_str() {
            "placed" => OrderStatus::Ordered,
            "done" => OrderStatus::Completed,
            _ => OrderStatus::Unknown,
        };
        let entry = Entry {
            at: self.at,
            provider_event_id: None,
            status,
            provider_status: Some(self.status),
            phase: None,
            reason: None,
            provider_at: None,
        };
        let notice = Notice::Order(Box::new(OrderNotice {
            provider_order_id: self.id,
            topic: "order".into(),
            entries: vec![entry],
            details: OrderDetails::default(),
            stated_at: self.at,
        }));
        let notices = if self.listed { vec![notice] } else { Vec::new() };
        let mut drift = self.drift;
        drift.extend((count > 0).then(|| format!("webhook {count}")));
        Notices { notices, drift }
    }
}
