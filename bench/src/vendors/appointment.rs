//! An appointment for an order at Junction.

use std::sync::LazyLock;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use uuid::Uuid;

use super::{
    draw::{self, HOUR},
    order::Order,
    template::Template,
};

/// What an appointment goes through: the words of its `event_status`, and of its `status`.
const STATUSES: [(&str, &str); 5] = [
    ("pending", "pending"),
    ("reserved", "reserved"),
    ("scheduled", "confirmed"),
    ("in_progress", "in_progress"),
    ("completed", "completed"),
];

/// Appends the webhook of team `team` that tells of the first `told` statuses, or of all.
pub(super) fn write(order: &Order, team: Uuid, told: usize, body: &mut String) {
    static APPOINTMENT: LazyLock<Template> =
        LazyLock::new(|| Template::parse(include_str!("../../bodies/appointment.json")));
    let told = told.min(STATUSES.len());
    let (event_status, status) = STATUSES[told - 1];
    let mut rng = StdRng::seed_from_u64(order.appointment.as_u64_pair().0);
    let starts_at = order.at(0) + HOUR * rng.random_range(48..400);
    let place: [u16; 2] = rng.random();
    APPOINTMENT.fill(body, |gap, body| match gap {
        "event_type" => body.push_str(match told {
            1 => "labtest.appointment.created",
            _ => "labtest.appointment.updated",
        }),
        "team_id" => draw::write(body, team),
        "appointment_id" => draw::write(body, order.appointment),
        "order_id" => draw::write(body, order.id),
        "transaction_id" => draw::write(body, order.transaction),
        "start_at" => draw::write_time(body, starts_at),
        "end_at" => draw::write_time(body, starts_at + HOUR / 3),
        "status" => body.push_str(status),
        "event_status" => body.push_str(event_status),
        "provider_id" => draw::write(body, format_args!("{:08x}", order.appointment.as_fields().0)),
        "longitude" => draw::write(body, format_args!("-97.{:05}", place[0])),
        "latitude" => draw::write(body, format_args!("30.{:05}", place[1])),
        "events" => {
            body.push('[');
            for (step, (event_status, _)) in (0..).zip(&STATUSES[..told]) {
                body.push_str(if step == 0 { "" } else { "," });
                body.push_str("{\"created_at\":\"");
                draw::write_time(body, order.at(0) + HOUR * (1 + 7 * step));
                draw::write(body, format_args!("\",\"status\":\"{event_status}\",\"data\":null}}"));
            }
            body.push(']');
        }
        gap => assert!(order.patient.fill(gap, body), "nothing fills the gap {gap}"),
    });
}
