//! `lab_order.updated`: every state under both names, every envelope, and a life.

use labgate_core::{
    Notice,
    model::{
        OrderStatus::{
            self, AppointmentPending, AppointmentScheduled, AtLab, Completed, Corrected, Ordered,
            PartialResults, Recommended, Unknown,
        },
        Phase,
    },
};
use labgate_testkit::{convergence, goldens};
use serde_json::json;

use crate::subject::{FULLSCRIPT, body, order, read};

#[test]
fn every_state_has_its_status() {
    check_state("not_purchased", Recommended);
    check_state("purchased", Ordered);
    check_state("schedule_appointment", AppointmentPending);
    check_state("upcoming_appointment", AppointmentScheduled);
    check_state("processing", AtLab);
    check_state("results_received", PartialResults);
    check_state("partial_results", PartialResults);
    check_state("all_results_received", Completed);
    check_state("results_ready", Completed);
    check_state("interpretation_ready", Completed);
    check_state("interpretation_shared", Completed);
    check_state("results_amended", Corrected);
}

#[test]
fn a_state_that_nobody_knows_is_kept_and_counted() {
    for state in ["refunded", "", "ALL_RESULTS_RECEIVED"] {
        check_state(state, Unknown);
        let drift = read(&with_state("status", state)).drift;
        assert_eq!(Vec::from_iter(drift), ["event_payload.event.data.lab_order.status"]);
    }
}

#[test]
fn an_order_without_a_state_is_unknown() {
    let mut body = body(COMPLETED);
    body["event_payload"]["event"]["data"]["lab_order"]["status"] = json!(null);
    assert_eq!(order(&read(&body)).entries[0].status, Unknown);
}

#[test]
fn both_names_at_once_are_no_contradiction() {
    let mut body = with_state("status", "results_received");
    body["event_payload"]["event"]["data"]["lab_order"]["state"] = json!("partial_results");
    let notices = read(&body);
    assert_eq!(order(&notices).entries[0].status, PartialResults);
    assert_eq!(order(&notices).entries[0].provider_status.as_deref(), Some("results_received"));
}

#[test]
fn every_envelope_says_the_same() {
    let expected = read(&body(COMPLETED)).notices;
    for envelope in ["lab_order.updated.envelope-event", "lab_order.updated.envelope-bare"] {
        assert_eq!(read(&body(envelope)).notices, expected, "{envelope}");
    }
}

#[test]
fn a_life_ends_amended_whatever_comes_late() {
    let life = [
        "lab_order.updated.results_received",
        "lab_order.updated.all_results_received",
        "lab_order.updated.results_amended",
    ];
    let order = convergence::never_moves_back(&FULLSCRIPT, &life).order(LAB_ORDER);
    assert_eq!((order.status, order.phase), (Corrected, Phase::Completed));
    assert_eq!(order.timeline.len(), 3);
}

#[test]
fn the_same_event_in_three_envelopes_is_one_entry() {
    let one = [COMPLETED, "lab_order.updated.envelope-event", "lab_order.updated.envelope-bare"];
    let order = convergence::of(&FULLSCRIPT, &one).order(LAB_ORDER);
    assert_eq!(order.timeline.len(), 1);
    assert_eq!(order.status, Completed);
}

#[test]
fn everything_together_converges() {
    let all = goldens::all(&FULLSCRIPT);
    let names: Vec<_> = all.iter().map(|golden| golden.name.as_str()).collect();
    convergence::of(&FULLSCRIPT, &names);
}

const COMPLETED: &str = "lab_order.updated.all_results_received";
const LAB_ORDER: &str = "10000000-0000-4000-8000-000000000001";

/// Under the webhook's name for the field and the API's, with the vendor's word kept; and where
/// there are results, they are fetched.
fn check_state(state: &str, expected: OrderStatus) {
    for key in ["status", "state"] {
        let notices = read(&with_state(key, state));
        let entry = &order(&notices).entries[0];
        assert_eq!(entry.status, expected, "{key}: {state}");
        assert_eq!(entry.provider_status.as_deref(), Some(state));
        let fetched = notices.notices.iter().any(|notice| matches!(notice, Notice::Fetch(_)));
        assert_eq!(fetched, expected.has_results(), "{state}");
    }
}

fn with_state(key: &str, state: &str) -> serde_json::Value {
    let mut body = body(COMPLETED);
    let order = body["event_payload"]["event"]["data"]["lab_order"].as_object_mut().unwrap();
    order.remove("status");
    order.insert(key.into(), state.into());
    body
}
