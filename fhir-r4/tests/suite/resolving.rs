//! Where the results of a report are found.

use labgate_core::{Notices, model::ReportStatus};
use serde_json::{Value, json};

use super::{bundle, drift, fetches, names, observation, orders, report, reports, said, with};

fn results(references: &[&str]) -> Value {
    let references: Vec<_> = references.iter().map(|text| json!({ "reference": text })).collect();
    json!({ "result": references })
}

fn check(notices: &Notices, expected: &[&str]) {
    let report = reports(notices)[0];
    assert_eq!(report.status, ReportStatus::Final);
    assert_eq!(names(&report.observations), expected);
    assert_eq!(reports(notices).len(), 1);
    assert!(fetches(notices).is_empty());
    assert!(notices.drift.is_empty());
}

#[test]
fn contained_results_are_found_by_their_fragment() {
    let contained = json!({ "contained": [
        observation("x1", json!({})), observation("x2", json!({})), observation("x3", json!({})),
    ] });
    // One that nothing leads to belongs to the report all the same.
    let body = with(report(results(&["#x2", "#x1"])), contained);
    check(&said(&body), &["x2", "x1", "x3"]);
    check(&said(&bundle(&[body])), &["x2", "x1", "x3"]);
}

#[test]
fn a_fragment_means_something_in_its_own_resource_only() {
    let inner = json!({ "contained": [observation("x1", json!({}))] });
    let notices = said(&bundle(&[
        with(report(json!({})), inner),
        with(report(results(&["#x1"])), json!({ "id": "r2" })),
    ]));
    assert_eq!(names(&reports(&notices)[0].observations), ["x1"]);
    assert!(reports(&notices)[1].observations.is_empty());
    assert_eq!(fetches(&notices), ["DiagnosticReport/r2"]);
}

#[test]
fn results_in_a_bundle_are_found_by_address_and_by_id() {
    for name in ["Observation/x1", "Observation/x1/_history/2", "https://fhir.test/Observation/x1"]
    {
        let body = bundle(&[report(results(&[name])), observation("x1", json!({}))]);
        check(&said(&body), &["x1"]);
    }
    let address = "urn:uuid:6b1f8d0e-0000-4000-8000-000000000002";
    let body = json!({ "resourceType": "Bundle", "type": "transaction", "entry": [
        { "fullUrl": address, "resource": with(observation("x1", json!({})), json!({ "id": null })),
          "request": { "method": "POST", "url": "Observation" } },
        { "resource": report(results(&[address])) },
    ] });
    check(&said(&body), &["x1"]);
    let nested = json!({ "resourceType": "Bundle", "entry": [{ "resource": body }] });
    check(&said(&nested), &["x1"]);
}

#[test]
fn the_same_id_on_another_server_is_another_resource() {
    let elsewhere = report(results(&["https://elsewhere.test/Observation/x1"]));
    let notices = said(&bundle(&[elsewhere, observation("x1", json!({}))]));
    assert!(reports(&notices)[0].observations.is_empty());
    assert_eq!(reports(&notices)[0].status, ReportStatus::Partial);
}

#[test]
fn members_follow_their_panel_and_come_once() {
    let members = |ids: &[&str]| {
        let members: Vec<_> =
            ids.iter().map(|id| json!({ "reference": format!("Observation/{id}") })).collect();
        json!({ "hasMember": members, "valueQuantity": null })
    };
    let body = bundle(&[
        observation("x1", json!({})),
        observation("panel", members(&["x1", "inner", "x3"])),
        observation("inner", members(&["x2", "panel"])),
        observation("x2", json!({})),
        observation("x3", json!({})),
        observation("x4", json!({})),
        report(results(&["Observation/panel", "Observation/x3", "Observation/x4"])),
    ]);
    check(&said(&body), &["x1", "x2", "x3", "x4"]);
    // A panel that comes without a report brings its members, too.
    let order = json!({ "basedOn": [{ "reference": "ServiceRequest/o1" }] });
    let notices = said(&bundle(&[
        observation("x1", json!({})),
        with(observation("panel", members(&["x1"])), order),
    ]));
    assert_eq!(reports(&notices).len(), 1);
    assert_eq!(names(&reports(&notices)[0].observations), ["x1"]);
}

#[test]
fn no_result_vanishes_behind_its_panel() {
    let members = |ids: &[&str]| {
        let members: Vec<_> =
            ids.iter().map(|id| json!({ "reference": format!("Observation/{id}") })).collect();
        json!({ "hasMember": members, "valueQuantity": null })
    };
    let ordered =
        |value: Value| with(value, json!({ "basedOn": [{ "reference": "ServiceRequest/o1" }] }));
    let found = |resources: &[Value]| {
        let notices = said(&bundle(resources));
        let reports = reports(&notices).into_iter();
        reports.map(|report| names(&report.observations).join(" ")).collect::<Vec<_>>()
    };
    let (x1, x2) = (ordered(observation("x1", json!({}))), ordered(observation("x2", json!({}))));
    // The panel is no result itself.
    let panel = observation("panel", members(&["x1", "x2"]));
    assert_eq!(found(&[panel.clone(), x1.clone(), x2.clone()]), ["x1", "x2"]);
    // It stands in something that says nothing of it.
    let holder = json!({ "resourceType": "Patient", "id": "p1", "contained": [ordered(panel)] });
    assert_eq!(found(&[holder, x1.clone(), x2.clone()]), ["x1", "x2"]);
    // Members lead back to their panel.
    let around = |id: &str, next: &str| {
        let next = json!([{ "reference": format!("Observation/{next}") }]);
        ordered(observation(id, json!({ "hasMember": next })))
    };
    assert_eq!(found(&[around("x1", "x2"), around("x2", "x1")]), ["x1 x2"]);
    assert_eq!(found(&[around("x1", "x1")]), ["x1"]);
    // Wherever the panel stands, its members come with it alone, at any depth.
    let inner = observation("inner", members(&["x1"]));
    let outer = ordered(observation("outer", members(&["inner", "x2"])));
    assert_eq!(found(&[x1.clone(), inner.clone(), x2.clone(), outer.clone()]), ["x1 x2"]);
    assert_eq!(found(&[outer, x2, inner, x1]), ["x1 x2"]);
}

#[test]
fn an_order_in_the_body_is_called_as_it_calls_itself() {
    let answered = |request: Value, name: &str| {
        let answer = report(json!({ "basedOn": [{ "reference": name }] }));
        let notices = said(&bundle(&[answer, request]));
        let order = orders(&notices)
            .into_iter()
            .find(|order| order.topic == "ServiceRequest")
            .map(|order| order.provider_order_id.to_string());
        assert_eq!(order.as_ref(), Some(&reports(&notices)[0].provider_order_id.to_string()));
        order.unwrap()
    };
    let request = json!({
        "resourceType": "ServiceRequest", "id": "o7", "status": "active",
        "identifier": [{ "system": "urn:x", "value": "A-7" }],
    });
    assert_eq!(answered(request.clone(), "ServiceRequest/o7"), "o7");
    let nameless = with(request.clone(), json!({ "id": null }));
    assert_eq!(answered(nameless, "https://fhir.test/ServiceRequest/none"), "urn:x|A-7");

    // A contained one has no id that means anything elsewhere, and says nothing by itself.
    let contained = report(json!({ "contained": [request], "basedOn": [{ "reference": "#o7" }] }));
    let notices = said(&contained);
    assert_eq!(reports(&notices)[0].provider_order_id.as_str(), "urn:x|A-7");
    assert!(orders(&notices).iter().all(|order| order.topic == "DiagnosticReport"));
    assert!(drift(&notices).is_empty());
}

#[test]
fn an_order_that_is_named_by_its_identifier_is_one_order() {
    let known = json!({ "system": "urn:plac", "value": "A-1" });
    let request = json!({
        "resourceType": "ServiceRequest", "id": "77", "status": "active",
        "identifier": [{ "system": "urn:lab", "value": "F-9" }, known],
    });
    let check = |based_on: Value, others: &[Value], expected: &str| {
        let mut resources = vec![report(json!({ "basedOn": [based_on] }))];
        resources.extend_from_slice(others);
        let mut forth = said(&bundle(&resources));
        resources.reverse();
        let back = said(&bundle(&resources));
        for notices in [&forth, &back] {
            let ids: Vec<_> =
                reports(notices).iter().map(|it| it.provider_order_id.as_str()).collect();
            assert_eq!(ids, [expected], "{based_on}");
        }
        forth.notices.clear();
        assert!(drift(&forth).is_empty(), "{based_on}");
    };
    let by = |identifier: &Value| json!({ "identifier": identifier });
    let both = [request.clone()];
    check(by(&known), &both, "77");
    check(json!({ "type": "ServiceRequest", "identifier": known }), &both, "77");
    check(by(&json!({ "system": "urn:lab", "value": "F-9" })), &both, "77");
    // An address that leads elsewhere, and the identifier here.
    let elsewhere =
        json!({ "reference": "https://elsewhere.test/ServiceRequest/3", "identifier": known });
    check(elsewhere, &both, "77");
    // A sample with the same number is no order.
    let sample = json!({ "resourceType": "Specimen", "id": "s1", "identifier": [known] });
    check(by(&known), &[request.clone(), sample], "77");
    // Another system's number, or that of two orders, is nothing that is known.
    check(by(&json!({ "value": "A-1" })), &both, "|A-1");
    check(by(&json!({ "system": "urn:other", "value": "A-1" })), &both, "urn:other|A-1");
    let twin = with(request.clone(), json!({ "id": "78" }));
    check(by(&known), &[request.clone(), twin], "urn:plac|A-1");

    // A report may contain a copy of the order.
    let copy = with(request.clone(), json!({ "id": "copy" }));
    let whole = report(json!({ "contained": [copy], "basedOn": [{ "reference": "#copy" }] }));
    let notices = said(&bundle(&[whole, request]));
    assert_eq!(reports(&notices)[0].provider_order_id.as_str(), "77");
}

#[test]
fn a_relative_reference_means_the_server_that_it_stands_on() {
    let on = |server: &str, resource: Value| {
        let (kind, id) =
            (resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
        json!({ "fullUrl": format!("https://{server}.test/{kind}/{id}"), "resource": resource })
    };
    let found = |value: u8| observation("x1", json!({ "valueQuantity": { "value": value } }));
    let body = json!({ "resourceType": "Bundle", "entry": [
        on("a", found(1)), on("b", found(2)),
        on("b", report(results(&["Observation/x1"]))),
    ] });
    let notices = said(&body);
    let value = serde_json::to_value(&reports(&notices)[0].observations[0].value).unwrap();
    assert_eq!(value["value"], "2");
}

#[test]
fn results_are_found_by_their_identifiers() {
    let known = json!([{ "system": "urn:lab", "value": "R-1" }]);
    let by = json!({ "result": [{ "type": "Observation", "identifier": known[0] }] });
    check(
        &said(&bundle(&[report(by), observation("x1", json!({ "identifier": known }))])),
        &["x1"],
    );
}
