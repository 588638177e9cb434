//! An order that a lab names now by its id and now by an identifier is one order.

use labgate_tests::{Gateway, Home, Request, same};
use serde_json::{Value, json};

const FHIR: &str = "token-of-a-fhir-server-for-tests";
const TOKEN: &str = "https://clinic.example/orders|A-17";

fn gateway() -> Gateway {
    let fhir = format!("provider = \"fhir\"\nsignature = \"static_token\"\nsecrets = [\"{FHIR}\"]");
    Home::new().with("plugins.fhir", &fhir).serve()
}

fn request() -> Value {
    json!({
        "resourceType": "ServiceRequest", "id": "r-1", "status": "active", "intent": "order",
        "meta": { "versionId": "1", "lastUpdated": "2026-08-01T09:00:00Z" },
        "identifier": [{ "system": "https://clinic.example/orders", "value": "A-17" }],
        "code": { "text": "Glucose" },
    })
}

fn report(based_on: &Value, issued: &str, value: &str) -> Value {
    json!({
        "resourceType": "DiagnosticReport", "id": "d-1", "status": "final", "issued": issued,
        "code": { "text": "Glucose" }, "basedOn": [based_on], "result": [{ "reference": "#o" }],
        "contained": [{
            "resourceType": "Observation", "id": "o", "status": "final",
            "code": { "text": "Glucose" }, "valueString": value,
        }],
    })
}

/// The request, a report that calls it by its identifier, and one by its id.
fn said() -> [Value; 3] {
    let identifier =
        json!({ "identifier": { "system": "https://clinic.example/orders", "value": "A-17" } });
    let reference = json!({ "reference": "ServiceRequest/r-1" });
    [
        report(&identifier, "2026-08-02T10:00:00Z", "5.1"),
        request(),
        report(&reference, "2026-08-03T10:00:00Z", "6.8"),
    ]
}

fn post(gateway: &Gateway, body: &Value) {
    let request = Request::post("/v1/webhooks/fhir", body.to_string())
        .header("content-type", "application/fhir+json")
        .header("authorization", format!("Bearer {FHIR}"));
    let answer = gateway.post(&request);
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn check_one_order(gateway: &Gateway) {
    let orders = gateway.list("/v1/orders");
    assert_eq!(orders.len(), 1, "{orders:#?}");
    assert_eq!(orders[0]["provider_order_id"], "r-1");
    let id = orders[0]["id"].as_str().unwrap();
    let reports = gateway.list(&format!("/v1/orders/{id}/reports"));
    let seen: Vec<_> =
        reports.iter().map(|it| (it["order_id"].clone(), it["status"].clone())).collect();
    assert_eq!(seen, [(json!(id), json!("amended")), (json!(id), json!("final"))]);
    let token = TOKEN.replace(':', "%3A").replace('/', "%2F").replace('|', "%7C");
    assert_eq!(gateway.list(&format!("/v1/orders?provider_order_id={token}")), orders);
}

#[test]
fn a_report_by_an_identifier_belongs_to_the_order_that_carries_it() {
    let mut expected = None;
    for order in [[0, 1, 2], [1, 0, 2], [2, 0, 1], [2, 1, 0], [0, 2, 1], [1, 2, 0]] {
        let gateway = gateway();
        for index in order {
            post(&gateway, &said()[index]);
        }
        check_one_order(&gateway);
        let model = gateway.model();
        for body in said().iter().rev() {
            post(&gateway, body);
        }
        let run = gateway.home().run(&["replay", "--outcome", "accepted"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        same(&gateway.model(), &model, "again");
        same(&model, expected.get_or_insert_with(|| model.clone()), &format!("{order:?}"));
    }
}

#[test]
fn a_late_link_is_an_event_and_the_first_id_goes_on_answering() {
    let gateway = gateway();
    let [by_identifier, request, _] = said();
    post(&gateway, &by_identifier);
    let phantom = gateway.list("/v1/orders")[0]["id"].as_str().unwrap().to_owned();
    post(&gateway, &request);
    let orders = gateway.list("/v1/orders");
    assert_eq!(orders.len(), 1);
    assert_ne!(orders[0]["id"], *phantom);
    assert_eq!(gateway.read(&format!("/v1/orders/{phantom}")), orders[0]);
    assert_eq!(gateway.list(&format!("/v1/orders/{phantom}/reports")).len(), 1);
    assert!(gateway.list(&format!("/v1/orders/{phantom}/appointments")).is_empty());
    let feed = gateway.feed();
    let merged: Vec<_> = feed.iter().filter(|event| event["type"] == "order.merged").collect();
    let [merged] = &*merged else { panic!("{feed:#?}") };
    assert_eq!(merged["order_id"], orders[0]["id"]);
    assert_eq!(merged["data"], json!({ "merged": phantom, "provider_order_id": TOKEN }));
    let reports = feed.iter().filter(|event| event["type"] == "report.final");
    assert_eq!(reports.count(), 1, "it was told of before");
}

#[test]
fn a_bundle_may_name_an_order_both_ways() {
    let entries: Vec<_> = said().into_iter().map(|it| json!({ "resource": it })).collect();
    let forwards = gateway();
    post(
        &forwards,
        &json!({ "resourceType": "Bundle", "type": "collection", "entry": entries[..2] }),
    );
    let backwards = gateway();
    let reversed = [&entries[1], &entries[0]];
    post(&backwards, &json!({ "resourceType": "Bundle", "type": "collection", "entry": reversed }));
    for gateway in [&forwards, &backwards] {
        assert_eq!(gateway.list("/v1/orders").len(), 1);
    }
    same(&forwards.model(), &backwards.model(), "backwards");
}
