//! Every status of an order that Junction documents, row by row, and what becomes of one that it
//! does not.

use labgate_core::{
    Notice,
    model::{
        OrderStatus::{
            self, AppointmentCancelled, AppointmentPending, AppointmentScheduled, AtLab,
            AwaitingRegistration, Blocked, Cancelled, Completed, Corrected, Failed, KitDelayed,
            KitDelivered, KitInTransit, Ordered, PartialResults, RedrawNeeded, Registered,
            RequisitionReady, SampleCollected, SampleDelayed, SampleInTransit, Unknown,
        },
        Phase,
    },
};
use serde_json::{Value, json};

use crate::subject::{body, read, read_order};

/// OpenAPI `OrderStatus`: 54 values.
const ORDER_STATUSES: &[(&str, OrderStatus)] = &[
    ("received.walk_in_test.ordered", Ordered),
    ("received.walk_in_test.requisition_created", RequisitionReady),
    ("received.walk_in_test.requisition_bypassed", RequisitionReady),
    ("collecting_sample.walk_in_test.appointment_pending", AppointmentPending),
    ("collecting_sample.walk_in_test.appointment_scheduled", AppointmentScheduled),
    ("collecting_sample.walk_in_test.appointment_cancelled", AppointmentCancelled),
    ("collecting_sample.walk_in_test.redraw_available", RedrawNeeded),
    ("sample_with_lab.walk_in_test.partial_results", PartialResults),
    ("completed.walk_in_test.completed", Completed),
    ("completed.walk_in_test.corrected", Corrected),
    ("failed.walk_in_test.sample_error", Failed),
    ("cancelled.walk_in_test.cancelled", Cancelled),
    ("received.at_home_phlebotomy.ordered", Ordered),
    ("received.at_home_phlebotomy.requisition_created", RequisitionReady),
    ("received.at_home_phlebotomy.requisition_bypassed", RequisitionReady),
    ("collecting_sample.at_home_phlebotomy.appointment_pending", AppointmentPending),
    ("collecting_sample.at_home_phlebotomy.appointment_scheduled", AppointmentScheduled),
    ("collecting_sample.at_home_phlebotomy.draw_completed", SampleCollected),
    ("collecting_sample.at_home_phlebotomy.appointment_cancelled", AppointmentCancelled),
    ("sample_with_lab.at_home_phlebotomy.partial_results", PartialResults),
    ("completed.at_home_phlebotomy.completed", Completed),
    ("completed.at_home_phlebotomy.corrected", Corrected),
    ("failed.at_home_phlebotomy.sample_error", Failed),
    ("cancelled.at_home_phlebotomy.cancelled", Cancelled),
    ("received.testkit.ordered", Ordered),
    ("received.testkit.awaiting_registration", AwaitingRegistration),
    ("received.testkit.requisition_created", RequisitionReady),
    ("received.testkit.requisition_bypassed", RequisitionReady),
    ("received.testkit.registered", Registered),
    ("collecting_sample.testkit.transit_customer", KitInTransit),
    ("collecting_sample.testkit.out_for_delivery", KitInTransit),
    ("collecting_sample.testkit.with_customer", KitDelivered),
    ("collecting_sample.testkit.transit_lab", SampleInTransit),
    ("collecting_sample.testkit.problem_in_transit_customer", KitDelayed),
    ("collecting_sample.testkit.problem_in_transit_lab", SampleDelayed),
    ("sample_with_lab.testkit.delivered_to_lab", AtLab),
    ("sample_with_lab.testkit.lab_processing_blocked", Blocked),
    ("completed.testkit.completed", Completed),
    ("completed.testkit.corrected", Corrected),
    ("failed.testkit.failure_to_deliver_to_customer", Failed),
    ("failed.testkit.failure_to_deliver_to_lab", Failed),
    ("failed.testkit.sample_error", Failed),
    ("failed.testkit.lost", Failed),
    ("cancelled.testkit.cancelled", Cancelled),
    ("cancelled.testkit.do_not_process", Cancelled),
    ("received.on_site_collection.ordered", Ordered),
    ("received.on_site_collection.requisition_created", RequisitionReady),
    ("received.on_site_collection.requisition_bypassed", RequisitionReady),
    ("sample_with_lab.on_site_collection.draw_completed", SampleCollected),
    ("sample_with_lab.on_site_collection.partial_results", PartialResults),
    ("completed.on_site_collection.completed", Completed),
    ("completed.on_site_collection.corrected", Corrected),
    ("failed.on_site_collection.sample_error", Failed),
    ("cancelled.on_site_collection.cancelled", Cancelled),
];

/// What only the guides and older schemas write.
const GUIDE_STATUSES: &[(&str, OrderStatus)] = &[
    ("received.testkit.testkit_registered", Registered),
    ("collecting_sample.on_site_collection.draw_completed", SampleCollected),
    ("completed.walk_in_test.order_completed", Completed),
    ("sample_with_lab.walk_in_test.partial", PartialResults),
];

/// OpenAPI `OrderLowLevelStatus`: 27 values.
const LOW_LEVEL_STATUSES: &[(&str, OrderStatus)] = &[
    ("ordered", Ordered),
    ("requisition_created", RequisitionReady),
    ("requisition_bypassed", RequisitionReady),
    ("transit_customer", KitInTransit),
    ("out_for_delivery", KitInTransit),
    ("with_customer", KitDelivered),
    ("transit_lab", SampleInTransit),
    ("delivered_to_lab", AtLab),
    ("completed", Completed),
    ("failure_to_deliver_to_lab", Failed),
    ("failure_to_deliver_to_customer", Failed),
    ("problem_in_transit_lab", SampleDelayed),
    ("problem_in_transit_customer", KitDelayed),
    ("sample_error", Failed),
    ("appointment_scheduled", AppointmentScheduled),
    ("appointment_cancelled", AppointmentCancelled),
    ("appointment_pending", AppointmentPending),
    ("draw_completed", SampleCollected),
    ("cancelled", Cancelled),
    ("lost", Failed),
    ("do_not_process", Cancelled),
    ("partial_results", PartialResults),
    ("awaiting_registration", AwaitingRegistration),
    ("registered", Registered),
    ("redraw_available", RedrawNeeded),
    ("corrected", Corrected),
    ("lab_processing_blocked", Blocked),
];

#[test]
fn every_order_status_has_its_row() {
    assert_eq!((ORDER_STATUSES.len(), LOW_LEVEL_STATUSES.len()), (54, 27));
    for (text, expected) in [ORDER_STATUSES, GUIDE_STATUSES, LOW_LEVEL_STATUSES].concat() {
        let told = read(&with_status(text, None));
        let order = read_order(&with_status(text, None));
        assert_eq!(order.entries[0].status, expected, "{text}");
        assert_eq!(order.entries[0].provider_status.as_deref(), Some(text));
        assert!(told.drift.is_empty(), "{text} counts as unknown");
        let fetched = told.notices.iter().any(|notice| matches!(notice, Notice::Fetch(_)));
        assert_eq!(fetched, expected.has_results(), "{text}");
    }
}

#[test]
fn a_status_that_nobody_knows_tells_its_phase_and_is_counted() {
    check_unknown_status("received.walk_in_test.dreamt", Some(Phase::Received));
    check_unknown_status("collecting_sample.drone.landed", Some(Phase::Collecting));
    check_unknown_status("sample_with_lab.walk_in_test.queued", Some(Phase::AtLab));
    check_unknown_status("completed.walk_in_test.archived", Some(Phase::Completed));
    check_unknown_status("cancelled.walk_in_test.refunded", Some(Phase::Cancelled));
    check_unknown_status("failed.testkit.eaten_by_dog", Some(Phase::Failed));
    check_unknown_status("archived.walk_in_test.purged", None);
    check_unknown_status("received.walk_in_test.ORDERED", Some(Phase::Received));
    check_unknown_status("...", None);
    check_unknown_status("", None);
}

#[test]
fn an_order_without_events_is_taken_by_its_high_level_status() {
    for (text, status, phase) in [
        ("received", Unknown, Some(Phase::Received)),
        ("collecting_sample", Unknown, Some(Phase::Collecting)),
        ("sample_with_lab", Unknown, Some(Phase::AtLab)),
        ("completed", Completed, None),
        ("cancelled", Cancelled, None),
        ("failed", Failed, None),
        ("archived", Unknown, None),
    ] {
        let mut body = body(COMPLETED);
        body["data"]["status"] = json!(text);
        body["data"]["events"] = json!([]);
        body["data"].as_object_mut().unwrap().remove("last_event");
        let entry = &read_order(&body).entries[0];
        assert_eq!((entry.status, entry.phase), (status, phase), "{text}");
        assert_eq!(read(&body).drift.contains("data.status"), text == "archived", "{text}");
    }
}

#[test]
fn every_status_detail_is_a_reason() {
    for detail in [
        "fulfillment_error",
        "date_of_collection_unspecified",
        "demographic_information_unspecified",
        "demographic_information_mismatch",
        "sample_quantity_not_sufficient",
        "sample_contaminated",
        "sample_stability_exceeded",
        "sample_hemolyzed",
        "sample_improper_collection",
    ] {
        check_detail(detail, &[]);
    }
    check_detail("sample_evaporated", &["data.events[].status_detail"]);
}

const COMPLETED: &str = "order-walkin-07-completed";

fn with_status(status: &str, detail: Option<&str>) -> Value {
    let mut body = body(COMPLETED);
    let event = json!({
        "id": 1,
        "created_at": "2026-08-01T00:00:00Z",
        "status": status,
        "status_detail": detail,
    });
    body["data"]["events"] = json!([event]);
    body["data"]["last_event"] = event;
    body
}

fn check_unknown_status(text: &str, phase: Option<Phase>) {
    let body = with_status(text, None);
    let entry = &read_order(&body).entries[0];
    assert_eq!((entry.status, entry.phase), (Unknown, phase), "{text}");
    assert_eq!(entry.provider_status.as_deref(), Some(text));
    assert_eq!(Vec::from_iter(read(&body).drift), ["data.events[].status"], "{text}");
}

fn check_detail(detail: &str, drift: &[&str]) {
    let body = with_status("failed.testkit.sample_error", Some(detail));
    let entries = read_order(&body).entries;
    assert_eq!(entries.len(), 1, "the last event stands among the events");
    assert_eq!(entries[0].reason.as_ref().unwrap().expose(), detail);
    assert_eq!(Vec::from_iter(read(&body).drift), drift);
}
