//! Observations: each kind of value, to the digit.

use labgate_core::{Notices, model::Interpretation};
use serde_json::{Value, json};

use super::{drift, names, observation, read, reports, said};

/// What an observation with `fields` becomes; `fields` is text, since digits matter.
fn notices(fields: &str) -> Notices {
    let body = format!(
        r#"{{"resourceType":"Observation","id":"x1","status":"final","code":{{"text":"Glucose"}},
            "basedOn":[{{"reference":"ServiceRequest/o1"}}],{fields}}}"#
    );
    read(&body, None).unwrap()
}

fn check_value(fields: &str, expected: &Value) {
    let notices = notices(fields);
    let value = reports(&notices)[0].observations[0].value.clone();
    assert_eq!(serde_json::to_value(value).unwrap(), *expected, "{fields}");
}

fn quantity(value: &str, comparator: &Value, unit: &Value) -> Value {
    json!({ "type": "quantity", "value": value, "comparator": comparator, "unit": unit })
}

#[test]
fn a_number_keeps_every_digit() {
    for digits in ["7.0", "7.00", "-0.50", "9007199254740993", "0.1000000000000000055", "1E5"] {
        check_value(
            &format!(
                r#""valueQuantity":{{"value":{digits},"unit":"mg/dL","system":"http://unitsofmeasure.org"}}"#
            ),
            &quantity(digits, &Value::Null, &json!("mg/dL")),
        );
    }
    check_value(
        r#""valueQuantity":{"value":"7.0","code":"mg/dL"}"#,
        &quantity("7.0", &Value::Null, &json!("mg/dL")),
    );
    check_value(r#""valueInteger":12"#, &quantity("12", &Value::Null, &Value::Null));
}

#[test]
fn a_comparator_is_never_lost() {
    for sign in ["<", "<=", ">=", ">"] {
        let fields = format!(r#""valueQuantity":{{"value":0.20,"comparator":"{sign}"}}"#);
        check_value(&fields, &quantity("0.20", &json!(sign), &Value::Null));
    }
    let fields = r#""valueQuantity":{"value":0.20,"comparator":"ad","unit":"mg"}"#;
    check_value(fields, &json!({ "type": "text", "text": "ad 0.20", "unit": "mg" }));
    assert_eq!(drift(&notices(fields)), ["Observation.valueQuantity.comparator"]);
}

#[test]
fn every_kind_of_value_has_a_place() {
    let text = |text: &str| json!({ "type": "text", "text": text, "unit": null });
    check_value(
        r#""valueRange":{"low":{"value":15.0,"unit":"U/L"},"high":{"value":39}}"#,
        &json!({ "type": "range", "low": "15.0", "high": "39", "unit": "U/L" }),
    );
    check_value(
        r#""valueRange":{"low":{"value":15.0}}"#,
        &quantity("15.0", &json!(">="), &Value::Null),
    );
    check_value(r#""valueString":"NOT DETECTED""#, &text("NOT DETECTED"));
    check_value(r#""valueBoolean":true"#, &text("true"));
    check_value(r#""valueDateTime":"2026-03""#, &text("2026-03"));
    check_value(r#""valueTime":"10:30:00""#, &text("10:30:00"));
    check_value(
        r#""valueRatio":{"numerator":{"value":1},"denominator":{"value":40}}"#,
        &text("1:40"),
    );
    check_value(
        r#""valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"260373001","display":"Detected"}]}"#,
        &text("Detected"),
    );
    check_value(
        r#""valueCodeableConcept":{"coding":[{"code":"260373001"}]}"#,
        &json!({ "type": "coded", "code": "260373001" }),
    );
    let sampled = notices(r#""valueSampledData":{"data":"1 2"}"#);
    assert_eq!(drift(&sampled), ["Observation.*"]);
    assert_eq!(reports(&sampled)[0].observations[0].value, None);
}

#[test]
fn what_is_absent_or_withdrawn_is_missing() {
    let missing = |fields: &str| {
        let notices = notices(fields);
        let report = reports(&notices)[0].clone();
        assert!(report.observations.is_empty(), "{fields}");
        (report.missing[0].name.clone(), report.missing[0].reason.clone().unwrap())
    };
    let absent =
        r#""dataAbsentReason":{"coding":[{"code":"not-performed","display":"Not Performed"}]}"#;
    assert_eq!(missing(absent), ("Glucose".into(), "Not Performed".into()));
    for status in ["cancelled", "entered-in-error"] {
        let body = observation(
            "Glucose",
            json!({ "status": status, "basedOn": [{ "reference": "ServiceRequest/o1" }] }),
        );
        let notices = said(&body);
        let report = reports(&notices)[0];
        assert!(report.observations.is_empty());
        assert_eq!(report.missing[0].reason.as_deref(), Some(status));
    }
}

#[test]
fn components_are_values_of_their_own() {
    let notices = notices(
        r#""note":[{"text":"At rest"}],"component":[
            {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6","display":"Systolic"}]},"valueQuantity":{"value":120.0,"unit":"mmHg"}},
            {"code":{"text":"Diastolic"},"valueQuantity":{"value":80}},
            {"code":{"text":"Mean"},"dataAbsentReason":{"text":"Not asked"}}]"#,
    );
    let report = reports(&notices)[0];
    assert_eq!(names(&report.observations), ["Systolic", "Diastolic"]);
    assert_eq!(report.observations[0].code.loinc.as_deref(), Some("8480-6"));
    assert_eq!(report.observations[0].notes.as_ref().unwrap().expose(), "At rest");
    assert_eq!(report.missing[0].name, "Mean");
}

#[test]
fn a_code_is_told_in_every_coding() {
    let body = observation(
        "x1",
        json!({
            "basedOn": [{ "reference": "ServiceRequest/o1" }],
            "code": { "coding": [
                { "system": "http://loinc.org", "code": "2345-7", "display": "Glucose [Mass/volume]" },
                { "system": "urn:lab", "code": "GLU", "display": "Glucose" },
            ], "text": "GLUCOSE, FASTING" },
        }),
    );
    let notices = said(&body);
    let code = &reports(&notices)[0].observations[0].code;
    assert_eq!(code.loinc.as_deref(), Some("2345-7"));
    assert_eq!(code.provider.as_deref(), Some("GLU"));
    assert_eq!(code.name, "GLUCOSE, FASTING");
}

#[test]
fn a_judgement_is_the_labs_own() {
    let check = |concepts: &str, expected: Interpretation, word: &str| {
        let notices = notices(&format!(r#""valueInteger":1,"interpretation":{concepts}"#));
        let found = &reports(&notices)[0].observations[0];
        assert_eq!(found.interpretation, expected, "{concepts}");
        assert_eq!(found.provider_interpretation.as_deref(), Some(word), "{concepts}");
        notices.drift.len()
    };
    let v3 = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    for (code, expected) in [
        ("N", Interpretation::Normal),
        ("L", Interpretation::Low),
        ("LU", Interpretation::Low),
        ("H", Interpretation::High),
        ("HU", Interpretation::High),
        ("A", Interpretation::Abnormal),
        ("LL", Interpretation::CriticalLow),
        ("HH", Interpretation::CriticalHigh),
        ("AA", Interpretation::Critical),
        ("POS", Interpretation::Unknown),
        ("NEG", Interpretation::Unknown),
        ("IND", Interpretation::Unknown),
        ("R", Interpretation::Unknown),
    ] {
        let concepts = format!(r#"[{{"coding":[{{"system":"{v3}","code":"{code}"}}]}}]"#);
        assert_eq!(check(&concepts, expected, code), 0);
    }
    check(r#"[{"text":"Critical high"}]"#, Interpretation::CriticalHigh, "Critical high");
    check(r#"[{"coding":[{"code":"A"}]},{"coding":[{"code":"H"}]}]"#, Interpretation::High, "A, H");
    let local = r#"[{"coding":[{"system":"urn:lab","code":"HH"}]}]"#;
    assert_eq!(check(local, Interpretation::Unknown, "HH"), 1);
}

#[test]
fn a_range_is_exact_inclusive_and_in_the_unit_of_the_value() {
    let range = |ranges: &str| {
        let value = r#""valueQuantity":{"value":5.0,"unit":"mg/dL"}"#;
        let notices = notices(&format!(r#"{value},"referenceRange":{ranges}"#));
        serde_json::to_value(&reports(&notices)[0].observations[0].reference_range).unwrap()
    };
    let told = |low: Value, high: Value, text: Value| {
        json!({
            "low_inclusive": (!low.is_null()).then_some(true),
            "high_inclusive": (!high.is_null()).then_some(true),
            "low": low, "high": high, "text": text,
        })
    };
    assert_eq!(
        range(r#"[{"low":{"value":4.10,"unit":"mg/dL"},"high":{"value":6},"text":"4.10-6"}]"#),
        told(json!("4.10"), json!("6"), json!("4.10-6")),
    );
    assert_eq!(range(r#"[{"high":{"value":6}}]"#), told(Value::Null, json!("6"), Value::Null));
    assert_eq!(
        range(r#"[{"low":{"value":0.2,"unit":"mmol/L"},"high":{"value":0.3,"unit":"mmol/L"}}]"#),
        told(Value::Null, Value::Null, json!("0.2-0.3 mmol/L")),
    );
    assert_eq!(
        range(r#"[{"text":"Men: 4-6"},{"low":{"value":3},"high":{"value":5}}]"#),
        told(Value::Null, Value::Null, json!("Men: 4-6; 3-5")),
    );
    assert_eq!(
        range(
            r#"[{"type":{"coding":[{"code":"therapeutic"}]},"low":{"value":1}},{"low":{"value":3}}]"#
        ),
        told(json!("3"), Value::Null, Value::Null),
    );
    assert_eq!(range(r#"[{"type":{"coding":[{"code":"therapeutic"}]},"text":"1"}]"#), Value::Null);
}
