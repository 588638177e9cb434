//! The other words that Junction documents, row by row, and what becomes of those that it does
//! not.

use labgate_core::{
    Notice,
    model::{AppointmentKind, AppointmentStatus, Method},
    notice::AppointmentNotice,
};
use serde_json::{Value, json};

use crate::subject::{body, read, read_order};

#[test]
fn every_method_has_its_row() {
    for (text, expected) in [
        ("testkit", Method::Testkit),
        ("walk_in_test", Method::WalkIn),
        ("at_home_phlebotomy", Method::AtHomePhlebotomy),
        ("on_site_collection", Method::OnSite),
        ("by_drone", Method::Unknown),
    ] {
        let mut told = body("order-walkin-07-completed");
        told["data"]["details"]["type"] = json!(text);
        let mut test_only = body("order-walkin-07-completed");
        test_only["data"]["details"] = json!(null);
        test_only["data"]["lab_test"]["method"] = json!(text);
        for body in [told, test_only] {
            let details = read_order(&body).details;
            assert_eq!(details.method, Some(expected), "{text}");
            assert_eq!(details.provider_method.as_deref(), Some(text));
            let counted = read(&body).drift.contains("data.details.type");
            assert_eq!(counted, expected == Method::Unknown, "{text}");
        }
    }
}

#[test]
fn every_appointment_status_has_its_row() {
    for (text, expected) in [
        ("pending", AppointmentStatus::Pending),
        ("reserved", AppointmentStatus::Reserved),
        ("scheduled", AppointmentStatus::Scheduled),
        ("confirmed", AppointmentStatus::Scheduled),
        ("in_progress", AppointmentStatus::InProgress),
        ("completed", AppointmentStatus::Completed),
        ("cancelled", AppointmentStatus::Cancelled),
        ("no_show", AppointmentStatus::Unknown),
    ] {
        let event = json!([{ "created_at": "2026-08-03T00:00:00Z", "status": text, "data": null }]);
        let told = appointment(&[("events", event), ("event_status", json!(null))]);
        let shown = appointment(&[("events", json!([])), ("event_status", json!(text))]);
        let deprecated = [("events", json!(null)), ("event_status", json!(null))];
        let old = appointment(&[&deprecated[..], &[("status", json!(text))]].concat());
        for (told, drift) in [told, shown, old] {
            assert_eq!(told.entries.len(), 1, "{text}");
            assert_eq!(told.entries[0].status, expected, "{text}");
            assert_eq!(told.entries[0].provider_status.as_deref(), Some(text));
            assert_eq!(drift, expected == AppointmentStatus::Unknown, "{text}");
        }
    }
}

#[test]
fn every_kind_of_appointment_has_its_row() {
    for (text, expected) in [
        ("phlebotomy", AppointmentKind::Phlebotomy),
        ("patient_service_center", AppointmentKind::PatientServiceCenter),
        ("by_video", AppointmentKind::Unknown),
    ] {
        let (told, drift) = appointment(&[("type", json!(text))]);
        assert_eq!(told.details.kind, Some(expected));
        assert_eq!(told.details.provider_kind.as_deref(), Some(text));
        assert_eq!(drift, expected == AppointmentKind::Unknown);
    }
}

/// The appointment with other fields, and whether anything in it is drift.
#[test]
fn a_status_that_the_history_lags_behind_counts() {
    let (told, _) = appointment(&[("event_status", json!("cancelled"))]);
    assert_eq!(told.entries.iter().max().unwrap().status, AppointmentStatus::Cancelled);
    // One that lags behind the history does not.
    let (told, _) = appointment(&[("event_status", json!("pending"))]);
    assert_eq!(told.entries.iter().max().unwrap().status, AppointmentStatus::Scheduled);
}

fn appointment(fields: &[(&str, Value)]) -> (AppointmentNotice, bool) {
    let mut body = body("appointment-phleb-03-confirmed");
    for (field, value) in fields {
        body["data"][*field] = value.clone();
    }
    let mut told = read(&body);
    match told.notices.remove(0) {
        Notice::Appointment(notice) => (*notice, !told.drift.is_empty()),
        Notice::Order(_) | Notice::Report(_) | Notice::Fetch(_) => panic!("an appointment"),
    }
}
