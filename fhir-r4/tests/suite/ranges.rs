//! Reference ranges: exact, and shown as everybody's only if they are.

use serde_json::{Value, json};

use super::{drift, notices, refused, reports};

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
    assert_eq!(range(r#"[{"type":{"text":"normal"}},{"age":{"low":{"value":18}}}]"#), Value::Null);
}

/// The usual range of a value in mg/dL, and the others, without what they don't say.
fn ranges(said: &Value) -> (Value, Vec<Value>) {
    let value = r#""valueQuantity":{"value":5.0,"unit":"mg/dL","code":"mg/dL"}"#;
    let notices = notices(&format!(r#"{value},"referenceRange":{said}"#));
    assert!(drift(&notices).is_empty(), "{said}");
    let found = reports(&notices)[0].observations[0].clone();
    let told = |range: Value| {
        let mut range = range;
        range.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        range
    };
    let usual = found.reference_range.map(|range| told(serde_json::to_value(range).unwrap()));
    let others =
        found.other_ranges.into_iter().map(|range| told(serde_json::to_value(range).unwrap()));
    (usual.unwrap_or_default(), others.collect())
}

#[test]
fn a_range_for_some_is_not_everybodys() {
    let bounds = |low: &str, high: &str| {
        json!({
            "low": { "value": low, "unit": "mg/dL" }, "high": { "value": high, "unit": "mg/dL" },
        })
    };
    let plain = |low: &str, high: &str| json!({ "low": low, "low_inclusive": true, "high": high, "high_inclusive": true });
    let with = super::with;
    let said = json!([
        with(bounds("12.0", "15.5"), json!({ "appliesTo": [{ "text": "Female" }] })),
        with(
            bounds("13.5", "17.5"),
            json!({ "appliesTo": [{ "coding": [{ "code": "male" }] }, { "text": "Adult" }] })
        ),
        with(
            bounds("11.0", "14.0"),
            json!({ "age": { "high": { "value": 12, "unit": "years" } } })
        ),
        with(
            bounds("10", "14"),
            json!({ "age": { "low": { "value": 18, "code": "a" }, "high": { "value": 65.5, "code": "a" } } })
        ),
        with(bounds("9.5", "14"), json!({ "type": { "coding": [{ "code": "pre-puberty" }] } })),
        with(bounds("8", "20"), json!({ "type": { "text": "Treatment" } })),
        with(
            bounds("7", "21"),
            json!({ "type": { "coding": [{ "code": "normal" }], "text": "Second trimester" } })
        ),
    ]);
    let expected = [
        with(plain("12.0", "15.5"), json!({ "applies_to": ["Female"] })),
        with(plain("13.5", "17.5"), json!({ "applies_to": ["male", "Adult"] })),
        with(plain("11.0", "14.0"), json!({ "age": { "low": null, "high": "12 years" } })),
        with(plain("10", "14"), json!({ "age": { "low": "18 a", "high": "65.5 a" } })),
        with(plain("9.5", "14"), json!({ "kind": "pre-puberty" })),
        with(plain("8", "20"), json!({ "kind": "Treatment" })),
        with(plain("7", "21"), json!({ "kind": "Second trimester" })),
    ];
    assert_eq!(ranges(&said), (Value::Null, expected.to_vec()));
    let mut all = said.as_array().unwrap().clone();
    all.push(with(
        bounds("6", "22"),
        json!({ "type": { "coding": [{ "code": "normal", "display": "Normal Range" }] } }),
    ));
    assert_eq!(ranges(&json!(all)), (plain("6", "22"), expected.to_vec()));

    let unnamed = json!([with(
        bounds("1", "2"),
        json!({ "appliesTo": [{ "coding": [{ "system": "urn:x" }] }] })
    )]);
    let body = format!(
        r#"{{"resourceType":"Observation","id":"x","status":"final","basedOn":[{{"reference":"ServiceRequest/o1"}}],
            "valueInteger":1,"referenceRange":{unnamed}}}"#
    );
    assert_eq!(refused(&body), "Observation.referenceRange[].appliesTo: nothing that can be said");
}

#[test]
fn bounds_say_no_more_than_the_text() {
    let high = |text: &str, high: Value| {
        let (usual, _) = ranges(&json!([{ "high": high, "text": text }]));
        assert_eq!((&usual["high"], &usual["text"]), (&json!("5.7"), &json!(text)));
        usual["high_inclusive"].as_bool()
    };
    assert_eq!(high("<5.7", json!({ "value": 5.7 })), Some(false));
    assert_eq!(high("< 5.70 mg/dL", json!({ "value": 5.7 })), Some(false));
    assert_eq!(high("<=5.7", json!({ "value": 5.7 })), Some(true));
    assert_eq!(high("less than 5.7", json!({ "value": 5.7 })), None);
    assert_eq!(high("<5.7", json!({ "value": 5.7, "comparator": "<=" })), None);
    assert_eq!(high("Negative", json!({ "value": 5.7, "comparator": "<" })), Some(false));
    let (usual, _) = ranges(
        &json!([{ "low": { "value": 1, "comparator": ">" }, "high": { "value": 2, "comparator": "<=" } }]),
    );
    assert_eq!(
        usual,
        json!({ "low": "1", "low_inclusive": false, "high": "2", "high_inclusive": true })
    );
}

#[test]
fn bounds_in_another_unit_name_it_and_mixed_ones_are_words() {
    let check =
        |said: Value, expected: Value| assert_eq!(ranges(&json!([said])).0, expected, "{said}");
    check(
        json!({ "low": { "value": 0.2, "unit": "mmol/L" }, "high": { "value": 0.3, "unit": "mmol/L" } }),
        json!({ "low": "0.2", "low_inclusive": true, "high": "0.3", "high_inclusive": true, "unit": "mmol/L" }),
    );
    check(
        json!({ "high": { "value": 6, "unit": "mg per dL", "code": "mg/dL" } }),
        json!({ "high": "6", "high_inclusive": true }),
    );
    let mixed =
        json!({ "low": { "value": 1, "unit": "g/L" }, "high": { "value": 200, "unit": "mg/dL" } });
    check(mixed.clone(), json!({ "text": "1 g/L - 200 mg/dL" }));
    check(
        super::with(mixed, json!({ "text": "usual" })),
        json!({ "text": "usual (1 g/L - 200 mg/dL)" }),
    );
    let odd =
        notices(r#""valueInteger":1,"referenceRange":[{"high":{"value":5,"comparator":">"}}]"#);
    let range = reports(&odd)[0].observations[0].reference_range.clone().unwrap();
    assert_eq!((range.high, range.text.as_deref()), (None, Some(">5")));
    assert_eq!(drift(&odd), ["Observation.referenceRange[].comparator"]);
    // Beside a value without a unit every unit is another one.
    let bare = notices(r#""valueInteger":1,"referenceRange":[{"high":{"value":5,"unit":"mg"}}]"#);
    let range = reports(&bare)[0].observations[0].reference_range.clone().unwrap();
    assert_eq!(range.unit.as_deref(), Some("mg"));
}
