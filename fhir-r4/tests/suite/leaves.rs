//! Nothing that an Observation says is silent, nor what comes with it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{observation, read, report};

/// Every leaf of `value`, as JSON pointers.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| leaves(value, &format!("{path}/{key}"), found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.push(path.into());
        }
    }
}

/// What a body says, or why it can't be read.
fn meaning(body: &Value) -> String {
    match read(&body.to_string(), None) {
        Ok(said) => serde_json::to_string(&said.notices).unwrap() + &format!("{:?}", said.drift),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_leaf_of_an_observation_counts() {
    let quantity = |value: &str| json!({ "value": value, "comparator": "<", "unit": "K/uL", "code": "10*3/uL" });
    let bound = |value: &str| json!({ "value": value, "unit": "G/L" });
    let coding = |code: &str| json!({ "system": "urn:lab", "code": code, "display": format!("{code} in words") });
    let range = json!({
        "low": bound("3.5"), "high": bound("9.8"), "text": "3.5-9.8",
        "appliesTo": [{ "text": "Female" }, { "coding": [{ "code": "adult" }] }],
        "type": { "text": "Treatment" },
        "age": { "low": { "value": "18", "unit": "a" }, "high": { "value": "65", "unit": "a" } },
    });
    let part = |code: &str, value: Value| {
        let mut part = json!({
            "code": { "coding": [coding(code)], "text": code }, "referenceRange": [range],
            "interpretation": [{ "text": "High" }],
        });
        part.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        part
    };
    let found = json!({
        "resourceType": "Observation", "id": "x1", "status": "corrected",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "26464-8" }, coding("WBC")], "text": "Leukocytes" },
        "effectiveDateTime": "2026-03-04T08:00:00Z",
        "performer": [{ "display": "Bench 1" }],
        "method": { "text": "Flow cytometry" },
        "bodySite": { "text": "Left arm" },
        "specimen": { "reference": "Specimen/s1" },
        "note": [{ "text": "Repeated" }, { "text": "Confirmed" }],
        "interpretation": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "HH" }] }],
        "valueQuantity": quantity("4.2"),
        "referenceRange": [range, { "low": bound("1"), "high": bound("2") }],
        "component": [
            part("A", json!({ "valueCodeableConcept": { "coding": [coding("P")], "text": "Positive" } })),
            part("B", json!({ "valueRange": { "low": { "value": 1, "unit": "g" }, "high": { "value": 2, "unit": "g" } } })),
            part("C", json!({ "valueRatio": { "numerator": quantity("1"), "denominator": { "value": 40 } } })),
            part("D", json!({ "valuePeriod": { "start": "2026-03-04", "end": "2026-03-05" } })),
            part("E", json!({ "valueSampledData": { "origin": { "value": 0, "unit": "V" }, "period": 1, "data": "1 2" } })),
            part("F", json!({ "valueBoolean": true })),
            { "code": { "text": "G" }, "dataAbsentReason": { "text": "Not asked" } },
            { "code": { "text": "H" }, "_valueString": { "extension": [{
                "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked",
            }] } },
        ],
    });
    let body = report(json!({ "contained": [found], "result": [{ "reference": "#x1" }] }));
    // The other bound has the unit, too; words have no place for a code of it; and a judgement
    // without a system is taken for HL7's.
    let expected = ["coding.system", "high.unit", "low.unit", "numerator.code"];
    assert_eq!(silent(&body, "/contained/0"), expected);
}

#[test]
fn every_leaf_of_what_comes_with_a_result_counts() {
    let coding = |code: &str| json!({ "coding": [{ "system": "urn:lab", "code": code, "display": format!("{code} in words") }] });
    let number = |system: &str, value: &str| json!([{ "system": system, "value": value }]);
    let to = |kind: &str, id: &str| json!({ "reference": format!("{kind}/{id}") });
    let at = |day: u8| format!("2026-03-{day:02}T08:00:00Z");
    let meta = |day: u8| json!({ "versionId": "v1", "lastUpdated": at(day) });
    let name = json!([{ "given": ["Jordan", "Lee"], "family": "Avery" }]);
    let home = json!([{
        "line": ["1 Main St", "Floor 2"], "city": "Springfield", "state": "OR",
        "postalCode": "AB 1", "country": "US",
    }]);
    let phone =
        json!([{ "system": "phone", "value": "+1" }, { "system": "email", "value": "a@b" }]);
    let placed = json!([
        { "type": { "coding": [{ "code": "PLAC" }] }, "system": "urn:us", "value": "A-1" },
        { "type": { "coding": [{ "code": "PGN" }] }, "system": "urn:us", "value": "G-1" },
    ]);
    let whole = report(json!({
        "meta": meta(1), "basedOn": [to("ServiceRequest", "o1")], "subject": to("Patient", "p1"),
        "code": coding("C"), "category": [coding("K")], "conclusionCode": [coding("D")],
        "effectiveDateTime": at(2), "issued": at(3), "performer": [to("Organization", "l1")],
        "resultsInterpreter": [to("PractitionerRole", "r2")], "note": [{ "text": "Repeated" }],
        "specimen": [to("Specimen", "s1")], "result": [to("Observation", "x1")],
        "presentedForm": [{ "contentType": "application/pdf", "url": "https://fhir.test/1" }],
    }));
    let resources = [
        whole,
        json!({
            "resourceType": "ServiceRequest", "id": "o1", "meta": meta(4), "identifier": placed,
            "status": "active", "intent": "proposal", "code": coding("T"), "authoredOn": at(5),
            "requisition": { "system": "urn:us", "value": "R-1" }, "occurrenceDateTime": at(6),
            "basedOn": [to("CarePlan", "c1")], "replaces": [to("ServiceRequest", "o0")],
            "subject": to("Patient", "p1"), "requester": to("PractitionerRole", "r1"),
            "performer": [to("Organization", "l1")], "specimen": [to("Specimen", "s1")],
        }),
        json!({
            "resourceType": "Specimen", "id": "s1", "meta": { "lastUpdated": at(9) },
            "accessionIdentifier": { "value": "ACC-1" }, "status": "unsatisfactory",
            "type": { "text": "Serum" }, "receivedTime": at(7), "condition": [{ "text": "Clotted" }],
            "collection": { "collectedDateTime": at(8) }, "note": [{ "text": "Recollect" }],
        }),
        json!({
            "resourceType": "Patient", "id": "p1", "name": name, "gender": "female",
            "birthDate": "2026-01-02", "telecom": phone, "address": home,
        }),
        json!({
            "resourceType": "Organization", "id": "l1", "name": "Northwind", "telecom": [phone[0]],
            "identifier": number("urn:oid:2.16.840.1.113883.4.7", "11D1"), "address": home,
            "contact": [{ "purpose": { "text": "Director" }, "name": name[0] }],
        }),
        json!({ "resourceType": "Organization", "id": "l2", "name": "Southwind" }),
        json!({
            "resourceType": "PractitionerRole", "id": "r1", "practitioner": to("Practitioner", "d1"),
        }),
        json!({
            "resourceType": "PractitionerRole", "id": "r2", "organization": to("Organization", "l2"),
        }),
        json!({
            "resourceType": "Practitioner", "id": "d1", "name": name,
            "identifier": number("http://hl7.org/fhir/sid/us-npi", "1234567893"),
        }),
        json!({
            "resourceType": "Appointment", "id": "a1", "meta": meta(4), "status": "booked",
            "cancelationReason": { "text": "Snow" }, "basedOn": [to("ServiceRequest", "o1")],
            "start": at(5), "end": at(6),
        }),
        observation("x1", json!({ "issued": at(1) })),
    ];
    let entries: Vec<Value> = resources.iter().map(|it| json!({ "resource": it })).collect();
    let body = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
    let silent: Vec<_> = (0..resources.len() - 1)
        .flat_map(|place| silent(&body, &format!("/entry/{place}/resource")))
        .collect();
    // Of several times of a report the newest counts, and they distinguish its versions; a test has
    // no place for a code system; who directs a laboratory is found by a word.
    let expected = [
        "DiagnosticReport.issued",
        "meta.lastUpdated",
        "meta.versionId",
        "coding.system",
        "purpose.text",
    ];
    assert_eq!(silent, expected);
}

/// The leaves below `root` whose change or absence would go unnoticed, as `PARENT.KEY`.
fn silent(body: &Value, root: &str) -> Vec<String> {
    let (said, mut all, mut silent) = (meaning(body), Vec::new(), BTreeSet::new());
    let whole = body.pointer(root).unwrap();
    leaves(whole, root, &mut all);
    for path in all {
        let mut changed = body.clone();
        let leaf = changed.pointer_mut(&path).unwrap();
        *leaf = match &*leaf {
            Value::String(text) if text.contains("2026") => json!(text.replace("2026", "2025")),
            Value::String(text) if text.parse::<f64>().is_ok() => json!(format!("{text}7")),
            Value::String(text) => json!(format!("{text}x")),
            Value::Number(number) => json!(number.as_f64().unwrap() + 0.5),
            Value::Bool(truth) => json!(!truth),
            Value::Null | Value::Array(_) | Value::Object(_) => json!("x"),
        };
        let mut removed = body.clone();
        let (parent, key) = path.rsplit_once('/').unwrap();
        match removed.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.remove(key)),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        if meaning(&changed) == said || meaning(&removed) == said {
            let below = path.strip_prefix(root).unwrap_or(&path);
            let mut steps = below.rsplit('/').filter(|step| step.parse::<usize>().is_err());
            let (key, parent) = (steps.next().unwrap(), steps.next().unwrap_or_default());
            let kind = whole["resourceType"].as_str().unwrap_or_default();
            silent.insert(format!("{}.{key}", if parent.is_empty() { kind } else { parent }));
        }
    }
    Vec::from_iter(silent)
}
