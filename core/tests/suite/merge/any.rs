//! Notices as no vendor would send them, out of so few words that they collide all the time.

use jiff::{Timestamp, civil::Date};
use labgate_core::{
    Identifier, Phi,
    merge::Entry,
    model::{
        AppointmentDetails, AppointmentKind, AppointmentStatus, Lab, Method, OrderDetails,
        OrderStatus, Patient, Phase, Test,
    },
    notice::{AppointmentNotice, OrderNotice},
};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};

use crate::words::{id, minute, reason};

pub(super) fn time() -> impl Strategy<Value = Timestamp> {
    (0_i64..4).prop_map(minute)
}

fn identifier() -> impl Strategy<Value = Identifier> {
    select(vec!["9", "10", "evt_9"]).prop_map(id)
}

fn word() -> impl Strategy<Value = String> {
    select(vec!["a", "b"]).prop_map(String::from)
}

fn topic() -> impl Strategy<Value = String> {
    select(vec!["history", "shipment", "result"]).prop_map(String::from)
}

fn entries<S: Clone + std::fmt::Debug>(
    status: impl Strategy<Value = S>,
) -> impl Strategy<Value = Vec<Entry<S>>> {
    let phase = option::of(select(vec![Phase::Received, Phase::AtLab, Phase::Completed]));
    let (word, why) = (option::of(word()), option::of(word()));
    let fields = (time(), option::of(identifier()), status, word, phase, why, option::of(time()));
    let entry = fields.prop_map(|(at, event_id, status, word, phase, why, provider_at)| Entry {
        at,
        provider_event_id: event_id,
        status,
        provider_status: word,
        phase,
        reason: why.map(|text| reason(&text)),
        provider_at,
    });
    vec(entry, 0..4)
}

fn patient() -> impl Strategy<Value = Phi<Patient>> {
    word().prop_map(|name| Phi::new(Patient { first_name: Some(name), ..Patient::default() }))
}

fn order_details() -> impl Strategy<Value = OrderDetails> {
    let method = select(vec![Method::Testkit, Method::WalkIn, Method::Unknown]);
    let tests = vec(word().prop_map(|name| Test { name: Some(name), ..Test::default() }), 0..3);
    (
        option::of(identifier()),
        option::of(method),
        option::of(patient()),
        option::of(word().prop_map(|name| Lab { slug: None, name: Some(name) })),
        option::of(tests),
        option::of(any::<bool>()),
        option::of(Just(Date::constant(2026, 8, 9))),
        option::of(time()),
    )
        .prop_map(
            |(account, method, patient, lab, tests, missing_results, expected_by, placed_at)| {
                let told = OrderDetails {
                    account,
                    method,
                    patient,
                    lab,
                    tests,
                    ..OrderDetails::default()
                };
                OrderDetails { missing_results, expected_by, placed_at, ..told }
            },
        )
}

pub(super) fn order_notice() -> impl Strategy<Value = OrderNotice> {
    let status = select(vec![
        OrderStatus::Unknown,
        OrderStatus::Ordered,
        OrderStatus::KitDelivered,
        OrderStatus::Completed,
        OrderStatus::Cancelled,
    ]);
    (topic(), entries(status), order_details(), time()).prop_map(
        |(topic, entries, details, stated_at)| OrderNotice {
            provider_order_id: id("order-1"),
            aliases: Vec::new(),
            topic,
            entries,
            details,
            stated_at,
        },
    )
}

pub(super) fn appointment_notice() -> impl Strategy<Value = AppointmentNotice> {
    use AppointmentStatus::{Cancelled, Completed, Scheduled, Unknown};
    let status = select(vec![Unknown, Scheduled, Completed, Cancelled]);
    let kind = select(vec![AppointmentKind::Phlebotomy, AppointmentKind::Unknown]);
    let details = (
        identifier(),
        option::of(kind),
        option::of(time()),
        option::of(word()),
        option::of(any::<bool>()),
    );
    (topic(), entries(status), details, time()).prop_map(
        |(topic, entries, (order, kind, starts_at, time_zone, rescheduled), stated_at)| {
            let provider_order_id = Some(order.clone());
            let details = AppointmentDetails { provider_order_id, kind, ..Default::default() };
            AppointmentNotice {
                provider_appointment_id: id("appointment-1"),
                provider_order_id: order,
                topic,
                entries,
                details: AppointmentDetails { starts_at, time_zone, rescheduled, ..details },
                stated_at,
            }
        },
    )
}

/// Some notices as they were sent, and the same as they arrive: in any order, any of them again.
pub(super) fn arrivals<N: Clone + std::fmt::Debug>(
    notice: impl Strategy<Value = N>,
) -> impl Strategy<Value = (Vec<N>, Vec<N>)> {
    (vec(notice, 1..9), vec(any::<Index>(), 0..5)).prop_flat_map(|(sent, again)| {
        let mut arrived = sent.clone();
        arrived.extend(again.iter().map(|index| index.get(&sent).clone()));
        (Just(sent), Just(arrived).prop_shuffle())
    })
}
