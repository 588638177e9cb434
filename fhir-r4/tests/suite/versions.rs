//! A report is as new as the newest of its parts, in any order of arrival.

use jiff::{SignedDuration, Timestamp};
use labgate_core::{
    merge::{FiledReport, versions},
    model::{Source, order_id},
};
use serde_json::{Value, json};

use super::{ARRIVED, bundle, drift, observation, orders, report, reports, said, time, with};

const EARLY: &str = "2026-03-05T10:00:00Z";
const LATE: &str = "2026-03-07T12:00:00Z";

/// The first value of the newest version after `bodies` came in this order, a minute apart.
fn latest(bodies: &[&Value]) -> String {
    let order = order_id("fhir", "o1");
    let mut filed = Vec::new();
    for (body, minutes) in bodies.iter().zip(1..) {
        let at: Timestamp = time(ARRIVED) + SignedDuration::from_mins(minutes);
        let notices = said(body);
        let reports = reports(&notices).into_iter().cloned();
        filed.extend(reports.map(|it| FiledReport::new(order, Source { webhook: order }, at, it)));
    }
    let newest = versions(order, &filed).pop().unwrap();
    serde_json::to_value(&newest.observations[0].value).unwrap()["value"].as_str().unwrap().into()
}

/// In both orders of arrival `new` is the latest.
fn check(old: &Value, new: &Value) {
    assert_eq!(latest(&[old, new]), "4.1");
    assert_eq!(latest(&[new, old]), "4.1");
    assert_eq!(latest(&[old, new, old]), "4.1");
}

fn value(value: f64, more: Value) -> Value {
    with(json!({ "valueQuantity": { "value": value, "unit": "mmol/L" } }), more)
}

fn updated(at: &str) -> Value {
    json!({ "meta": { "lastUpdated": at } })
}

#[test]
fn a_corrected_value_makes_the_report_new() {
    let of = |number: f64, times: Value| {
        let results = json!({ "result": [{ "reference": "Observation/x1" }] });
        let found = observation("x1", value(number, times));
        bundle(&[report(with(results, updated(EARLY))), found])
    };
    check(&of(7.9, updated(EARLY)), &of(4.1, updated(LATE)));
    check(&of(7.9, json!({})), &of(4.1, json!({ "issued": LATE })));
    check(&of(7.9, json!({ "issued": EARLY })), &of(4.1, updated(LATE)));
    let new = said(&of(4.1, updated(LATE)));
    assert_eq!(reports(&new)[0].reported_at, time(LATE));
    assert_eq!(orders(&new)[0].stated_at, time(LATE));
}

#[test]
fn what_a_report_contains_makes_it_new() {
    let of = |number: f64, issued: &str| {
        let found = observation("x1", value(number, json!({ "issued": issued })));
        report(json!({ "contained": [found], "result": [{ "reference": "#x1" }] }))
    };
    check(&of(7.9, EARLY), &of(4.1, LATE));
}

#[test]
fn a_member_of_a_panel_makes_the_report_new() {
    let of = |number: f64, at: &str| {
        let members = json!({ "hasMember": [{ "reference": "Observation/x1" }] });
        let members = with(members, json!({ "valueQuantity": null }));
        bundle(&[
            report(json!({ "result": [{ "reference": "Observation/panel" }] })),
            observation("panel", members),
            observation("x1", value(number, updated(at))),
        ])
    };
    check(&of(7.9, EARLY), &of(4.1, LATE));
}

#[test]
fn a_sample_makes_the_report_new() {
    let of = |number: f64, at: &str| {
        let sample = json!({ "specimen": { "reference": "Specimen/s1" } });
        bundle(&[
            report(json!({ "result": [{ "reference": "Observation/x1" }] })),
            observation("x1", value(number, sample)),
            with(json!({ "resourceType": "Specimen", "id": "s1" }), updated(at)),
        ])
    };
    check(&of(7.9, EARLY), &of(4.1, LATE));
}

#[test]
fn a_loose_panel_is_as_new_as_its_members() {
    let of = |number: f64, at: &str| {
        let panel = json!({
            "hasMember": [{ "reference": "Observation/x1" }], "valueQuantity": null,
            "basedOn": [{ "reference": "ServiceRequest/o1" }],
        });
        bundle(&[observation("panel", panel), observation("x1", value(number, updated(at)))])
    };
    check(&of(7.9, EARLY), &of(4.1, LATE));
}

#[test]
fn what_does_not_belong_to_a_report_makes_nothing_new() {
    let of = |number: f64, at: &str, others_at: &str| {
        let results = json!({
            "result": [{ "reference": "Observation/x1" }],
            "subject": { "reference": "Patient/p1" },
            "performer": [{ "reference": "Organization/l1" }],
        });
        let other = |kind: &str, id: &str| {
            with(json!({ "resourceType": kind, "id": id }), updated(others_at))
        };
        bundle(&[
            report(results),
            observation("x1", value(number, updated(at))),
            with(observation("pulse", json!({})), updated(others_at)),
            other("Patient", "p1"),
            other("Organization", "l1"),
            other("Specimen", "s9"),
            other("ServiceRequest", "o1"),
        ])
    };
    check(&of(7.9, EARLY, "2026-03-09T00:00:00Z"), &of(4.1, LATE, EARLY));
}

#[test]
fn a_time_of_the_future_orders_nothing() {
    let future = "9998-12-30T00:00:00Z";
    let of = |number: f64, times: Value, observation_times: Value| {
        let results = json!({ "result": [{ "reference": "Observation/x1" }] });
        let found = observation("x1", value(number, observation_times));
        bundle(&[report(with(results, times)), found])
    };
    let issued = |at: &str| json!({ "issued": at });
    let ahead = with(issued(future), updated(EARLY));
    check(&of(7.9, ahead, json!({})), &of(4.1, issued(LATE), json!({})));
    let ahead = of(7.9, issued(EARLY), updated(future));
    check(&ahead, &of(4.1, issued(LATE), updated(LATE)));

    let notices = said(&ahead);
    let told = reports(&notices)[0];
    assert_eq!(told.reported_at, time(EARLY));
    assert_eq!(told.provider_reported_at, Some(time(future)));
    assert_eq!(drift(&notices), ["meta.lastUpdated"]);
    // Without any other time the arrival's orders it.
    let notices = said(&of(7.9, issued(future), json!({})));
    assert_eq!(reports(&notices)[0].reported_at, time(ARRIVED));
    assert_eq!(drift(&notices), ["DiagnosticReport.issued"]);
    // A clock may be ahead.
    let notices = said(&of(7.9, issued("2026-11-22T12:00:00Z"), json!({})));
    assert_eq!(reports(&notices)[0].reported_at, time("2026-11-22T12:00:00Z"));
    assert!(drift(&notices).is_empty());
}
