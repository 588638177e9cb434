//! The table of statuses: their words, and the phase that each belongs to.

use labgate_core::model::OrderStatus::{self, *};

fn check(status: OrderStatus, word: &str, phase: Option<&str>) {
    assert_eq!(serde_json::to_value(status).unwrap(), word);
    assert_eq!(serde_json::from_value::<OrderStatus>(word.into()).unwrap(), status);
    let found = status.phase().map(|phase| serde_json::to_value(phase).unwrap());
    assert_eq!(found, phase.map(Into::into), "{word}");
}

#[test]
fn every_status_has_its_word_and_its_phase() {
    check(Unknown, "unknown", None);
    check(Recommended, "recommended", Some("received"));
    check(Ordered, "ordered", Some("received"));
    check(AwaitingRegistration, "awaiting_registration", Some("received"));
    check(Registered, "registered", Some("received"));
    check(RequisitionReady, "requisition_ready", Some("received"));
    check(AppointmentPending, "appointment_pending", Some("collecting"));
    check(AppointmentScheduled, "appointment_scheduled", Some("collecting"));
    check(AppointmentCancelled, "appointment_cancelled", Some("collecting"));
    check(KitInTransit, "kit_in_transit", Some("collecting"));
    check(KitDelayed, "kit_delayed", Some("collecting"));
    check(KitDelivered, "kit_delivered", Some("collecting"));
    check(SampleCollected, "sample_collected", Some("collecting"));
    check(SampleInTransit, "sample_in_transit", Some("collecting"));
    check(SampleDelayed, "sample_delayed", Some("collecting"));
    check(AtLab, "at_lab", Some("at_lab"));
    check(Blocked, "blocked", Some("at_lab"));
    check(PartialResults, "partial_results", Some("at_lab"));
    check(RedrawNeeded, "redraw_needed", Some("collecting"));
    check(Completed, "completed", Some("completed"));
    check(Corrected, "corrected", Some("completed"));
    check(Cancelled, "cancelled", Some("cancelled"));
    check(Failed, "failed", Some("failed"));
}
