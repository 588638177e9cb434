//! What goes with a value: day, specimen, method; and lists with holes.

use labgate_core::Phi;
use serde_json::{Value, json};

use super::{
    bundle, drift, names, notices, observation, orders, report, reports, said, time, with,
};

#[test]
fn a_day_is_told_as_a_day() {
    let check = |fields: &str, at: Option<&str>, on: Option<&str>, is_drift: bool| {
        let issued = r#""issued":"2026-03-09T10:00:00Z","valueInteger":1"#;
        let notices = notices(&format!("{issued},{fields}"));
        let found = &reports(&notices)[0].observations[0];
        assert_eq!(found.at, at.map(time), "{fields}");
        assert_eq!(found.on.map(|day| day.to_string()).as_deref(), on, "{fields}");
        assert_eq!(!drift(&notices).is_empty(), is_drift, "{fields}");
    };
    check(r#""effectiveDateTime":"2026-03-04""#, None, Some("2026-03-04"), false);
    check(
        r#""effectivePeriod":{"start":"2026-03-04","end":"2026-03-05"}"#,
        None,
        Some("2026-03-04"),
        false,
    );
    check(r#""effectiveDateTime":"2026-03-04T10:00:00""#, None, Some("2026-03-04"), true);
    check(
        r#""effectiveDateTime":"2026-03-04T23:00:00-05:00""#,
        Some("2026-03-05T04:00:00Z"),
        None,
        false,
    );
    check(r#""effectiveDateTime":"2026-03""#, Some("2026-03-09T10:00:00Z"), None, true);
    check(r#""method":null"#, Some("2026-03-09T10:00:00Z"), None, false);
}

#[test]
fn a_value_names_its_method_and_its_specimen() {
    let of = |specimen: Value| {
        let method = json!({ "coding": [{ "display": "Broth microdilution" }] });
        let found = observation("x1", json!({ "method": method, "specimen": specimen }));
        let sample = json!({
            "resourceType": "Specimen", "id": "s1", "accessionIdentifier": { "value": "ACC-1" },
        });
        let result = json!({ "result": [{ "reference": "Observation/x1" }] });
        let notices = said(&bundle(&[report(result), found, sample]));
        let found = &reports(&notices)[0].observations[0];
        assert_eq!(found.method.as_deref(), Some("Broth microdilution"));
        assert!(drift(&notices).is_empty());
        found.specimen.as_ref().map(Phi::expose).cloned()
    };
    assert_eq!(of(json!({ "reference": "Specimen/s1" })).as_deref(), Some("ACC-1"));
    assert_eq!(of(json!({ "reference": "Specimen/s2" })).as_deref(), Some("s2"));
    assert_eq!(of(json!({ "reference": "Specimen/s2/_history/4" })).as_deref(), Some("s2"));
    assert_eq!(of(json!({ "identifier": { "value": "ACC-9" } })).as_deref(), Some("ACC-9"));
    assert_eq!(of(json!({ "display": "Blood" })).as_deref(), Some("Blood"));
    assert_eq!(of(Value::Null), None);
}

#[test]
fn a_null_in_a_list_costs_only_itself() {
    let found = observation(
        "x1",
        json!({
            "code": { "coding": [null, { "code": "K" }, null], "text": "K" },
            "note": [null, { "text": "x" }], "interpretation": [null, { "coding": [null, { "code": "HH" }] }],
            "referenceRange": [null, { "appliesTo": [null, { "text": "Adult" }], "high": { "value": 2 } }],
            "component": [null, { "code": { "text": "part" }, "valueInteger": 1 }],
            "hasMember": [null], "performer": [null, { "display": "Bench 1" }],
        }),
    );
    let body = json!({ "resourceType": "Bundle", "entry": [
        null,
        { "resource": report(json!({
            "contained": [null, found], "result": [null, { "reference": "#x1" }],
            "basedOn": [null, { "reference": "ServiceRequest/o1" }],
            "subject": { "reference": "Patient/p1" },
            "presentedForm": [null, { "url": "https://fhir.test/Binary/1" }],
        })) },
        { "resource": {
            "resourceType": "Patient", "id": "p1", "identifier": [null],
            "name": [null, { "family": "Moreno", "given": [null, "Iris"], "_given": [{ "id": "g" }, null] }],
            "telecom": [null, { "system": "email", "value": "iris@example.test" }],
            "address": [null, { "line": [null, "1 Main St", null, "Flat 2"] }],
        } },
    ] });
    let notices = said(&body);
    let report = reports(&notices)[0];
    assert_eq!(names(&report.observations), ["K", "part"]);
    assert!(report.is_critical() && report.documents.len() == 1);
    assert_eq!(report.observations[0].other_ranges[0].applies_to, ["Adult"]);
    assert_eq!(report.observations[0].performer.as_deref(), Some("Bench 1"));
    let patient = orders(&notices)[0].details.patient.as_ref().unwrap().expose();
    assert_eq!(patient.first_name.as_deref(), Some("Iris"));
    assert_eq!(patient.email.as_deref(), Some("iris@example.test"));
    let address = patient.address.as_ref().unwrap();
    assert_eq!(address.first_line.as_deref(), Some("1 Main St"));
    assert_eq!(address.second_line.as_deref(), Some("Flat 2"));
    assert!(drift(&notices).is_empty());
}

#[test]
fn a_word_of_a_wrong_type_costs_only_itself() {
    let patient = json!({
        "resourceType": "Patient", "id": "p1",
        "name": [{ "family": "Moreno", "given": [["Iris"], "Lee"] }],
    });
    let subject = json!({ "subject": { "reference": "Patient/p1" } });
    let notices = said(&bundle(&[report(subject), patient]));
    let patient = orders(&notices)[0].details.patient.as_ref().unwrap().expose();
    assert_eq!(patient.first_name.as_deref(), Some("Lee"));
    assert_eq!(drift(&notices), ["Patient.name[].given[]"]);
}

#[test]
fn a_new_field_of_a_common_name_is_seen() {
    let base = observation("x1", json!({}));
    let known = with(
        base.clone(),
        json!({
            "code": { "coding": [{ "code": "x", "version": "2", "userSelected": true, "_display": {} }], "_text": {} },
            "identifier": [{ "use": "official", "type": { "text": "x" }, "value": "1", "period": {}, "assigner": {} }],
            "performer": [{ "type": "Organization", "identifier": { "use": "usual", "value": "1" } }],
            "note": [{ "time": "2026-03-04", "authorString": "x", "text": "x" }],
            "valueQuantity": { "value": 1, "system": "http://unitsofmeasure.org" },
        }),
    );
    assert!(drift(&said(&report(json!({ "contained": [known] })))).is_empty());
    for (pointer, expected) in [
        ("/type", "Observation.*"),
        ("/version", "Observation.*"),
        ("/use", "Observation.*"),
        ("/time", "Observation.*"),
        ("/_status", "Observation.*"),
        ("/code/type", "Observation.code.*"),
        ("/valueQuantity/_comparator", "Observation.valueQuantity.*"),
        ("/valueQuantity/use", "Observation.valueQuantity.*"),
    ] {
        let mut body = base.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[key] = json!("x");
        let notices = said(&report(json!({ "contained": [body] })));
        assert_eq!(drift(&notices), [expected], "{pointer}");
    }
}

#[test]
fn what_has_no_place_and_may_matter_is_seen() {
    for field in [
        r#""focus":[{"reference":"Patient/donor"}]"#,
        r#""effectiveTiming":{"event":["2026-03-04T08:00:00Z"]}"#,
    ] {
        assert_eq!(drift(&notices(&format!(r#""valueInteger":1,{field}"#))), ["Observation.*"]);
    }
}
