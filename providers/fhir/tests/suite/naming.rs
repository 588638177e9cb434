//! What a webhook is called by, and what can't be called anything.

use labgate_core::{Identifier, Provider as _};
use labgate_fhir::Fhir;
use serde_json::{Value, json};

use crate::subject;

#[test]
fn a_version_of_a_resource_is_an_event() {
    let time = "2026-08-03T09:30:02Z";
    let of = |version: Value| json!({ "versionId": version, "lastUpdated": time });
    let check_meta = |meta, expected| check_id(json!({ "id": "7", "meta": meta }), expected);
    check_meta(of(json!("2")), Some("Patient/7/_history/2@2026-08-03T09:30:02Z"));
    check_meta(of(json!(2)), Some("Patient/7/_history/2@2026-08-03T09:30:02Z"));
    // Either alone may stay the same while the resource changes.
    check_meta(json!({ "versionId": "2" }), None);
    check_meta(json!({ "lastUpdated": time }), None);
    check_id(json!({ "id": "7" }), None);
    check_id(json!({ "meta": of(json!("2")) }), None);
    check_id(json!({ "id": ["7"], "meta": of(json!("2")) }), None);
    check_id(json!({ "id": "7".repeat(250), "meta": of(json!("2")) }), None);
}

#[test]
fn what_holds_no_resource_says_what_is_missing() {
    for empty in ["", " \n"] {
        let expected = "body: empty: Subscription.channel.payload must be application/fhir+json";
        check_unreadable(empty, expected);
    }
    check_unreadable("{}", "body: missing field `resourceType`");
    check_unreadable(r#"{"event":"result.available"}"#, "body: missing field `resourceType`");
    check_unreadable("[]", "body: expected an object");
}

#[test]
fn what_fhir_does_not_know_is_drift() {
    for listed in Fhir::EVENT_TYPES {
        check_known(listed, true);
    }
    check_known("Medication", true);
    check_known("Claim", true);
    check_known("GenomicStudy", false);
    check_known("Clam", false);
}

fn check_id(fields: Value, expected: Option<&str>) {
    let mut body = json!({ "resourceType": "Patient" });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let reading = subject().read(body.to_string().as_bytes()).unwrap();
    assert_eq!(reading.event_type.as_str(), "Patient");
    assert_eq!(reading.event_id.as_ref().map(Identifier::as_str), expected, "{body}");
}

fn check_unreadable(body: &str, expected: &str) {
    let error = subject().read(body.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

fn check_known(resource_type: &str, expected: bool) {
    let body = json!({ "resourceType": resource_type, "id": "1" });
    let told = subject().told(body.to_string().as_bytes()).unwrap();
    assert_eq!(!told.drift.contains("resourceType"), expected, "{resource_type}");
    assert!(expected || told.notices.is_empty(), "{resource_type}");
}
