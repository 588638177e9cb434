//! Fullscript's events: an order placed at the store, and a lab order that moves on.

use std::sync::LazyLock;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use uuid::Uuid;

use super::{
    draw::{self, HOUR},
    person::Person,
    template::Template,
};

/// What a lab order goes through.
const STATUSES: [&str; 6] = [
    "not_purchased",
    "purchased",
    "upcoming_appointment",
    "processing",
    "results_received",
    "all_results_received",
];

/// Appends the event `id` of clinic `clinic`: the lab order `number` has come to its status at
/// `step`, or to its last.
pub(super) fn lab_order(clinic: Uuid, id: Uuid, number: u64, step: usize, body: &mut String) {
    static LAB_ORDER: LazyLock<Template> =
        LazyLock::new(|| Template::parse(include_str!("../../bodies/lab_order.json")));
    let mut rng = StdRng::seed_from_u64(number);
    let patient = Person::draw(&mut rng);
    let (order, practitioner) = (draw::uuid(&mut rng), draw::uuid(&mut rng));
    let mut at = draw::time(&mut rng);
    for _ in 0..step {
        at += rng.random_range(HOUR..40 * HOUR);
    }
    LAB_ORDER.fill(body, |gap, body| match gap {
        "event_id" => draw::write(body, id),
        "clinic_id" => draw::write(body, clinic),
        "created_at" => draw::write_time(body, at),
        "order_id" => draw::write(body, order),
        "practitioner_id" => draw::write(body, practitioner),
        "status" => body.push_str(STATUSES[step.min(STATUSES.len() - 1)]),
        gap => assert!(patient.fill(gap, body), "nothing fills the gap {gap}"),
    });
}

/// Appends the event `id` of clinic `clinic`: a patient has bought a lab.
pub(super) fn order_placed(clinic: Uuid, id: Uuid, rng: &mut StdRng, body: &mut String) {
    static PLACED: LazyLock<Template> =
        LazyLock::new(|| Template::parse(include_str!("../../bodies/order_placed.json")));
    let at = draw::time(rng);
    PLACED.fill(body, |gap, body| match gap {
        "event_id" => draw::write(body, id),
        "clinic_id" => draw::write(body, clinic),
        "created_at" => draw::write_time(body, at),
        "number" => draw::write(body, format_args!("R{:09}", rng.random_range(0..1_000_000_000))),
        "order_id" | "plan_id" | "patient_id" | "variant_id" => draw::write(body, draw::uuid(rng)),
        gap => unreachable!("nothing fills the gap {gap}"),
    });
}
