//! Both vocabularies, row by row.

use labgate_core::{
    Notice,
    model::OrderStatus::{
        self, AtLab, Blocked, Cancelled, Completed, Failed, KitDelayed, KitDelivered, Ordered,
        PartialResults, Registered, Unknown,
    },
};
use labgate_testkit::json;

use crate::subject::{body, order, told};

#[test]
fn every_status_of_an_order_has_its_word() {
    check_order("order.payment_processing", Ordered);
    check_order("order.payment_complete", Ordered);
    check_order("order.payment_failed", Failed);
    check_order("order.processing", Ordered);
    check_order("order.delayed", KitDelayed);
    check_order("order.delivery_fulfilled", KitDelivered);
    check_order("order.completed", KitDelivered);
    check_order("order.cancelled", Cancelled);
}

#[test]
fn every_status_of_results_has_its_word() {
    check_item("results.awaiting_sample", Ordered);
    check_item("results.kit_activated", Registered);
    check_item("results.sample_processing_in_lab", AtLab);
    check_item("results.sample_rejected", Failed);
    check_item("results.lab_processing_error", Blocked);
    check_item("results.partial_results_ready", PartialResults);
    check_item("results.results_ready", Completed);
}

#[test]
fn a_status_that_nobody_knows_is_kept_and_counted() {
    for word in ["", "order.returned", "ORDER.CANCELLED", "cancelled", "results.results_ready"] {
        check_order(word, Unknown);
    }
    for word in ["", "results.lost", "results_ready", "order.cancelled"] {
        check_item(word, Unknown);
    }
}

#[test]
fn an_escalation_alarms_and_is_no_status() {
    for (level, alarms, drifts) in [
        (json!("not_escalated"), false, false),
        (json!("very_low"), true, false),
        (json!("low"), true, false),
        (json!("medium"), true, false),
        (json!("high"), true, false),
        (json!("very_high"), true, false),
        (json!("catastrophic"), true, true),
        (json!(null), true, false),
        (json!(3), true, true),
    ] {
        let mut body = body("results-escalation-raised");
        body["data"]["escalation_level"] = level.clone();
        let notices = told(&body);
        assert_eq!(order(&notices).entries, [], "{level}");
        let report = notices.notices.iter().find_map(|notice| match notice {
            Notice::Report(report) => Some(report),
            Notice::Order(_) | Notice::Appointment(_) | Notice::Fetch(_) => None,
        });
        assert_eq!(report.is_some(), alarms, "{level}");
        assert!(report.is_none_or(|report| report.is_critical() && report.is_pointer()));
        let notes = report.map(|report| report.notes.iter().map(|note| note.expose().as_str()));
        let told =
            level.as_str().filter(|_| alarms).map(|level| format!("escalation level: {level}"));
        assert!(notes.into_iter().flatten().eq(told.iter()), "{level}");
        assert_eq!(!notices.drift.is_empty(), drifts, "{level}");
        assert!(fetches(&notices.notices), "{level}");
    }
}

fn check_order(word: &str, expected: OrderStatus) {
    let mut body = body("order-processing");
    body["data"]["status"] = word.into();
    check(&body, word, expected, "data.status");
}

/// And where there are results, they are fetched.
fn check_item(word: &str, expected: OrderStatus) {
    let mut body = body("results-kit-activated");
    body["data"]["results_status"] = word.into();
    check(&body, word, expected, "data.results_status");
    assert_eq!(fetches(&told(&body).notices), expected.has_results(), "{word}");
}

fn check(body: &serde_json::Value, word: &str, expected: OrderStatus, place: &str) {
    let notices = told(body);
    let [entry] = order(&notices).entries.as_slice() else { panic!("{word}: one status") };
    assert_eq!((entry.status, entry.provider_status.as_deref()), (expected, Some(word)));
    let drift: &[&str] = if expected == Unknown { &[place] } else { &[] };
    assert_eq!(Vec::from_iter(&notices.drift), drift, "{word}");
}

fn fetches(notices: &[Notice]) -> bool {
    notices.iter().any(|notice| matches!(notice, Notice::Fetch(_)))
}
