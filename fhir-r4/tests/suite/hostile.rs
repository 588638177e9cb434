//! Bodies that nobody should send: refused by field, and never by content.

use serde_json::{Value, json};

use super::{NAME, bundle, drift, observation, orders, refused, report, reports, said, with};

#[test]
fn an_error_names_the_field_and_not_its_content() {
    let text = |body: Value| refused(&body.to_string());
    assert_eq!(refused("[]"), "body: expected an object");
    assert_eq!(refused("{}"), "body: missing field `resourceType`");
    assert_eq!(text(json!({ "resourceType": [NAME] })), "resourceType: expected a string");
    let value = json!({ "valueQuantity": { "value": NAME } });
    assert_eq!(text(observation("x1", value.clone())), "valueQuantity.value: expected a number");
    assert_eq!(
        text(bundle(&[report(json!({})), observation("x1", value.clone())])),
        "entry[1].resource.valueQuantity.value: expected a number"
    );
    assert_eq!(
        text(report(json!({ "contained": [observation("x1", value)] }))),
        "contained[0].valueQuantity.value: expected a number"
    );
    assert_eq!(text(report(json!({ "issued": NAME }))), "issued: expected a FHIR date or time");
    assert_eq!(text(report(json!({ "status": { NAME: 1 } }))), "status: expected a string");
    let nameless = json!({ "id": null, "basedOn": null });
    assert_eq!(
        text(report(nameless)),
        "body: a DiagnosticReport that names no order and has no id"
    );
}

#[test]
fn what_no_result_hangs_on_costs_only_itself() {
    let body = bundle(&[
        report(json!({ "subject": [NAME], "performer": NAME, NAME: 1 })),
        json!({ "resourceType": "Patient", "id": "p1", "name": NAME, "birthDate": NAME }),
    ]);
    let notices = said(&body);
    assert_eq!(reports(&notices).len(), 1);
    assert_eq!(
        drift(&notices),
        [
            "DiagnosticReport.*",
            "DiagnosticReport.performer",
            "DiagnosticReport.subject",
            "Patient.birthDate",
            "Patient.name",
        ]
    );
}

#[test]
fn bundles_in_bundles_have_a_bottom() {
    let mut body = report(json!({}));
    for _ in 0..3 {
        body = json!({ "resourceType": "Bundle", "entry": [{ "resource": body }] });
    }
    assert_eq!(
        refused(&body.to_string()),
        "entry[0].resource.entry[0].resource: a Bundle where none may stand"
    );
}

#[test]
fn components_in_components_take_no_stack() {
    let mut nested = json!({ "code": { "text": "x60" }, "valueInteger": 1 });
    for _ in 0..60 {
        nested = json!({ "code": { "text": "x" }, "valueInteger": 1, "component": [nested] });
    }
    nested["component"][0]["hasMember"] = json!([]);
    let order = json!({ "basedOn": [{ "reference": "ServiceRequest/o1" }] });
    let body = with(with(observation("x1", json!({ "valueQuantity": null })), nested), order);
    let read = std::thread::Builder::new().stack_size(1 << 20).spawn(move || said(&body));
    let notices = read.unwrap().join().unwrap();
    assert_eq!(reports(&notices)[0].observations.len(), 2);
    assert_eq!(
        drift(&notices),
        ["Observation.component[].component.*", "Observation.component[].hasMember"]
    );
}

#[test]
fn a_chain_of_members_of_any_length_is_walked() {
    let link = |at: usize| {
        let next = json!([{ "reference": format!("Observation/x{}", (at + 1) % 10_000) }]);
        observation(&format!("x{at}"), json!({ "hasMember": next }))
    };
    let mut resources: Vec<Value> = (0..10_000).map(link).collect();
    resources.push(report(json!({ "result": [{ "reference": "Observation/x0" }] })));
    assert_eq!(reports(&said(&bundle(&resources)))[0].observations.len(), 10_000);
}

#[test]
fn a_small_body_does_not_say_very_much() {
    let requests: Vec<_> =
        (0..100).map(|at| json!({ "reference": format!("ServiceRequest/{at}") })).collect();
    let many = report(json!({ "basedOn": requests, "conclusion": NAME }));
    assert_eq!(refused(&many.to_string()), "body: too many notices of the same resources");

    let shared = json!({ "result": [{ "reference": "Observation/x1" }] });
    let mut resources = vec![observation(
        "x1",
        json!({ "valueQuantity": null, "valueString": "x".repeat(100_000) }),
    )];
    let reports = (0..100).map(|at| with(report(shared.clone()), json!({ "id": at.to_string() })));
    resources.extend(reports);
    let body = bundle(&resources).to_string();
    assert_eq!(refused(&body), "body: too many notices of the same resources");
}

#[test]
fn a_small_body_does_not_repeat_what_it_leads_to() {
    let long = "x".repeat(100_000);
    let patient = json!({ "resourceType": "Patient", "id": "1", "name": [{ "family": long }] });
    let lab = json!({ "resourceType": "Organization", "id": "1", "name": long });
    let sample = json!({ "resourceType": "Specimen", "id": "1", "type": { "text": long } });
    let order = json!({ "resourceType": "ServiceRequest", "status": "active" });
    let loose = observation("x1", json!({ "basedOn": [{ "reference": "ServiceRequest/o1" }] }));
    let whole = report(json!({}));
    let check = |resource: &Value, field: &str, led_to: &Value| {
        let reference = format!("{}/1", led_to["resourceType"].as_str().unwrap());
        let reference = json!({ "reference": reference });
        let value = if field == "subject" { reference } else { json!([reference]) };
        let copies = |count: usize| {
            let copy =
                |at: usize| with(resource.clone(), json!({ "id": format!("c{at}"), field: value }));
            let mut resources: Vec<Value> = (0..count).map(copy).collect();
            resources.push(led_to.clone());
            bundle(&resources)
        };
        said(&copies(20));
        assert_eq!(
            refused(&copies(100).to_string()),
            "body: too many notices of the same resources",
            "{field}"
        );
    };
    check(&loose, "subject", &patient);
    for resource in [&whole, &order] {
        check(resource, "subject", &patient);
        check(resource, "performer", &lab);
        check(resource, "specimen", &sample);
    }
    let requests: Vec<_> =
        (0..100).map(|at| json!({ "reference": format!("ServiceRequest/{at}") })).collect();
    let many = json!({ "basedOn": requests, "subject": { "reference": "Patient/1" } });
    let body = bundle(&[report(many), patient]).to_string();
    assert_eq!(refused(&body), "body: too many notices of the same resources");
}

#[test]
fn an_id_that_no_index_takes_is_none() {
    let long = format!("ServiceRequest/{}", "x".repeat(300));
    let notices = said(&report(json!({ "basedOn": [{ "reference": long }] })));
    assert_eq!(reports(&notices)[0].provider_order_id.as_str(), "DiagnosticReport/r1");
    assert_eq!(orders(&notices).len(), 1);
}

#[test]
fn a_report_is_refused_if_a_result_or_a_request_names_another_patient() {
    let of = |id: &str| json!({ "subject": { "reference": format!("Patient/{id}") } });
    let whole = |report_of: &str, result_of: &str, request_of: &str| {
        let mut request =
            json!({ "resourceType": "ServiceRequest", "id": "sr1", "status": "active" });
        request["subject"] = of(request_of)["subject"].clone();
        let mut report = report(of(report_of));
        report["basedOn"] = json!([{ "reference": "ServiceRequest/sr1" }]);
        report["result"] = json!([{ "reference": "Observation/x1" }]);
        bundle(&[report, observation("x1", of(result_of)), request])
    };
    let problem = "expected the patient of its request and results";
    assert!(refused(&whole("p1", "p2", "p1").to_string()).ends_with(problem));
    assert!(refused(&whole("p1", "p1", "p2").to_string()).ends_with(problem));
    assert_eq!(reports(&said(&whole("p1", "p1", "p1"))).len(), 1);
}
