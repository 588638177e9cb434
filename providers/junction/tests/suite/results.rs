//! Results, digit by digit, and alarms that only point at them.

use labgate_core::{
    Notice,
    model::{Interpretation, ReportStatus},
    notice::ReportNotice,
};
use serde_json::{Value, json};

use crate::subject::{body, check_unreadable, read};

#[test]
fn a_value_is_kept_to_its_last_digit() {
    check_value("7.0", r#"{"type":"quantity","value":"7.0","comparator":null,"unit":"mg/dL"}"#);
    check_value("7.10", r#"{"type":"quantity","value":"7.10","comparator":null,"unit":"mg/dL"}"#);
    check_value("-0.50", r#"{"type":"quantity","value":"-0.50","comparator":null,"unit":"mg/dL"}"#);
    check_value("1e-7", r#"{"type":"quantity","value":"1e-7","comparator":null,"unit":"mg/dL"}"#);
    check_value(
        "9007199254740993",
        r#"{"type":"quantity","value":"9007199254740993","comparator":null,"unit":"mg/dL"}"#,
    );
    check_value(
        "0.1000000000000000055511151231257827",
        r#"{"type":"quantity","value":"0.1000000000000000055511151231257827","comparator":null,"unit":"mg/dL"}"#,
    );
    check_value(
        r#""6.10""#,
        r#"{"type":"quantity","value":"6.10","comparator":null,"unit":"mg/dL"}"#,
    );
    check_value(
        r#""<0.010""#,
        r#"{"type":"quantity","value":"0.010","comparator":"<","unit":"mg/dL"}"#,
    );
    check_value(r#""3-10""#, r#"{"type":"range","low":"3","high":"10","unit":"mg/dL"}"#);
    check_value(r#""1:40""#, r#"{"type":"text","text":"1:40","unit":"mg/dL"}"#);
    check_value(r#""DETECTED""#, r#"{"type":"text","text":"DETECTED","unit":"mg/dL"}"#);
    check_value(r#""""#, "null");
    check_value("null", "null");
}

/// Checks a marker of one field after another against what is made of it.
fn check_marker(fields: &str, field: &str, expected: &str) {
    let body = with_value(&format!("-1,{fields}"));
    let told = crate::subject::JUNCTION.told(body.as_bytes()).unwrap();
    assert!(told.drift.is_empty(), "{:?}", told.drift);
    let observation = serde_json::to_value(&find(&told.notices).observations[0]).unwrap();
    assert_eq!(observation.pointer(field).unwrap().to_string(), expected, "{fields}");
}

#[test]
fn a_result_counts_by_its_type_and_minus_one_for_nothing() {
    check_marker(r#""result":"<0.5","type":"range""#, "/value/comparator", r#""<""#);
    check_marker(r#""result":"7.0","type":"numeric""#, "/value/value", r#""7.0""#);
    check_marker(r#""result":"DETECTED","type":"coded_value""#, "/value/code", r#""DETECTED""#);
    check_marker(r#""result":"3-10 seen","type":"comment""#, "/value/text", r#""3-10 seen""#);
    check_marker(r#""result":"-5","type":"range""#, "/value/text", r#""-5""#);
    check_marker(r#""result":"5-","type":"range""#, "/value/text", r#""5-""#);
    check_marker(r#""result":"<-5","type":"range""#, "/value/text", r#""<-5""#);
    check_marker(r#""result":">5","type":"range""#, "/value/comparator", r#"">""#);
    check_marker(r#""result":"-5","type":"numeric""#, "/value/value", r#""-5""#);
    check_marker(r#""result":"-5""#, "/value/text", r#""-5""#);
    check_marker(r#""result":"-1""#, "/value/value", r#""-1""#);
    check_marker(r#""type":"comment""#, "/value", "null");
    check_marker(r#""type":"numeric""#, "/value/value", r#""-1""#);
    check_marker(r#""notes":"n""#, "/value/value", r#""-1""#);
}

#[test]
fn an_unknown_type_is_counted_and_its_result_kept() {
    for (result, field, expected) in [("7.1", "/value/value", "7.1"), ("-5", "/value/text", "-5")] {
        let body = with_value(&format!(r#"-1,"result":"{result}","type":"quantitative""#));
        let told = crate::subject::JUNCTION.told(body.as_bytes()).unwrap();
        assert_eq!(Vec::from_iter(&told.drift), ["data.markers[].type"]);
        let observation = serde_json::to_value(&find(&told.notices).observations[0]).unwrap();
        assert_eq!(observation.pointer(field).unwrap(), expected);
    }
}

#[test]
fn a_range_says_whether_its_ends_are_inside() {
    let check = |text: &str, low: &str, high: &str| {
        let fields = format!(
            r#""min_range_value":1.0,"max_range_value":5.7,"reference_range":"{text}","loinc":"4548-4""#
        );
        check_marker(&fields, "/reference_range/low", r#""1.0""#);
        check_marker(&fields, "/reference_range/low_inclusive", low);
        check_marker(&fields, "/reference_range/high_inclusive", high);
        check_marker(&fields, "/code/loinc", r#""4548-4""#);
    };
    check("<5.7", "null", "false");
    check("<=5.7", "null", "true");
    check("< OR = 5.7", "null", "true");
    check("> or = 1", "true", "null");
    check("1.0-5.7", "true", "true");
    check("1.0 - <5.7", "true", "false");
    check("see comment", "null", "null");
}

#[test]
fn a_value_that_is_neither_text_nor_number_is_refused_by_name() {
    for value in ["true", "{}", "[1]"] {
        let expected = "data.markers[0].value: expected a string or a number";
        check_unreadable(with_value(value).as_bytes(), expected);
    }
}

#[test]
fn every_judgement_has_its_row() {
    for (text, expected) in [
        ("normal", Interpretation::Normal),
        ("abnormal", Interpretation::Abnormal),
        ("critical", Interpretation::Critical),
        ("unknown", Interpretation::Unknown),
        ("low", Interpretation::Low),
        ("high", Interpretation::High),
        ("critical_low", Interpretation::CriticalLow),
        ("critical_high", Interpretation::CriticalHigh),
        ("CRITICAL HIGH", Interpretation::CriticalHigh),
        (" critical ", Interpretation::Critical),
        ("critically-low", Interpretation::CriticalLow),
        ("HH", Interpretation::CriticalHigh),
        ("HH*", Interpretation::CriticalHigh),
        ("LL*", Interpretation::CriticalLow),
        ("C", Interpretation::Critical),
        ("crit", Interpretation::Critical),
        ("CRIT HIGH", Interpretation::CriticalHigh),
        ("panic", Interpretation::Critical),
        ("abnormal critical", Interpretation::Critical),
        ("", Interpretation::Unknown),
        ("borderline", Interpretation::Unknown),
        ("not critical", Interpretation::Unknown),
        ("H*", Interpretation::Unknown),
    ] {
        let mut body = body(READY);
        body["data"]["interpretation"] = json!(text);
        body["data"]["markers"][0]["interpretation"] = json!(text);
        let told = report(&body);
        assert_eq!(told.interpretation, Some(expected), "{text}");
        assert_eq!(told.observations[0].interpretation, expected, "{text}");
        assert_eq!(told.observations[0].provider_interpretation.as_deref(), Some(text));
        assert_eq!(told.is_critical(), expected.is_critical(), "{text}");
        let known = !["borderline", "not critical", "H*"].contains(&text);
        assert_eq!(read(&body).drift.contains("data.interpretation"), !known, "{text}");
    }
}

#[test]
fn the_labs_own_word_alarms_too() {
    for (junction, lab, expected, words, counted) in [
        ("normal", "critical", Interpretation::Critical, "normal; critical", false),
        ("normal", "LL", Interpretation::CriticalLow, "normal; LL", false),
        ("abnormal", "H", Interpretation::Abnormal, "abnormal; H", false),
        ("critical", "normal", Interpretation::Critical, "critical; normal", false),
        ("normal", "", Interpretation::Normal, "normal", false),
        ("normal", "normal", Interpretation::Normal, "normal", false),
        ("normal", "!!", Interpretation::Normal, "normal; !!", true),
    ] {
        let mut body = body(READY);
        body["data"]["markers"][0]["interpretation"] = json!(junction);
        body["data"]["markers"][0]["source_interpretation"] = json!(lab);
        let told = report(&body);
        assert_eq!(told.observations[0].interpretation, expected, "{lab}");
        assert_eq!(told.observations[0].provider_interpretation.as_deref(), Some(words));
        assert_eq!(told.is_critical(), expected.is_critical(), "{lab}");
        let drift = read(&body).drift;
        assert_eq!(drift.contains("data.markers[].source_interpretation"), counted, "{lab}");
    }
}

#[test]
fn a_count_of_critical_markers_alarms() {
    let mut body = body(READY);
    assert!(!report(&body).is_critical());
    body["data"]["critical_marker_count"] = json!(1);
    assert!(report(&body).is_critical());
}

#[test]
fn a_result_that_was_cancelled_is_neither_fetched_nor_an_alarm() {
    for word in ["cancelled", "canceled", "CANCELLED"] {
        let mut body = body("result-critical-final");
        body["data"]["status"] = json!(word);
        let told = report(&body);
        assert_eq!(told.status, ReportStatus::Cancelled, "{word}");
        assert!(!told.is_critical());
        assert!(!read(&body).notices.iter().any(|notice| matches!(notice, Notice::Fetch(_))));
    }
}

#[test]
fn nobody_judges_where_the_lab_does_not() {
    let mut body = body(READY);
    body["data"]["interpretation"] = json!(null);
    body["data"]["markers"][0]["interpretation"] = json!(null);
    let told = report(&body);
    assert_eq!(told.interpretation, None);
    assert_eq!(told.observations[0].interpretation, Interpretation::Unknown);
}

#[test]
fn every_state_of_a_result_has_its_row() {
    for (text, expected) in [
        (json!("final"), ReportStatus::Final),
        (json!("partial"), ReportStatus::Partial),
        (json!("preliminary"), ReportStatus::Unknown),
        (json!(null), ReportStatus::Unknown),
    ] {
        let mut body = body(READY);
        body["data"]["status"] = text.clone();
        assert_eq!(report(&body).status, expected, "{text}");
        let counted = read(&body).drift.contains("data.status");
        assert_eq!(counted, text == "preliminary", "{text}");
    }
}

#[test]
fn what_did_not_come_along_is_fetched() {
    let fetched =
        |body: &Value| read(body).notices.iter().any(|notice| matches!(notice, Notice::Fetch(_)));
    assert!(!fetched(&body(READY)));
    assert!(fetched(&body("result-ready-01-partial")), "fewer markers than their count");
    assert!(fetched(&body("result-critical-final")), "an alarm without markers");
    let mut uncounted = body(READY);
    uncounted["data"].as_object_mut().unwrap().remove("marker_count");
    assert!(!fetched(&uncounted));
}

#[test]
fn an_alarm_is_an_alarm_whatever_it_says() {
    for name in
        ["result-critical-final", "result-critical-guide-sample", "result-critical-with-markers"]
    {
        let mut body = body(name);
        body["data"]["interpretation"] = json!("normal");
        assert!(report(&body).is_critical(), "{name}");
    }
}

#[test]
fn a_result_speaks_for_the_labs_time() {
    let at = |fields: &[(&str, Value)]| {
        let mut body = body("result-critical-final");
        for (key, value) in fields {
            body["data"][*key] = value.clone();
        }
        report(&body).reported_at.to_string()
    };
    assert_eq!(at(&[("reported_at", json!("2026-08-05T00:00:00Z"))]), "2026-08-05T00:00:00Z");
    assert_eq!(at(&[]), "2026-08-05T09:04:05.033042Z", "the later of created_at and updated_at");
    assert_eq!(at(&[("created_at", json!(null))]), "2026-08-05T09:02:05.047106Z");
    let never = [("created_at", json!(null)), ("updated_at", json!(null))];
    assert_eq!(at(&never), "2026-10-01T00:00:00Z", "else when the webhook arrived");
}

const READY: &str = "result-ready-02-final";

/// A result whose one marker has `value`, written as it stands.
fn with_value(value: &str) -> String {
    format!(
        r#"{{"event_type":"labtest.result.ready","data":{{"order_id":"o","status":"final","markers":[{{"name":"m","unit":"mg/dL","value":{value}}}]}}}}"#
    )
}

fn check_value(value: &str, expected: &str) {
    let reading = crate::subject::JUNCTION.read(with_value(value).as_bytes()).unwrap();
    let told = reading.notices.unwrap();
    let observation = &find(&told.notices).observations[0];
    assert_eq!(serde_json::to_string(&observation.value).unwrap(), expected, "{value}");
}

fn report(body: &Value) -> ReportNotice {
    find(&read(body).notices)
}

fn find(notices: &[Notice]) -> ReportNotice {
    let report = notices.iter().find_map(|notice| match notice {
        Notice::Report(report) => Some(report.clone()),
        Notice::Order(_) | Notice::Appointment(_) | Notice::Fetch(_) => None,
    });
    *report.expect("the body reports something")
}
