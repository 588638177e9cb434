//! Observations: each kind of value, to the digit.

use serde_json::{Value, json};

use super::{drift, notices, observation, refused, report, reports, said};

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
    check_value(r#""valueSampledData":{"data":"1 2"}"#, &text("1 2"));
    check_value(
        r#""valueSampledData":{"origin":{"value":0.0,"unit":"g/L","system":"http://unitsofmeasure.org"},
            "period":10,"factor":1.50,"lowerLimit":-9,"upperLimit":9,"dimensions":1,"data":"2 E U"}"#,
        &text(
            "2 E U (origin 0.0 g/L, period 10 ms, factor 1.50, lower limit -9, upper limit 9, dimensions 1)",
        ),
    );
    check_value(
        r#""valuePeriod":{"start":"2026-03-04","end":"2026-03-05"}"#,
        &text("2026-03-04/2026-03-05"),
    );
    check_value(r#""valuePeriod":{"start":"2026-03"}"#, &text("2026-03/.."));
}

#[test]
fn a_coded_value_keeps_every_coding() {
    let coding =
        json!({ "system": "http://snomed.info/sct", "code": "260373001", "display": "Detected" });
    let own = json!({ "system": "urn:lab", "code": "DET", "display": null });
    let check = |concept: Value, expected: Value| {
        check_value(&format!(r#""valueCodeableConcept":{concept}"#), &expected);
    };
    let text = |text: &str| json!({ "type": "text", "text": text, "unit": null, "codings": [coding, own] });
    check(json!({ "coding": [coding, own] }), text("Detected"));
    check(json!({ "coding": [coding, own], "text": "SARS-CoV-2 found" }), text("SARS-CoV-2 found"));
    check(json!({ "text": "Found" }), json!({ "type": "text", "text": "Found", "unit": null }));
    let bare = json!({ "system": null, "code": "260373001", "display": null });
    check(
        json!({ "coding": [bare] }),
        json!({ "type": "coded", "code": "260373001", "codings": [bare] }),
    );
}

#[test]
fn a_unit_is_told_in_words_and_in_its_code() {
    check_value(
        r#""valueQuantity":{"value":4.2,"unit":"K/uL","code":"10*3/uL"}"#,
        &json!({
            "type": "quantity", "value": "4.2", "comparator": null, "unit": "K/uL",
            "unit_code": "10*3/uL",
        }),
    );
    let range = r#""valueRange":{"low":{"value":4.2,"unit":"K/uL","code":"10*3/uL"}}"#;
    check_value(
        range,
        &json!({
            "type": "quantity", "value": "4.2", "comparator": ">=", "unit": "K/uL",
            "unit_code": "10*3/uL",
        }),
    );
}

#[test]
fn sides_keep_their_signs_and_units() {
    let text = |text: &str| json!({ "type": "text", "text": text, "unit": null });
    let range = |low: &str, high: &str| format!(r#""valueRange":{{"low":{low},"high":{high}}}"#);
    check_value(
        &range(r#"{"value":1,"unit":"g/L"}"#, r#"{"value":200,"unit":"mg/dL"}"#),
        &text("1 g/L - 200 mg/dL"),
    );
    check_value(&range(r#"{"value":1,"comparator":">"}"#, r#"{"value":2}"#), &text(">1 - 2"));
    check_value(&range("null", r#"{"value":2.0,"comparator":"<"}"#), &text("high: <2.0"));
    let ratio = |numerator: &str, denominator: &str| {
        format!(r#""valueRatio":{{"numerator":{numerator},"denominator":{denominator}}}"#)
    };
    let half = r#"{"value":0.5,"unit":"ug/mL"}"#;
    check_value(&ratio(half, r#"{"unit":"ug/mL"}"#), &text("0.5 ug/mL"));
    check_value(
        &ratio(r#"{"value":0.5,"comparator":"<=","code":"ug/mL"}"#, r#"{"code":"ug/mL"}"#),
        &text("<=0.5 ug/mL"),
    );
    // What else a side leaves open is not made up.
    check_value(&ratio(half, r#"{"unit":"dL"}"#), &text("0.5 ug/mL:? dL"));
    check_value(&ratio(r#"{"value":1}"#, "null"), &text("1:?"));
    check_value(&ratio(r#"{"value":1}"#, r#"{"value":40,"comparator":">"}"#), &text("1:>40"));
}

#[test]
fn what_can_not_be_said_is_not_no_value() {
    let check = |fields: Value, expected: &str| {
        let fields = fields.as_object().unwrap().clone();
        let mut body = observation("x1", json!({ "valueQuantity": null }));
        body.as_object_mut().unwrap().extend(fields.clone());
        let refuses = |body: &Value| {
            let body = report(json!({ "contained": [body] }));
            assert_eq!(refused(&body.to_string()), expected, "{body}");
        };
        refuses(&body);
        let part = json!([{ "code": { "text": "part" } }]);
        let mut body = observation("x1", json!({ "component": part }));
        body["component"][0].as_object_mut().unwrap().extend(fields);
        refuses(&body);
    };
    let two = "Observation.value[x]: more than one value";
    check(json!({ "valueString": "x", "valueQuantity": { "value": 1 } }), two);
    check(json!({ "valueInteger": 1, "valueBoolean": false }), two);
    check(json!({ "valueTime": "10:00:00", "valueAttachment": {} }), two);
    let nothing = "Observation.value[x]: nothing that can be said";
    check(
        json!({ "valueAttachment": { "contentType": "image/png", "data": "iVBORw==" } }),
        nothing,
    );
    check(json!({ "valueReference": { "reference": "MolecularSequence/1" } }), nothing);
    check(json!({ "valueRatio": {} }), nothing);
    check(json!({ "valueQuantity": { "unit": "mg/dL" } }), nothing);
    check(json!({ "valueCodeableConcept": { "coding": [{ "system": "urn:lab" }] } }), nothing);
    let unknown = json!([{ "url": "urn:x", "valueString": "x" }]);
    check(json!({ "valueQuantity": { "extension": unknown } }), nothing);
    check(json!({ "_valueString": { "extension": unknown } }), nothing);
    // A number that is said not to be there must not be shown.
    let reason = json!({ "coding": [{ "code": "error" }] });
    check(
        json!({ "valueQuantity": { "value": 0 }, "dataAbsentReason": reason }),
        "Observation.dataAbsentReason: a reason why there is no value, beside a value",
    );
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
