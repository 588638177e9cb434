//! Fullscript's words in ours.

use labgate_core::{
    Identifier, Notice, Notices, Phi,
    merge::Entry,
    model::{OrderDetails, OrderStatus, Patient, Test, Transaction},
    notice::{FetchNotice, FetchSubject, OrderNotice},
};

use crate::payload::{Content, Kind, LabOrder, Payload, Placed};

/// A lab order's status, under the webhook's names and the API's.
///
/// Source: fullscript.dev, "Labs overview" and "Lab order updated". It is no ladder: an amended
/// result may follow one that was shared long ago.
pub(crate) const STATUSES: &[(&str, OrderStatus)] = &[
    ("not_purchased", OrderStatus::Recommended),
    ("purchased", OrderStatus::Ordered),
    ("schedule_appointment", OrderStatus::AppointmentPending),
    ("upcoming_appointment", OrderStatus::AppointmentScheduled),
    ("processing", OrderStatus::AtLab),
    ("results_received", OrderStatus::PartialResults),
    ("partial_results", OrderStatus::PartialResults),
    ("all_results_received", OrderStatus::Completed),
    ("results_ready", OrderStatus::Completed),
    ("interpretation_ready", OrderStatus::Completed),
    ("interpretation_shared", OrderStatus::Completed),
    ("results_amended", OrderStatus::Corrected),
];

/// Says in our words what a webhook says.
pub(crate) fn map(mut payload: Payload) -> Notices {
    let content = std::mem::replace(&mut payload.content, Content::Foreign);
    let notices = match content {
        Content::LabOrder(order) => lab_order(order, &mut payload),
        Content::Placed(placed) => placed_order(placed, &mut payload),
        Content::Foreign => Vec::new(),
    };
    Notices { notices, drift: payload.drift }
}

/// The webhook tells that there are results, never which: they are to be fetched.
fn lab_order(order: LabOrder, payload: &mut Payload) -> Vec<Notice> {
    let provider_status = order.status.or(order.state);
    let status = provider_status
        .as_deref()
        .map_or(OrderStatus::Unknown, |word| OrderStatus::of(STATUSES, word));
    if status == OrderStatus::Unknown {
        payload.drift.insert(format!("{}.lab_order.status", payload.path));
    }
    let patient = Patient {
        provider_patient_id: order.patient_id,
        first_name: order.first_name,
        last_name: order.last_name,
        email: order.email,
        ..Patient::default()
    };
    let details = OrderDetails {
        account: payload.clinic_id.clone(),
        patient: Some(Phi::new(patient)),
        ..OrderDetails::default()
    };
    let mut notices = vec![Notice::Order(Box::new(OrderNotice {
        provider_order_id: order.id.clone(),
        aliases: Vec::new(),
        topic: "lab_order".into(),
        entries: vec![entry(payload, status, provider_status)],
        details,
        stated_at: payload.created_at,
    }))];
    if status.has_results() {
        let pointer = FetchNotice::new(FetchSubject::Report, order.id.clone(), order.id);
        notices.push(Notice::Fetch(pointer));
    }
    notices
}

/// The only word of Fullscript that a lab was bought. The order at the store is another object
/// than the lab orders that come of it; the treatment plan joins them, and a cart may serve several.
fn placed_order(placed: Placed, payload: &mut Payload) -> Vec<Notice> {
    let items = placed.line_items.unwrap_or_default();
    if items.iter().any(|item| item.kind() == Kind::Unknown) {
        payload.drift.insert(format!("{}.line_items[].type", payload.path));
    }
    let labs = items.into_iter().filter(|item| item.kind() == Kind::Lab);
    let tests: Vec<_> = labs
        .map(|item| Test { id: item.variant_id, quantity: item.quantity, ..Test::default() })
        .collect();
    if tests.is_empty() {
        return Vec::new();
    }
    let plans = placed.treatment_plan_ids.unwrap_or_default();
    let placed_at = placed.completed_at.map(|time| time.0);
    let patient = placed
        .patient_id
        .map(|id| Phi::new(Patient { provider_patient_id: Some(id), ..Patient::default() }));
    let details = OrderDetails {
        account: payload.clinic_id.clone(),
        patient,
        tests: Some(tests),
        transaction: transaction(plans),
        placed_at,
        ..OrderDetails::default()
    };
    let entry = entry(payload, OrderStatus::Ordered, Some("order.placed".into()));
    vec![Notice::Order(Box::new(OrderNotice {
        provider_order_id: placed.id,
        aliases: Vec::new(),
        topic: "order".into(),
        entries: vec![Entry { at: placed_at.unwrap_or(entry.at), ..entry }],
        details,
        stated_at: payload.created_at,
    }))]
}

/// The treatment plans as groups; all are listed only where there are several.
fn transaction(plans: Vec<Identifier>) -> Option<Transaction> {
    let group = Some(plans.first()?.clone());
    let groups = if plans.len() > 1 { plans } else { Vec::new() };
    Some(Transaction { group, groups, ..Transaction::default() })
}

fn entry(
    payload: &Payload,
    status: OrderStatus,
    provider_status: Option<String>,
) -> Entry<OrderStatus> {
    Entry {
        at: payload.created_at,
        provider_event_id: Some(payload.event_id.clone()),
        status,
        provider_status,
        phase: None,
        reason: None,
        provider_at: None,
    }
}
