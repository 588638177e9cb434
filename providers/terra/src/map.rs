//! Terra's words in ours.

use labgate_core::{
    Identifier, Notice, Notices, Phi,
    decode::{Drift, Unreadable},
    merge::Entry,
    model::{
        OrderDetails, OrderStatus, Parcel, Patient, ReportStatus, Shipment, Test, Transaction,
    },
    notice::{FetchNotice, FetchSubject, OrderNotice, ReportNotice},
};

use crate::{
    fetch::reference,
    payload::{Content, Event, Item, Order, Payload},
};

/// An order's status: that of its parcel and its payment.
///
/// Source: Vantage API, webhook `order.status_changed`. `completed` is the end of fulfilment: Terra
/// lists completed orders whose results are missing ("List orders", `missing`), so it says no more
/// than that whoever ordered has it.
pub(crate) const ORDER_STATUSES: &[(&str, OrderStatus)] = &[
    ("order.payment_processing", OrderStatus::Ordered),
    ("order.payment_complete", OrderStatus::Ordered),
    ("order.payment_failed", OrderStatus::Failed),
    ("order.processing", OrderStatus::Ordered),
    ("order.delayed", OrderStatus::KitDelayed),
    ("order.delivery_fulfilled", OrderStatus::KitDelivered),
    ("order.completed", OrderStatus::KitDelivered),
    ("order.cancelled", OrderStatus::Cancelled),
];

/// An item's status: that of its sample and its results.
///
/// Source: Vantage API, webhook `order_item.results_status_change`; `awaiting_sample`, which every
/// item has from the start, is said by the API alone.
pub(crate) const RESULTS_STATUSES: &[(&str, OrderStatus)] = &[
    ("results.awaiting_sample", OrderStatus::Ordered),
    ("results.kit_activated", OrderStatus::Registered),
    ("results.sample_processing_in_lab", OrderStatus::AtLab),
    ("results.sample_rejected", OrderStatus::Failed),
    ("results.lab_processing_error", OrderStatus::Blocked),
    ("results.partial_results_ready", OrderStatus::PartialResults),
    ("results.results_ready", OrderStatus::Completed),
];

/// No status but an alarm, which may come before, with or long after results.
const ESCALATION: &str = "results.escalation_raised";

/// Whether somebody must be told. What is not known to be harmless is not.
///
/// Source: Vantage API, webhook `order_item.results_status_change`, `escalation_level`.
fn is_alarm(level: Option<&str>, drift: &mut Drift) -> bool {
    match level {
        Some("not_escalated") => false,
        Some("very_low" | "low" | "medium" | "high" | "very_high") | None => true,
        Some(_) => {
            drift.insert("data.escalation_level".into());
            true
        }
    }
}

/// Says in our words what a webhook says.
pub(crate) fn map(payload: Payload) -> Result<Notices, Unreadable> {
    let Payload { event_id, content, mut drift } = payload;
    let notices = match content {
        Content::Order(event) => vec![order(event, event_id, &mut drift)],
        Content::Item(event) => item(event, event_id, &mut drift)?,
        Content::Foreign => Vec::new(),
    };
    Ok(Notices { notices, drift })
}

fn order(event: Event<Order>, event_id: Identifier, drift: &mut Drift) -> Notice {
    let Event { timestamp, data: order } = event;
    let status = OrderStatus::of(ORDER_STATUSES, &order.status);
    if status == OrderStatus::Unknown {
        drift.insert("data.status".into());
    }
    // That a later message has no number does not take it back, so it speaks of something else.
    let topic = if order.tracking_number.is_some() { "order.tracking" } else { "order" };
    let parcel = |number| Parcel { tracking_number: Some(Phi::new(number)), ..Parcel::default() };
    let shipment = order
        .tracking_number
        .map(|number| Shipment { outbound: parcel(number), ..Shipment::default() });
    Notice::Order(Box::new(OrderNotice {
        topic: topic.into(),
        entries: vec![Entry {
            at: timestamp.0,
            provider_event_id: Some(event_id),
            status,
            provider_status: Some(order.status),
            phase: None,
            reason: None,
            provider_at: None,
        }],
        details: OrderDetails {
            shipment,
            transaction: Some(group(&order.order_id)),
            ..OrderDetails::default()
        },
        provider_order_id: order.order_id,
        aliases: Vec::new(),
        stated_at: timestamp.0,
    }))
}

/// An item is an order of its own here: it has a person, a panel, a sample and results of its own,
/// which must not be shown under another item's person; and no webhook says how many items there
/// are, so Terra's order is never known to be complete.
fn item(
    event: Event<Item>,
    event_id: Identifier,
    drift: &mut Drift,
) -> Result<Vec<Notice>, Unreadable> {
    let Event { timestamp, data: item } = event;
    let escalated = item.results_status == ESCALATION;
    let status = OrderStatus::of(RESULTS_STATUSES, &item.results_status);
    if status == OrderStatus::Unknown && !escalated {
        drift.insert("data.results_status".into());
    }
    let level = item.escalation_level.as_ref();
    let level = level.map(|level| Phi::new(format!("escalation level: {level}")));
    let alarm = escalated && is_alarm(item.escalation_level.as_deref(), drift);
    let report = reference(&item.order_item_id, &item.test_taker.test_taker_id)?;
    let pointer = FetchNotice {
        provider_report_id: Some(report.clone()),
        ..FetchNotice::new(FetchSubject::Report, report, item.order_item_id.clone())
    };
    let entry = Entry {
        at: timestamp.0,
        provider_event_id: Some(event_id),
        status,
        provider_status: Some(item.results_status.clone()),
        phase: None,
        reason: item.failure_cause.map(Phi::new),
        provider_at: None,
    };
    let patient = Patient {
        provider_patient_id: Some(item.test_taker.test_taker_id.to_string()),
        first_name: item.test_taker.first_name,
        last_name: item.test_taker.last_name,
        email: item.test_taker.email,
        phone: item.test_taker.phone_number,
        ..Patient::default()
    };
    let mut notices = vec![Notice::Order(Box::new(OrderNotice {
        provider_order_id: item.order_item_id.clone(),
        aliases: Vec::new(),
        topic: "item".into(),
        entries: if escalated { Vec::new() } else { vec![entry] },
        details: OrderDetails {
            patient: Some(Phi::new(patient)),
            tests: item.variant_id.map(|id| vec![Test { id: Some(id), ..Test::default() }]),
            transaction: Some(group(&item.order_id)),
            ..OrderDetails::default()
        },
        stated_at: timestamp.0,
    }))];
    if alarm {
        notices.push(Notice::Report(Box::new(ReportNotice {
            provider_report_id: pointer.provider_report_id.clone(),
            provider_status: Some(item.results_status),
            critical: true,
            notes: level.into_iter().collect(),
            ..ReportNotice::new(item.order_item_id, ReportStatus::Unknown, timestamp.0)
        })));
    }
    if escalated || status.has_results() {
        notices.push(Notice::Fetch(pointer));
    }
    Ok(notices)
}

/// What joins an order and its items.
fn group(order_id: &Identifier) -> Transaction {
    Transaction { group: Some(order_id.clone()), ..Transaction::default() }
}
