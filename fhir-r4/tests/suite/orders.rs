//! ServiceRequests and Appointments.

use labgate_core::{
    Notices,
    model::{AppointmentStatus, OrderStatus},
};
use serde_json::{Value, json};

use super::{ARRIVED, appointments, bundle, drift, orders, said, time, with};

fn request(more: Value) -> Value {
    let base = json!({
        "resourceType": "ServiceRequest", "id": "o1", "status": "active", "intent": "order",
        "authoredOn": "2026-03-01T09:00:00Z",
        "meta": { "versionId": "3", "lastUpdated": "2026-03-02T09:00:00Z" },
    });
    with(base, more)
}

fn appointment(more: Value) -> Value {
    let base = json!({
        "resourceType": "Appointment", "id": "a1", "status": "booked",
        "basedOn": [{ "reference": "ServiceRequest/o1" }],
        "start": "2026-03-04T08:00:00-05:00", "end": "2026-03-04T08:30:00-05:00",
        "participant": [{ "status": "accepted" }],
        "meta": { "versionId": "2", "lastUpdated": "2026-03-02T09:00:00Z" },
    });
    with(base, more)
}

#[test]
fn every_status_of_a_request_has_its_word() {
    let check = |word: &str, expected: OrderStatus, known: bool| {
        let notices = said(&request(json!({ "status": word })));
        let entry = &orders(&notices)[0].entries[0];
        assert_eq!((entry.status, entry.phase), (expected, None), "{word}");
        assert_eq!(entry.provider_status.as_deref(), Some(word));
        assert_eq!(notices.drift.is_empty(), known, "{word}");
    };
    check("draft", OrderStatus::Recommended, true);
    check("active", OrderStatus::Ordered, true);
    check("on-hold", OrderStatus::Unknown, true);
    check("revoked", OrderStatus::Cancelled, true);
    check("completed", OrderStatus::Completed, true);
    check("entered-in-error", OrderStatus::Cancelled, true);
    check("unknown", OrderStatus::Unknown, true);
    check("paused", OrderStatus::Unknown, false);
}

#[test]
fn every_status_of_an_appointment_has_its_word() {
    let check = |word: &str, expected: AppointmentStatus, known: bool| {
        let notices = said(&appointment(json!({ "status": word })));
        let entry = &appointments(&notices)[0].entries[0];
        assert_eq!(entry.status, expected, "{word}");
        assert_eq!(entry.provider_status.as_deref(), Some(word));
        assert_eq!(notices.drift.is_empty(), known, "{word}");
    };
    check("proposed", AppointmentStatus::Pending, true);
    check("pending", AppointmentStatus::Pending, true);
    check("waitlist", AppointmentStatus::Pending, true);
    check("booked", AppointmentStatus::Scheduled, true);
    check("arrived", AppointmentStatus::InProgress, true);
    check("checked-in", AppointmentStatus::InProgress, true);
    check("fulfilled", AppointmentStatus::Completed, true);
    check("cancelled", AppointmentStatus::Cancelled, true);
    check("noshow", AppointmentStatus::Cancelled, true);
    check("entered-in-error", AppointmentStatus::Cancelled, true);
    check("moved", AppointmentStatus::Unknown, false);
}

#[test]
fn a_request_is_told_in_full() {
    let body = bundle(&[
        request(json!({
            "code": { "coding": [{ "system": "http://loinc.org", "code": "24331-1", "display": "Lipid panel" }] },
            "subject": { "reference": "Patient/p1", "display": "Jordan Avery" },
            "requisition": { "value": "G-1" },
            "replaces": [{ "reference": "ServiceRequest/o0" }],
            "performer": [{ "reference": "Organization/l1", "display": "Northwind Laboratory" }],
            "specimen": [{ "reference": "Specimen/s1" }],
            "occurrencePeriod": { "end": "2026-03-09T23:00:00-05:00" },
            "extension": [{ "url": "urn:x" }],
        })),
        json!({
            "resourceType": "Specimen", "id": "s1", "type": { "text": "Serum" },
            "accessionIdentifier": { "system": "urn:lab", "value": "ACC-1" },
        }),
    ]);
    let notices = said(&body);
    assert!(drift(&notices).is_empty());
    let order = orders(&notices)[0];
    assert_eq!(order.provider_order_id.as_str(), "o1");
    assert_eq!(order.stated_at, time("2026-03-02T09:00:00Z"));
    assert_eq!(order.entries[0].at, order.stated_at);
    assert_eq!(order.entries[0].provider_event_id.as_ref().unwrap().as_str(), "3");
    let details = serde_json::to_value(&order.details).unwrap();
    assert_eq!(details["tests"][0]["slug"], "24331-1");
    assert_eq!(details["tests"][0]["name"], "Lipid panel");
    assert_eq!(details["patient"]["provider_patient_id"], "p1");
    assert_eq!(details["transaction"]["group"], "|G-1");
    assert_eq!(details["transaction"]["parent"], "o0");
    assert_eq!(details["lab"]["name"], "Northwind Laboratory");
    assert_eq!(details["specimens"][0], json!({ "id": "ACC-1", "kind": "Serum" }));
    assert_eq!(details["expected_by"], "2026-03-09");
    assert_eq!(details["placed_at"], "2026-03-01T09:00:00Z");
}

#[test]
fn a_request_is_as_old_as_it_says() {
    let stated = |more: Value| orders(&said(&request(more)))[0].stated_at;
    assert_eq!(stated(json!({ "meta": null })), time("2026-03-01T09:00:00Z"));
    assert_eq!(stated(json!({ "meta": null, "authoredOn": "2026-03-01" })), time(ARRIVED));
}

#[test]
fn an_appointment_belongs_to_one_order() {
    let notices = said(&appointment(json!({ "cancelationReason": { "text": "Snow" } })));
    let found = appointments(&notices)[0];
    assert_eq!(found.provider_appointment_id.as_str(), "a1");
    assert_eq!(found.provider_order_id.as_str(), "o1");
    assert_eq!(found.details.starts_at, Some(time("2026-03-04T13:00:00Z")));
    assert_eq!(found.details.ends_at, Some(time("2026-03-04T13:30:00Z")));
    assert_eq!(found.stated_at, time("2026-03-02T09:00:00Z"));
    assert_eq!(found.entries[0].reason.as_ref().unwrap().expose(), "Snow");

    let none = said(&appointment(json!({ "basedOn": [] })));
    assert!(none.notices.is_empty());
    assert_eq!(drift(&none), ["Appointment.basedOn"]);
}

#[test]
fn what_is_no_order_says_nothing() {
    let check = |body: &Value, expected: &[&str]| {
        let Notices { notices, drift } = said(body);
        assert!(notices.is_empty(), "{body}");
        assert_eq!(Vec::from_iter(drift), expected, "{body}");
    };
    check(&request(json!({ "doNotPerform": true })), &["ServiceRequest.doNotPerform"]);
    for known in ["Subscription", "SubscriptionStatus", "Patient", "OperationOutcome"] {
        check(
            &json!({ "resourceType": known, "id": "1", "status": "active" }),
            match known {
                "Patient" => &["Patient.*"],
                _ => &[],
            },
        );
    }
    check(&json!({ "resourceType": "LabThing", "id": "1" }), &["resourceType"]);
    check(&json!({ "resourceType": "Bundle", "type": "history" }), &[]);
    check(&json!({ "resourceType": "Bundle", "entry": [{ "fullUrl": "urn:x" }] }), &[]);
}

#[test]
fn what_is_only_intended_is_recommended() {
    let check = |intent: &str, status: &str, expected: OrderStatus, known: bool| {
        let notices = said(&request(json!({ "intent": intent, "status": status })));
        let entry = &orders(&notices)[0].entries[0];
        assert_eq!(entry.status, expected, "{intent} {status}");
        assert_eq!(entry.provider_status.as_deref(), Some(status));
        assert_eq!(notices.drift.is_empty(), known, "{intent} {status}");
    };
    for intent in ["proposal", "plan", "option"] {
        check(intent, "active", OrderStatus::Recommended, true);
        check(intent, "draft", OrderStatus::Recommended, true);
        check(intent, "completed", OrderStatus::Recommended, true);
        check(intent, "revoked", OrderStatus::Cancelled, true);
        check(intent, "on-hold", OrderStatus::Unknown, true);
    }
    for intent in
        ["order", "original-order", "reflex-order", "filler-order", "instance-order", "directive"]
    {
        check(intent, "active", OrderStatus::Ordered, true);
        check(intent, "completed", OrderStatus::Completed, true);
    }
    check("wish", "active", OrderStatus::Ordered, false);
}

#[test]
fn an_order_of_several_groups_names_them_all() {
    let number = |kind: &str, value: &str| {
        let system = "http://terminology.hl7.org/CodeSystem/v2-0203";
        json!({ "type": { "coding": [{ "system": system, "code": kind }] }, "value": value })
    };
    let groups = |more: Value| {
        let notices = said(&request(more));
        assert!(drift(&notices).is_empty());
        let details = serde_json::to_value(&orders(&notices)[0].details).unwrap();
        details["transaction"].clone()
    };
    let told = groups(json!({
        "requisition": { "system": "urn:x", "value": "REQ-1" },
        "identifier": [number("PLAC", "A-1"), number("PGN", "G-1"), number("FGN", "G-2")],
        "basedOn": [{ "reference": "CarePlan/7" }, { "reference": "ServiceRequest/o0" }],
    }));
    assert_eq!(told["group"], "urn:x|REQ-1");
    assert_eq!(told["groups"], json!(["urn:x|REQ-1", "|G-1", "|G-2", "CarePlan/7", "o0"]));
    let told = groups(json!({ "basedOn": [{ "reference": "ServiceRequest/o0" }] }));
    assert_eq!((&told["group"], &told["groups"]), (&json!("o0"), &Value::Null));
}

#[test]
fn the_placers_number_is_the_customers_own() {
    let system = "http://terminology.hl7.org/CodeSystem/v2-0203";
    let number = |kind: &str, value: &str| json!({ "type": { "coding": [{ "system": system, "code": kind }] }, "value": value });
    let external = |numbers: Value| {
        let notices = said(&request(json!({ "identifier": numbers })));
        assert!(drift(&notices).is_empty());
        orders(&notices)[0].details.external_id.as_ref().map(ToString::to_string)
    };
    let both = json!([number("FILL", "F-9"), number("PLAC", "A-1")]);
    assert_eq!(external(both).as_deref(), Some("A-1"));
    assert_eq!(external(json!([number("FILL", "F-9")])), None);
    assert_eq!(external(json!([{ "value": "A-1" }])), None);
}

#[test]
fn an_order_may_be_called_by_its_identifiers_but_not_by_those_of_its_group() {
    let system = "http://terminology.hl7.org/CodeSystem/v2-0203";
    let group = json!({ "coding": [{ "system": system, "code": "PGN" }] });
    let notices = said(&request(json!({
        "requisition": { "system": "urn:x", "value": "REQ-1" },
        "identifier": [
            { "system": "urn:x", "value": "A-1" }, { "value": "F-9" }, { "system": "urn:x" },
            { "system": "urn:x", "value": "REQ-1" }, { "type": group, "value": "G-1" },
        ],
    })));
    let names: Vec<_> = orders(&notices)[0].aliases.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["urn:x|A-1", "|F-9"]);
}

#[test]
fn an_order_of_a_day_has_a_day() {
    let placed = |at: &str| {
        let notices = said(&request(json!({ "authoredOn": at })));
        let details = orders(&notices)[0].details.clone();
        let day = details.placed_on.map(|day| day.to_string());
        (details.placed_at.is_some(), day, drift(&notices).join(" "))
    };
    assert_eq!(placed("2026-03-01"), (false, Some("2026-03-01".into()), String::new()));
    assert_eq!(placed("2026-03-01T09:00:00Z"), (true, None, String::new()));
    assert_eq!(placed("2026-03"), (false, None, "ServiceRequest.authoredOn".into()));
}

#[test]
fn every_type_of_fhir_is_known() {
    for known in ["Claim", "ExplanationOfBenefit", "Flag", "NutritionOrder", "VisionPrescription"] {
        let body = json!({ "resourceType": known, "id": "1" });
        assert!(drift(&said(&body)).is_empty(), "{known}");
    }
}
