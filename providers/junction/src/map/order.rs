//! `labtest.order.*`: the whole order, with its history, in each event.

use labgate_core::{
    Identifier, Notice, Phi,
    merge::Entry,
    model::{
        Address, Lab, Method, OrderDetails, OrderStatus, Parcel, Patient, Phase, Shipment,
        Specimen, Test, Transaction,
    },
    notice::{FetchSubject, OrderNotice},
};

use super::{Context, fetch, judgement::judgement, words};
use crate::payload::{self, OrderTransaction};

/// Maps an order. Where results can be had, it also points at them: Junction never sends them
/// with the order.
pub(super) fn map(order: payload::Order, context: &mut Context) -> Vec<Notice> {
    let entries = entries(&order, context);
    let latest = entries.iter().max();
    let has_results = latest
        .is_some_and(|entry| entry.status.has_results() || entry.phase == Some(Phase::Completed));
    let stated = [order.updated_at, order.created_at].into_iter().flatten().next();
    let stated_at =
        stated.map(|time| time.0).or(latest.map(|entry| entry.at)).unwrap_or(context.received_at);
    let provider_order_id = order.id.clone();
    let details = details(order, context);
    let mut notices = vec![Notice::Order(Box::new(OrderNotice {
        provider_order_id: provider_order_id.clone(),
        aliases: Vec::new(),
        topic: "labtest.order".into(),
        entries,
        details,
        stated_at,
    }))];
    if has_results {
        notices.push(fetch(FetchSubject::Report, provider_order_id));
    }
    notices
}

/// The history: `events`, and `last_event` in case it is not among them. Only an order that has
/// neither is taken by its deprecated `status`, which tells no more than the phase.
fn entries(order: &payload::Order, context: &mut Context) -> Vec<Entry<OrderStatus>> {
    let events = order.events.as_deref().unwrap_or_default();
    let last = order.last_event.as_ref().filter(|last| !events.contains(last));
    let mut entries = Vec::with_capacity(events.len() + 1);
    for event in events.iter().chain(last) {
        let (status, phase) = words::order_status(&event.status);
        if status == OrderStatus::Unknown {
            context.unknown("events[].status");
        }
        if event.status_detail.as_deref().is_some_and(|text| !words::STATUS_DETAILS.contains(&text))
        {
            context.unknown("events[].status_detail");
        }
        entries.push(Entry {
            at: event.created_at.0,
            provider_event_id: event.id.clone(),
            status,
            provider_status: Some(event.status.clone()),
            phase,
            reason: event.status_detail.clone().map(Phi::new),
            provider_at: None,
        });
    }
    if entries.is_empty()
        && let Some(text) = &order.status
    {
        let (status, phase) = words::order_status(text);
        if status == OrderStatus::Unknown && phase.is_none() {
            context.unknown("status");
        }
        let stated = order.updated_at.or(order.created_at);
        entries.push(Entry {
            at: stated.map_or(context.received_at, |time| time.0),
            provider_event_id: None,
            status,
            provider_status: Some(text.clone()),
            phase,
            reason: None,
            provider_at: None,
        });
    }
    entries
}

fn details(order: payload::Order, context: &mut Context) -> OrderDetails {
    let provider_method = order
        .details
        .as_ref()
        .and_then(|details| details.r#type.clone())
        .or_else(|| order.lab_test.as_ref()?.method.clone());
    let method = provider_method
        .as_deref()
        .map(|word| words::find(words::METHODS, word).unwrap_or(Method::Unknown));
    if method == Some(Method::Unknown) {
        context.unknown("details.type");
    }
    let interpretation =
        order.interpretation.as_deref().map(|text| judgement(text, "interpretation", context));
    let external_id = order.passthrough.as_deref().filter(|text| !text.is_empty());
    let external_id = external_id.and_then(|text| {
        let id = Identifier::new(text);
        if id.is_none() {
            context.unknown("passthrough");
        }
        id
    });
    let expected_by = order.expected_result_by_date.as_deref().and_then(|text| {
        let date = text.parse().ok();
        if date.is_none() {
            context.unknown("expected_result_by_date");
        }
        date
    });
    let transaction =
        transaction(&order.id, order.order_transaction.as_ref(), order.origin.clone(), context);
    let patient = patient(&order, context);
    let sample_kind = order.lab_test.as_ref().and_then(|test| test.sample_type.clone());
    OrderDetails {
        account: order.team_id.or_else(|| context.sender.team_id.clone()),
        external_id,
        method,
        provider_method,
        patient,
        specimens: order.sample_id.map(|id| {
            vec![Specimen { id: Some(Phi::new(id)), kind: sample_kind, ..Specimen::default() }]
        }),
        shipment: order.details.and_then(|details| details.data?.shipment).map(shipment),
        lab: order
            .lab_test
            .as_ref()
            .and_then(|test| test.lab.as_ref())
            .map(|lab| Lab { slug: lab.slug.clone(), name: lab.name.clone() }),
        tests: order.lab_test.map(|test| vec![tests(test)]),
        transaction,
        interpretation,
        missing_results: order.has_missing_results,
        expected_by,
        placed_at: order.created_at.map(|time| time.0),
        ..OrderDetails::default()
    }
}

/// Before a kit is registered Junction sends no patient, and the user is the stock's: nobody.
fn patient(order: &payload::Order, context: &mut Context) -> Option<Phi<Patient>> {
    let details = order.patient_details.as_ref()?;
    let birth_date = details.dob.as_deref().and_then(|text| {
        // The date as written: no time zone may move a birthday.
        let date = text.get(..10).and_then(|date| date.parse().ok());
        if date.is_none() {
            context.unknown("patient_details.dob");
        }
        date
    });
    Some(Phi::new(Patient {
        provider_patient_id: order.user_id.clone().or_else(|| context.sender.user_id.clone()),
        reference: context.sender.client_user_id.clone(),
        first_name: details.first_name.clone(),
        last_name: details.last_name.clone(),
        birth_date,
        gender: details.gender.clone(),
        email: details.email.clone(),
        phone: details.phone_number.clone(),
        address: order.patient_address.as_ref().map(address),
    }))
}

pub(super) fn address(address: &payload::Address) -> Address {
    Address {
        first_line: address.first_line.clone(),
        second_line: address.second_line.clone(),
        city: address.city.clone(),
        state: address.state.clone(),
        postal_code: address.zip.clone().or_else(|| address.zip_code.clone()),
        country: address.country.clone(),
        access_notes: address.access_notes.clone(),
    }
}

fn tests(test: payload::LabTest) -> Test {
    let markers = test.markers.into_iter().flatten().map(|marker| Test {
        id: marker.id,
        slug: marker.slug,
        name: marker.name,
        ..Test::default()
    });
    Test {
        id: test.id,
        slug: test.slug,
        name: test.name,
        quantity: None,
        markers: markers.collect(),
    }
}

fn shipment(shipment: payload::Shipment) -> Shipment {
    Shipment {
        outbound: Parcel {
            courier: shipment.outbound_courier,
            tracking_number: shipment.outbound_tracking_number.map(Phi::new),
            tracking_url: shipment.outbound_tracking_url.map(Phi::new),
        },
        inbound: Parcel {
            courier: shipment.inbound_courier,
            tracking_number: shipment.inbound_tracking_number.map(Phi::new),
            tracking_url: shipment.inbound_tracking_url.map(Phi::new),
        },
    }
}

/// The place of the order `id` in its group. The other orders of the group have webhooks of their
/// own, so nothing is said about them here.
pub(super) fn transaction(
    id: &Identifier,
    group: Option<&OrderTransaction>,
    origin: Option<String>,
    context: &mut Context,
) -> Option<Transaction> {
    let own = group
        .and_then(|group| group.orders.as_ref()?.iter().find(|own| own.id.as_ref() == Some(id)));
    let origin = origin.or_else(|| own?.origin.clone());
    if group.is_none() && origin.is_none() {
        return None;
    }
    let status = group.and_then(|group| group.status.clone());
    let known = |text: &Option<String>, words: &[&str]| {
        text.as_deref().is_none_or(|text| words.contains(&text))
    };
    if !known(&status, words::TRANSACTION_STATUSES) {
        context.unknown("order_transaction.status");
    }
    if !known(&origin, words::ORIGINS) {
        context.unknown("origin");
    }
    Some(Transaction {
        group: group.and_then(|group| group.id.clone()),
        status,
        origin,
        parent: own.and_then(|own| own.parent_id.clone()),
        ..Transaction::default()
    })
}
