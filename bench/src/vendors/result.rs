//! A result of an order at Junction.

use std::sync::LazyLock;

use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _};
use uuid::Uuid;

use super::{
    draw::{self, HOUR},
    markers::{MARKERS, Marker},
    order::Order,
    template::Template,
};

/// Markers of a result.
pub(super) const MEASURED: usize = 30;

/// Appends a result of `order`, which `rng` draws, as the team `team` gets it.
pub(super) fn write(order: &Order, team: Uuid, rng: &mut StdRng, body: &mut String) {
    static RESULT: LazyLock<Template> =
        LazyLock::new(|| Template::parse(include_str!("../../bodies/result.json")));
    let reported_at = order.at(order.statuses() - 1) + rng.random_range(0..200 * HOUR);
    let is_final = rng.random_bool(0.7);
    RESULT.fill(body, |gap, body| match gap {
        "team_id" => draw::write(body, team),
        "order_id" => draw::write(body, order.id),
        "sample_id" => body.push_str(&order.sample),
        "status" => body.push_str(if is_final { "final" } else { "partial" }),
        "interpretation" => body.push_str(if rng.random() { "normal" } else { "abnormal" }),
        "collected_at" => draw::write_time(body, order.at(0) + 20 * HOUR),
        "reported_at" => draw::write_time(body, reported_at),
        "marker_count" => draw::write(body, MEASURED),
        "markers" => {
            body.push('[');
            for (place, marker) in MARKERS.sample(rng, MEASURED).enumerate() {
                body.push_str(if place == 0 { "" } else { "," });
                let value = value(marker, rng);
                measured(order, marker, value, reported_at, body);
            }
            body.push(']');
        }
        gap => assert!(order.patient.fill(gap, body), "nothing fills the gap {gap}"),
    });
}

/// Mostly within the range, which every third value leaves by up to half its width.
fn value(marker: &Marker, rng: &mut StdRng) -> f64 {
    let width = marker.high - marker.low;
    let stray = if rng.random_bool(0.33) { 0.5 } else { 0.0 };
    let value = marker.low + width * rng.random_range(-stray..1.0 + stray);
    let scale = 10_f64.powi(i32::try_from(marker.digits).expect("digits are few"));
    (value.max(0.0) * scale).round() / scale
}

fn measured(order: &Order, marker: &Marker, value: f64, at: i64, body: &mut String) {
    static MARKER: LazyLock<Template> =
        LazyLock::new(|| Template::parse(include_str!("../../bodies/marker.json")));
    let digits = marker.digits;
    let (above, below) = (value > marker.high, value < marker.low);
    MARKER.fill(body, |gap, body| match gap {
        "name" => body.push_str(marker.name),
        "slug" => body.push_str(marker.slug),
        "unit" => body.push_str(marker.unit),
        "loinc" => body.push_str(marker.loinc),
        "value" => draw::write(body, format_args!("{value:.digits$}")),
        "low" => draw::write(body, format_args!("{:.digits$}", marker.low)),
        "high" => draw::write(body, format_args!("{:.digits$}", marker.high)),
        "above" => draw::write(body, above),
        "below" => draw::write(body, below),
        "interpretation" => body.push_str(match (above, below) {
            (true, _) => "high",
            (_, true) => "low",
            (false, false) => "normal",
        }),
        "timestamp" => draw::write_time(body, at),
        "provider_id" => draw::write(body, format_args!("{}00", marker.loinc.replace('-', ""))),
        "sample_id" => body.push_str(&order.sample),
        gap => unreachable!("nothing fills the gap {gap}"),
    });
}
