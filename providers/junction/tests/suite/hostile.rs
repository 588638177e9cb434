//! Proven bodies that no vendor should send: read or refused, and never a panic.

use labgate_core::{Notice, Notices, decode::Unreadable};
use labgate_testkit::goldens;
use serde_json::{Value, json};

use crate::subject::{JUNCTION, body, check_unreadable, read_order};

#[test]
fn what_is_no_event_is_refused_by_name() {
    check_unreadable(b"", "body: expected an object");
    check_unreadable(b"\xef\xbb\xbf[]", "body: expected an object");
    check_unreadable(b"null", "body: expected an object");
    check_unreadable(b"[]", "body: expected an object");
    check_unreadable(b"{}", "event_type: missing, and the body is no bare order");
    check_unreadable(b"{\"id\":\"o\"}", "event_type: missing, and the body is no bare order");
    check_unreadable(br#"{"event_type":""}"#, &format!("event_type: {ID}"));
    check_unreadable(br#"{"event_type":{}}"#, &format!("event_type: {ID}"));
    check_unreadable(br#"{"event_type":"labtest.order.updated"}"#, "data: missing field `id`");
    check_unreadable(
        br#"{"event_type":"labtest.result.ready","data":{"id":"o"}}"#,
        "data: missing field `order_id`",
    );
}

#[test]
fn what_waits_in_quarantine_is_named() {
    let body = br#"{"event_type":"labtest.result.critical","data":{"status":5}}"#;
    let reading = JUNCTION.read(body).unwrap();
    assert_eq!(reading.event_type.as_str(), "labtest.result.critical");
    assert!(reading.notices.is_err());
}

#[test]
fn an_error_names_the_field() {
    check_at("/id", json!("x".repeat(10_000)), &format!("id: {ID}"));
    check_at("/id", json!("a\u{0}b"), &format!("id: {ID}"));
    check_at("/id", json!(1.5), &format!("id: {ID}"));
    check_at("/created_at", json!("soon"), "created_at: expected an RFC 3339 time");
    check_at("/created_at", json!("9999-12-31T23:59:59Z"), "created_at: expected an RFC 3339 time");
    check_at("/created_at", json!(1_785_859_200), "created_at: expected a string");
    check_at("/events", json!({}), "events: expected a sequence");
    check_at("/events/1/status", json!(null), "events[1].status: expected a string");
    check_at("/events/1/created_at", json!(""), "events[1].created_at: expected an RFC 3339 time");
    check_at("/events/1", json!("ordered"), "events[1]: expected an object");
}

/// Checks that `value` at `place` is counted as drift there, and costs nothing else.
fn check_dispensed(place: &str, value: Value, drift: &str) {
    let mut body = body(COMPLETED);
    *body.pointer_mut(&format!("/data{place}")).unwrap() = value;
    let told = JUNCTION.told(body.to_string().as_bytes()).unwrap();
    assert_eq!(Vec::from_iter(told.drift), [format!("data.{drift}")]);
    assert_eq!(read_order(&body).entries, read_order(&crate::subject::body(COMPLETED)).entries);
}

#[test]
fn what_can_be_done_without_does_not_cost_the_order() {
    check_dispensed("/has_missing_results", json!("false"), "has_missing_results");
    check_dispensed("/lab_test/markers", json!("all"), "lab_test.markers");
    check_dispensed("/patient_details/first_name", json!(7), "patient_details.first_name");
    check_dispensed("/patient_details", json!([]), "patient_details");
    check_dispensed("/details/data", json!([]), "details.data");
    check_dispensed("/team_id", json!(""), "team_id");
    check_dispensed("/sample_id", json!(5), "sample_id");
    check_dispensed("/events/0/status_detail", json!({}), "events[].status_detail");
}

#[test]
fn an_array_where_an_object_belongs_is_refused() {
    let order = "data: expected an object";
    check_unreadable(br#"{"event_type":"labtest.order.updated","data":[]}"#, order);
    check_unreadable(br#"{"event_type":"labtest.order.updated","data":["o"]}"#, order);
    check_at("/events/0", json!([1]), "events[0]: expected an object");
    assert!(JUNCTION.told(b"[[],[],[],[],[],[]]").is_err());
}

#[test]
fn years_that_a_calendar_knows_are_read() {
    for year in ["0000", "0001", "9999"] {
        let at = format!("{year}-06-01T00:00:00Z");
        let mut body = body(COMPLETED);
        body["data"]["events"][0]["created_at"] = json!(at);
        // One that lies in the future orders nothing.
        let told = read_order(&body);
        let mut entries = told.entries.iter();
        let found = entries.find(|it| it.provider_at.unwrap_or(it.at).to_string() == at).unwrap();
        assert_eq!(found.provider_at.is_some(), year == "9999");
    }
}

#[test]
fn an_integer_keeps_every_digit() {
    let mut body = body(COMPLETED);
    body["data"]["id"] = json!(9_007_199_254_740_993_u64);
    body["data"]["events"][0]["id"] = json!(u64::MAX);
    let order = read_order(&body);
    assert_eq!(order.provider_order_id.as_str(), "9007199254740993");
    let id = order.entries[0].provider_event_id.as_ref().unwrap();
    assert_eq!(id.as_str(), "18446744073709551615");
    let past = body.to_string().replace("18446744073709551615", "18446744073709551616");
    check_unreadable(past.as_bytes(), &format!("data.events[0].id: {ID}"));
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    for (body, expected) in [
        (r#"{"event_type":"a","event_type":"b","data":{}}"#, "body: duplicate field `event_type`"),
        (
            r#"{"event_type":"labtest.order.updated","data":{"id":"a","id":"b"}}"#,
            "data: duplicate field `id`",
        ),
    ] {
        check_unreadable(body.as_bytes(), expected);
    }
}

#[test]
fn depth_is_no_way_in() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    for deep in [deep, objects] {
        assert!(JUNCTION.told(deep.as_bytes()).is_err());
        for event_type in ["labtest.order.updated", "labtest.result.ready"] {
            let body = format!(r#"{{"event_type":"{event_type}","data":{deep}}}"#);
            assert!(JUNCTION.told(body.as_bytes()).is_err());
        }
        // Where nobody looks, it does no harm.
        for body in [
            format!(r#"{{"event_type":"daily.data.steps.created","data":{deep}}}"#),
            format!(r#"{{"event_type":"labtest.order.updated","data":{{"id":"o","new":{deep}}}}}"#),
        ] {
            assert!(JUNCTION.read(body.as_bytes()).unwrap().notices.is_ok());
        }
        let value = format!(
            r#"{{"event_type":"labtest.result.ready","data":{{"order_id":"o","markers":[{{"name":"m","value":{deep}}}]}}}}"#
        );
        check_unreadable(value.as_bytes(), "data.markers[0].value: expected a string or a number");
    }
}

#[test]
fn what_is_not_utf_8_is_refused() {
    let golden = goldens::one(&JUNCTION, COMPLETED).request.body;
    let at = golden.windows(6).position(|window| window == b"Jordan").unwrap();
    for bytes in [[0xff, 0xfe], [0xc0, 0x80], [0xed, 0xa0]] {
        let mut body = golden.to_vec();
        body[at..at + 2].copy_from_slice(&bytes);
        assert!(JUNCTION.told(&body).is_err());
    }
}

#[test]
fn what_is_not_utf_8_is_refused_even_where_nobody_reads() {
    check_unreadable(b"{\"event_type\":\"daily.data.sleep\",\"zz\":\"\xff\"}", "body: not UTF-8");
}

#[test]
fn the_time_of_an_appointment_is_not_lost_for_a_typo() {
    let mut body = body("appointment-psc-03-confirmed");
    body["data"]["start_at"] = json!("soon");
    let expected = "data.start_at: expected an RFC 3339 time";
    check_unreadable(body.to_string().as_bytes(), expected);
}

/// What the text of a golden says with `replacement` for the first `found`.
fn told_with(golden: &str, found: &str, replacement: &str) -> Result<Notices, Unreadable> {
    let body = goldens::one(&JUNCTION, golden).request.body;
    let body = str::from_utf8(&body).unwrap();
    assert!(body.contains(found), "{found}");
    JUNCTION.told(body.replacen(found, replacement, 1).as_bytes())
}

#[test]
fn half_a_character_costs_itself_only() {
    for (golden, found, replacement, place) in [
        (CRITICAL, "Called to the", r"Called \ud83d", "data.markers[].notes"),
        (CRITICAL, "Potassium", r"Potassium \udc00", "data.markers[].name"),
        (CRITICAL, "critical_high", r"critical_high\ud83d", "data.markers[].interpretation"),
        (CRITICAL, r#""notes""#, r#""n\ud83d""#, "data.markers[].*"),
        (CRITICAL, "QX4129934471", r"\ud83dQX", "data.sample_id"),
        (COMPLETED, "received.walk_in_test.ordered", r"\ud800", "data.events[].status"),
    ] {
        let told = told_with(golden, found, replacement).unwrap();
        assert_eq!(Vec::from_iter(&told.drift), [place], "{replacement}");
        let whole = JUNCTION.told(&goldens::one(&JUNCTION, golden).request.body).unwrap();
        assert_eq!(told.notices.len(), whole.notices.len(), "{replacement}");
        if golden == CRITICAL {
            let Notice::Report(report) = &told.notices[1] else { panic!("a report") };
            assert!(report.is_critical());
            let value = serde_json::to_value(&report.observations[0].value).unwrap();
            assert_eq!(value["value"], "7.0");
        }
    }
}

#[test]
fn half_a_character_in_an_id_is_refused_by_name() {
    let problem =
        |golden, found, replacement| told_with(golden, found, replacement).unwrap_err().to_string();
    let id = r#""order_id": "476fb725"#;
    let half = r#""order_id": "\ud83d476fb725"#;
    assert_eq!(problem(CRITICAL, id, half), "data.order_id: not of the expected form");
    let half = problem(CRITICAL, "labtest.result.critical", r"labtest.result.critical\ud83d");
    assert_eq!(half, "event_type: not of the expected form");
}

#[test]
fn misfits_in_any_number_cost_themselves_only() {
    let count = 600;
    let marker = |index: usize| {
        let mut marker = json!({
            "name": format!("Marker {index}"),
            "result": format!("{index}.50"),
            "type": "numeric",
            "loinc": { "id": index, "code": "13458-5" },
        });
        if index.is_multiple_of(2) {
            marker["notes"] = json!([index]);
        }
        marker
    };
    let mut markers: Vec<_> = (0..count).map(marker).collect();
    markers.insert(7, Value::Null);
    let mut body = body(CRITICAL);
    body["data"]["markers"] = json!(markers);
    let told = JUNCTION.told(body.to_string().as_bytes()).unwrap();
    assert_eq!(
        Vec::from_iter(&told.drift),
        ["data.markers[]", "data.markers[].loinc", "data.markers[].notes"]
    );
    let Notice::Report(report) = &told.notices[1] else { panic!("a report") };
    assert_eq!(report.observations.len(), count);
    for (index, observation) in report.observations.iter().enumerate() {
        assert_eq!(observation.code.name, format!("Marker {index}"));
        let value = serde_json::to_value(&observation.value).unwrap();
        assert_eq!(value["value"], format!("{index}.50"));
    }
}

#[test]
fn legal_json_that_fits_no_type_costs_itself_only() {
    let told = told_with(CRITICAL, r#""slug": "potassium""#, r#""slug": 1e999"#).unwrap();
    assert_eq!(Vec::from_iter(told.drift), ["data.markers[].slug"]);
    let told = told_with(CRITICAL, r#""marker_count": 1"#, r#""marker_count": 1e999"#).unwrap();
    assert_eq!(Vec::from_iter(told.drift), ["data.marker_count"]);
    let twice = r#""slug": "potassium", "slug": "potassium""#;
    let told = told_with(CRITICAL, r#""slug": "potassium""#, twice).unwrap();
    assert_eq!(Vec::from_iter(told.drift), ["data.markers[].slug"]);
    let twice = r#""value": 7.0, "value": 7.1"#;
    let error = told_with(CRITICAL, r#""value": 7.0"#, twice).unwrap_err();
    assert_eq!(error.to_string(), "data.markers[0]: duplicate field `value`");
    let golden = goldens::one(&JUNCTION, CRITICAL).request.body;
    let marked = [b"\xef\xbb\xbf", &golden[..]].concat();
    assert_eq!(JUNCTION.told(&marked).unwrap().notices, JUNCTION.told(&golden).unwrap().notices);
}

const COMPLETED: &str = "order-walkin-07-completed";
const CRITICAL: &str = "result-critical-with-markers";
const ID: &str = "expected an id of 1 to 255 bytes without control characters";

fn check_at(place: &str, value: Value, expected: &str) {
    let mut body = body(COMPLETED);
    *body.pointer_mut(&format!("/data{place}")).unwrap() = value;
    check_unreadable(body.to_string().as_bytes(), &format!("data.{expected}"));
}
