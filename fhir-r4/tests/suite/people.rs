//! Patients, laboratories and clinicians.

use std::slice;

use labgate_core::Notices;
use serde_json::{Value, json};

use super::{bundle, drift, observation, orders, report, reports, said, with};

/// A report of a request, each with these fields, beside `others`.
fn told(report_fields: Value, request_fields: Value, others: &[Value]) -> Notices {
    let request = json!({ "resourceType": "ServiceRequest", "id": "o1", "status": "active" });
    let mut resources = vec![report(report_fields), with(request, request_fields)];
    resources.extend_from_slice(others);
    said(&bundle(&resources))
}

fn labs(notices: &Notices) -> Value {
    serde_json::to_value(&reports(notices)[0].performing_labs).unwrap()
}

fn provider(notices: &Notices) -> Value {
    serde_json::to_value(&reports(notices)[0].ordering_provider).unwrap()
}

fn lab(id: &str, more: Value) -> Value {
    with(json!({ "resourceType": "Organization", "id": id, "name": format!("Lab {id}") }), more)
}

#[test]
fn a_laboratory_is_told_in_full() {
    let full = lab(
        "l1",
        json!({
            "identifier": [{ "value": "x" }, { "system": "urn:oid:2.16.840.1.113883.4.7", "value": "11D1111111" }],
            "telecom": [
                { "system": "phone", "use": "old", "value": "+1 555 0100" },
                { "system": "phone", "value": "+1 555 0101" },
            ],
            "address": [{ "line": ["1 Main St", "Floor 2"], "city": "Springfield", "postalCode": "00001" }],
            "contact": [
                { "purpose": { "coding": [{ "code": "BILL" }] }, "name": { "text": "Nobody" } },
                { "purpose": { "text": "Medical Director" }, "name": { "given": ["Sam"], "family": "Oak" } },
            ],
        }),
    );
    let notices =
        told(json!({ "performer": [{ "reference": "Organization/l1" }] }), json!({}), &[full]);
    assert!(drift(&notices).is_empty());
    let expected = json!([{
        "id": "11D1111111", "name": "Lab l1", "phone": "+1 555 0101", "director": "Sam Oak",
        "address": {
            "first_line": "1 Main St", "second_line": "Floor 2", "city": "Springfield",
            "state": null, "postal_code": "00001", "country": null, "access_notes": null,
        },
    }]);
    assert_eq!(labs(&notices), expected);
}

#[test]
fn every_laboratory_that_did_some_of_it_is_named_once() {
    let role = json!({
        "resourceType": "PractitionerRole", "id": "x",
        "organization": { "reference": "Organization/l3" },
    });
    let fields = json!({
        "performer": [{ "reference": "Organization/l1" }, { "reference": "Practitioner/9" }],
        "resultsInterpreter": [{ "reference": "PractitionerRole/x" }],
        "result": [{ "reference": "Observation/x1" }],
    });
    let sent_out = json!({ "performer": [
        { "reference": "Organization/l2" }, { "reference": "Organization/l1" },
        { "type": "Organization", "display": "Elsewhere" },
    ] });
    let others = [
        lab("l1", json!({})),
        lab("l2", json!({})),
        lab("l3", json!({})),
        role,
        observation("x1", sent_out),
    ];
    let notices = told(fields, json!({}), &others);
    let labs = labs(&notices);
    let names: Vec<_> =
        labs.as_array().unwrap().iter().map(|lab| lab["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Lab l1", "Lab l3", "Lab l2", "Elsewhere"]);
    assert!(drift(&notices).is_empty());
}

#[test]
fn who_ordered_it_stands_in_the_request() {
    let npi = json!([{ "value": "7" }, { "system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893" }]);
    let doctor = json!({
        "resourceType": "Practitioner", "id": "d1", "identifier": npi,
        "name": [{ "given": ["Robin"], "family": "Vale" }],
    });
    let role = json!({
        "resourceType": "PractitionerRole", "id": "r1",
        "practitioner": { "reference": "Practitioner/d1" },
    });
    let by =
        |reference: &str| json!({ "requester": { "reference": reference, "display": "Dr. V" } });
    let check = |request: Value, others: &[Value], id: Value, name: &str| {
        let found = provider(&told(json!({}), request, others));
        assert_eq!(found, json!({ "id": id, "name": name }));
    };
    check(by("Practitioner/d1"), slice::from_ref(&doctor), json!("1234567893"), "Robin Vale");
    check(by("PractitionerRole/r1"), &[doctor.clone(), role], json!("1234567893"), "Robin Vale");
    let plain = with(doctor, json!({ "identifier": null }));
    check(by("Practitioner/d1"), &[plain], json!("d1"), "Robin Vale");
    check(by("Practitioner/d9"), &[], json!("d9"), "Dr. V");
    let logical = json!({ "requester": { "identifier": { "system": "urn:x", "value": "77" }, "display": "Dr. W" } });
    check(logical, &[], json!("77"), "Dr. W");
    assert_eq!(provider(&told(json!({}), json!({}), &[])), Value::Null);

    // A role that leads to itself leads nowhere.
    let circle = json!({
        "resourceType": "PractitionerRole", "id": "r1",
        "practitioner": { "reference": "PractitionerRole/r1" },
        "organization": { "reference": "PractitionerRole/r1" },
    });
    let performed = json!({ "performer": [{ "reference": "PractitionerRole/r1" }] });
    let found = told(performed, by("PractitionerRole/r1"), &[circle]);
    assert_eq!(provider(&found)["id"], "r1");
}

#[test]
fn each_order_has_its_own_requester() {
    let orders = json!({ "basedOn": [
        { "reference": "ServiceRequest/o1" }, { "reference": "ServiceRequest/o2" },
    ] });
    let second = json!({
        "resourceType": "ServiceRequest", "id": "o2", "requester": { "display": "Second" },
    });
    let notices = told(orders, json!({ "requester": { "display": "First" } }), &[second]);
    let names: Vec<_> = reports(&notices)
        .iter()
        .map(|it| it.ordering_provider.clone().unwrap().name.unwrap().expose().clone())
        .collect();
    assert_eq!(names, ["First", "Second"]);
}

#[test]
fn a_patient_is_a_patient() {
    let id = |subject: Value, others: &[Value]| {
        let mut resources = vec![report(json!({ "subject": subject }))];
        resources.extend_from_slice(others);
        let notices = said(&bundle(&resources));
        let patient = orders(&notices)[0].details.patient.clone();
        (patient.and_then(|it| it.expose().provider_patient_id.clone()), drift(&notices).join(" "))
    };
    let of = |text: &str| (Some(text.to_owned()), String::new());
    let none = (None, "DiagnosticReport.subject".to_owned());
    let by = |text: &str| json!({ "reference": text });
    assert_eq!(id(by("Patient/p1"), &[]), of("p1"));
    assert_eq!(id(by("https://fhir.test/Patient/p1/_history/3"), &[]), of("p1"));
    assert_eq!(id(by("urn:uuid:6b1f8d0e"), &[]), of("6b1f8d0e"));
    assert_eq!(id(by("FakePatient/p1"), &[]), none);
    assert_eq!(id(by("https://fhir.test/InPatient/p1"), &[]), none);
    assert_eq!(id(by("Group/g1"), &[]), none);
    let known = json!({ "system": "urn:x", "value": "MRN-1" });
    assert_eq!(id(json!({ "identifier": known }), &[]), of("urn:x|MRN-1"));
    assert_eq!(id(json!({ "type": "Group", "identifier": known }), &[]), none);
    let patient = json!({ "resourceType": "Patient", "id": "p7", "identifier": [known] });
    assert_eq!(
        id(json!({ "type": "Patient", "identifier": known }), slice::from_ref(&patient)),
        of("p7")
    );
    // A sample may have the same number.
    let sample = json!({ "resourceType": "Specimen", "id": "s7", "identifier": [known] });
    assert_eq!(id(json!({ "identifier": known }), &[patient.clone(), sample]), of("p7"));
    // Nothing distinguishes two with one number.
    let twin = with(patient.clone(), json!({ "id": "p8" }));
    assert_eq!(id(json!({ "identifier": known }), &[patient, twin]), of("urn:x|MRN-1"));
}

#[test]
fn a_person_is_told_as_of_today() {
    let patient = json!({
        "resourceType": "Patient", "id": "p1",
        "name": [
            { "use": "maiden", "family": "Birch" }, { "use": "nickname", "family": "Jo" },
            { "use": "usual", "family": "Avery" },
        ],
        "telecom": [
            { "system": "email", "use": "old", "value": "old@example.test" },
            { "system": "email", "value": "new@example.test" },
        ],
        "address": [{ "use": "old", "city": "Oldtown" }, { "text": "1 Main St, Newtown" }],
    });
    let body = bundle(&[report(json!({ "subject": { "reference": "Patient/p1" } })), patient]);
    let notices = said(&body);
    assert!(drift(&notices).is_empty());
    let patient = orders(&notices)[0].details.patient.as_ref().unwrap().expose();
    assert_eq!(patient.last_name.as_deref(), Some("Avery"));
    assert_eq!(patient.email.as_deref(), Some("new@example.test"));
    let address = patient.address.as_ref().unwrap();
    assert_eq!(address.first_line.as_deref(), Some("1 Main St, Newtown"));
}
