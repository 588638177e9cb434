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

#[test]
fn a_status_that_the_history_lags_behind_counts() {
    let (told, _) = appointment(&[("event_status", json!("cancelled"))]);
    assert_eq!(told.entries.iter().max().unwrap().status, AppointmentStatus::Cancelled);
    // One that lags behind the history does not.
    let (told, _) = appointment(&[("event_status", json!("pending"))]);
    assert_eq!(told.entries.iter().max().unwrap().status, AppointmentStatus::Scheduled);
}

#[test]
fn a_new_status_is_news_wherever_it_is_told() {
    let (told, drift) = appointment(&[("event_status", json!("no_show"))]);
    let latest = told.entries.iter().max().unwrap();
    assert_eq!(latest.status, AppointmentStatus::Unknown);
    assert_eq!(latest.provider_status.as_deref(), Some("no_show"));
    assert!(drift);

    // Once the history has it, its place is there, however often it is repeated.
    let history = |words: &[&str]| {
        let event = |(hour, word): (usize, &&str)| json!({ "created_at": format!("2026-08-03T0{hour}:00:00Z"), "status": word, "data": null });
        words.iter().enumerate().map(event).collect::<Value>()
    };
    let shown = |events: &[&str], shown: &str| {
        let (told, _) = appointment(&[("events", history(events)), ("event_status", json!(shown))]);
        let word = told.entries.iter().max().unwrap().provider_status.clone();
        (word.unwrap(), told.entries.len())
    };
    assert_eq!(shown(&["scheduled", "no_show"], "no_show"), ("no_show".into(), 2));
    assert_eq!(shown(&["no_show", "scheduled"], "no_show"), ("scheduled".into(), 2));
    assert_eq!(shown(&["no_show"], "patient_absent"), ("patient_absent".into(), 2));
    // What is known and comes earlier in an appointment's life is listed, and moves nothing.
    assert_eq!(shown(&["pending", "scheduled"], "reserved"), ("scheduled".into(), 3));
}

#[test]
fn a_new_word_in_the_other_status_is_counted() {
    let (told, drift) = appointment(&[("status", json!("no_show"))]);
    assert_eq!(told.entries.iter().max().unwrap().status, AppointmentStatus::Scheduled);
    assert!(drift);
}

#[test]
fn a_place_is_read_from_numbers_and_texts_or_counted() {
    for (lat, lng, read, counted) in [
        (json!(30.2672), json!(-97.7431), true, false),
        (json!("30.2672"), json!(" -97.7431 "), true, false),
        (json!("30.2672"), json!(-97.7431), true, false),
        (json!(null), json!(null), false, false),
        (json!("30.2672"), json!(null), false, true),
        (json!("north"), json!("-97.7431"), false, true),
        (json!(""), json!(""), false, true),
        (json!(true), json!(1), false, true),
    ] {
        let place = json!({ "lat": lat, "lng": lng });
        let (told, drift) = appointment(&[("location", place.clone())]);
        assert_eq!((told.details.location.is_some(), drift), (read, counted), "{place}");
        if let Some(location) = told.details.location {
            assert_eq!(location.expose().latitude.as_str(), "30.2672");
            assert_eq!(location.expose().longitude.as_str(), "-97.7431");
        }
    }
}

/// The appointment with other fields, and whether anything in it is drift.
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
