//! Nothing that an Observation says is silent.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{read, report};

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
    let (said, mut all, mut silent) = (meaning(&body), Vec::new(), BTreeSet::new());
    leaves(&body["contained"][0], "/contained/0", &mut all);
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
        if let Some(fields) = removed.pointer_mut(parent).unwrap().as_object_mut() {
            fields.remove(key);
        }
        if meaning(&changed) == said || meaning(&removed) == said {
            let mut steps = path.rsplit('/').filter(|step| step.parse::<usize>().is_err());
            let (key, parent) = (steps.next().unwrap(), steps.next().unwrap());
            silent.insert(format!("{parent}.{key}"));
        }
    }
    // The other bound has the unit, too; words have no place for a code of it; and a judgement
    // without a system is taken for HL7's.
    let expected = ["coding.system", "high.unit", "low.unit", "numerator.code"];
    assert_eq!(Vec::from_iter(silent), expected);
}
