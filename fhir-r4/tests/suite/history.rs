//! Bundles that hold several versions of a resource.

use labgate_core::{Notices, model::ReportStatus};
use serde_json::{Value, json};

use super::{bundle, drift, fetches, observation, orders, report, reports, said, with};

/// A version of a resource.
fn version(number: &str, at: Option<&str>, resource: Value) -> Value {
    with(resource, json!({ "meta": { "versionId": number, "lastUpdated": at } }))
}

fn at(day: u8, hour: u8) -> String {
    format!("2026-03-{day:02}T{hour:02}:00:00Z")
}

fn results(reference: &str) -> Value {
    json!({ "result": [{ "reference": reference }], "conclusion": null, "issued": null })
}

fn x1(value: u8) -> Value {
    observation("x1", json!({ "valueQuantity": { "value": value } }))
}

/// Each report with its values, the oldest first.
fn told(notices: &Notices) -> Vec<(String, Vec<String>)> {
    let mut told: Vec<_> = reports(notices)
        .into_iter()
        .map(|report| {
            let value = |found: &_| serde_json::to_value(found).unwrap()["value"]["value"].clone();
            let values = report.observations.iter().map(value);
            let values = values.map(|value| value.as_str().unwrap_or("none").to_owned());
            (report.reported_at.to_string(), values.collect())
        })
        .collect();
    told.sort();
    told
}

fn check(resources: &[Value], expected: &[(&str, &[&str])]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(at, values)| (at.to_string(), values.iter().map(ToString::to_string).collect()))
        .collect();
    let mut resources = resources.to_vec();
    for _ in 0..resources.len() {
        assert_eq!(told(&said(&bundle(&resources))), expected);
        resources.rotate_left(1);
    }
}

#[test]
fn each_version_has_its_own_value() {
    let of =
        |day: u8| version(&day.to_string(), Some(&at(day, 10)), report(results("Observation/x1")));
    let found = |day: u8, hour: u8| version(&day.to_string(), Some(&at(day, hour)), x1(day));
    check(
        &[of(2), found(2, 9), of(1), found(1, 9)],
        &[("2026-03-01T10:00:00Z", &["1"]), ("2026-03-02T10:00:00Z", &["2"])],
    );
    // The value changed between the report's versions, and after the last of them.
    check(
        &[of(5), found(6, 9), found(4, 9), of(2), found(1, 9)],
        &[("2026-03-02T10:00:00Z", &["1"]), ("2026-03-06T09:00:00Z", &["6"])],
    );
    // It was stored after the report that it belongs to.
    check(
        &[of(2), found(2, 11), of(1), found(1, 11)],
        &[("2026-03-01T11:00:00Z", &["1"]), ("2026-03-02T11:00:00Z", &["2"])],
    );
    // It never changed.
    check(
        &[of(2), of(1), found(1, 9)],
        &[("2026-03-01T10:00:00Z", &["1"]), ("2026-03-02T10:00:00Z", &["1"])],
    );
}

#[test]
fn a_reference_may_ask_for_a_version() {
    let of = |day: u8, asked: u8| {
        let results = results(&format!("Observation/x1/_history/{asked}"));
        version(&day.to_string(), Some(&at(day, 10)), report(results))
    };
    let found = |day: u8| version(&day.to_string(), Some(&at(day, 9)), x1(day));
    // Their times decide nothing then.
    check(
        &[of(3, 1), of(1, 2), found(2), found(1)],
        &[("2026-03-02T09:00:00Z", &["2"]), ("2026-03-03T10:00:00Z", &["1"])],
    );
    let newest = said(&bundle(&[of(3, 1), found(2), found(1)]));
    assert_eq!(drift(&newest), ["DiagnosticReport.result[]"], "the newer value is not shown");
    // An absolute one is no other.
    let whole = results("https://fhir.test/Observation/x1/_history/1");
    let whole = version("3", Some(&at(3, 10)), report(whole));
    check(&[whole, found(2), found(1)], &[("2026-03-03T10:00:00Z", &["1"])]);
    // Another version than the one that is asked for says something else.
    let notices = said(&bundle(&[of(3, 7), found(2)]));
    assert!(reports(&notices)[0].observations.is_empty());
    assert_eq!(reports(&notices)[0].status, ReportStatus::Partial);
    assert_eq!(fetches(&notices), ["DiagnosticReport/r1"]);
}

#[test]
fn members_are_of_the_time_of_the_report() {
    let of = |day: u8| {
        version(&day.to_string(), Some(&at(day, 10)), report(results("Observation/panel")))
    };
    let panel = observation(
        "panel",
        json!({
            "hasMember": [{ "reference": "Observation/x1" }], "valueQuantity": null,
        }),
    );
    let found = |day: u8| version(&day.to_string(), Some(&at(day, 9)), x1(day));
    check(
        &[of(2), of(1), version("1", Some(&at(1, 8)), panel), found(2), found(1)],
        &[("2026-03-01T10:00:00Z", &["1"]), ("2026-03-02T10:00:00Z", &["2"])],
    );
}

#[test]
fn versions_of_a_loose_observation_are_versions_of_its_report() {
    let order = json!({ "basedOn": [{ "reference": "ServiceRequest/o1" }] });
    let found =
        |day: u8| version(&day.to_string(), Some(&at(day, 9)), with(x1(day), order.clone()));
    let history = [found(2), found(1)];
    check(&history, &[("2026-03-01T09:00:00Z", &["1"]), ("2026-03-02T09:00:00Z", &["2"])]);
    let notices = said(&bundle(&history));
    let ids: Vec<_> = reports(&notices).iter().map(|it| it.provider_report_id.clone()).collect();
    assert_eq!(ids[0], ids[1]);
    // What a report has in its newest version is no result by itself in an older one.
    let results = with(results("Observation/x1"), order);
    let whole = version("1", Some(&at(2, 10)), report(results));
    check(&[whole, history[0].clone(), history[1].clone()], &[("2026-03-02T10:00:00Z", &["2"])]);
}

#[test]
fn a_version_that_nothing_dates_says_nothing() {
    let of = |number: &str| version(number, None, report(results("Observation/x1")));
    let notices = said(&bundle(&[of("1"), of("2"), x1(1)]));
    assert_eq!(reports(&notices).len(), 1);
    assert_eq!(drift(&notices), ["meta.lastUpdated"]);
    // Values without a time belong to the newest report alone.
    let of =
        |day: u8| version(&day.to_string(), Some(&at(day, 10)), report(results("Observation/x1")));
    let found = |number: &str, value: u8| version(number, None, x1(value));
    check(
        &[of(2), of(1), found("1", 1), found("2", 2)],
        &[("2026-03-01T10:00:00Z", &[]), ("2026-03-02T10:00:00Z", &["2"])],
    );
}

#[test]
fn a_body_that_holds_a_resource_twice_says_it_once_more() {
    let whole = version("1", Some(&at(2, 10)), report(results("Observation/x1")));
    let once = told(&said(&bundle(&[whole.clone(), x1(1)])));
    let twice = told(&said(&bundle(&[whole.clone(), x1(1), whole, x1(1)])));
    assert_eq!(twice, [once.clone(), once].concat());
}

#[test]
fn an_order_has_each_of_its_statuses() {
    let of = |number: u8, status: &str| {
        let request = json!({ "resourceType": "ServiceRequest", "id": "o1", "status": status });
        version(&number.to_string(), Some(&at(number, 9)), request)
    };
    let notices = said(&bundle(&[of(2, "completed"), of(1, "active")]));
    let statuses: Vec<_> =
        orders(&notices).iter().map(|it| it.entries[0].provider_status.clone().unwrap()).collect();
    assert_eq!(statuses, ["completed", "active"]);
}

#[test]
fn a_deletion_is_seen() {
    let deleted = json!({ "resourceType": "Bundle", "type": "history", "entry": [
        { "fullUrl": "https://fhir.test/Observation/x1",
          "request": { "method": "DELETE", "url": "Observation/x1" } },
    ] });
    let notices = said(&deleted);
    assert!(notices.notices.is_empty());
    assert_eq!(drift(&notices), ["Bundle.entry[].request.method"]);
}

#[test]
fn a_long_history_is_read_in_full() {
    let (count, results) = (3_000_u32, results("Observation/x1"));
    let minute = |number: u32| {
        let (day, hour) = (1 + number / 1440, number / 60 % 24);
        format!("2026-03-{day:02}T{hour:02}:{:02}:00Z", number % 60)
    };
    let mut resources = Vec::new();
    for number in 0..count {
        let (id, at) = (number.to_string(), minute(number));
        resources.push(version(&id, Some(&at), report(results.clone())));
        resources.push(version(&id, Some(&at), x1(1)));
    }
    let notices = said(&bundle(&resources));
    assert_eq!(reports(&notices).len(), 3_000);
    assert!(reports(&notices).iter().all(|report| report.observations.len() == 1));
}
