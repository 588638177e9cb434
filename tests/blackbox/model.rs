//! What the API tells of orders, appointments and results.

use labgate_tests::{Gateway, Request, junction, order, sample, spawn_gateway};
use serde_json::{Value, json};

/// A gateway that was told the whole demo of Junction, and its one order's id.
fn told() -> (Gateway, String) {
    let gateway = spawn_gateway();
    for name in ["1-ordered", "2-appointment", "3-partial", "4-final", "5-completed"] {
        let body = sample(&format!("junction/demo/{name}"));
        assert_eq!(gateway.post(&junction(name, body)).status, 200);
    }
    let id = gateway.list("/v1/orders")[0]["id"].as_str().unwrap().into();
    (gateway, id)
}

#[test]
fn an_order_has_every_field_of_the_model() {
    let (gateway, id) = told();
    let order = gateway.read(&format!("/v1/orders/{id}"));
    let fields = [
        "id",
        "plugin",
        "provider_order_id",
        "account",
        "status",
        "phase",
        "provider_status",
        "reason",
        "method",
        "patient",
        "lab",
        "tests",
        "specimens",
        "shipment",
        "transaction",
        "timeline",
        "interpretation",
        "missing_results",
        "expected_by",
        "placed_at",
        "updated_at",
        "version",
    ];
    for field in fields {
        assert!(order.get(field).is_some(), "no {field} in {order}");
    }
    let expected = json!({
        "plugin": "junction", "provider_order_id": "476fb725-8d1f-4b11-98cd-8dbc9bf88a46",
        "account": "a71e291d-ff63-470d-88e4-dd5ef747e0f5", "status": "completed",
        "phase": "completed", "provider_status": "completed.walk_in_test.completed",
        "method": "walk_in", "missing_results": false, "expected_by": "2026-08-09",
        "placed_at": "2026-08-01T10:04:05.099Z",
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&order[field], value, "{field}");
    }
    assert_eq!(order["timeline"].as_array().unwrap().len(), 6);
    assert_eq!(order["patient"]["first_name"], "Jordan");
    assert_eq!(order["patient"]["birth_date"], "1988-11-23");
    assert_eq!(gateway.list("/v1/orders"), [order]);
}

#[test]
fn an_appointment_has_every_field_of_the_model() {
    let (gateway, id) = told();
    let appointments = gateway.list(&format!("/v1/orders/{id}/appointments"));
    assert_eq!(appointments.len(), 1);
    let fields = [
        "id",
        "order_id",
        "status",
        "provider_status",
        "kind",
        "starts_at",
        "ends_at",
        "time_zone",
        "location",
        "address",
        "rescheduled",
        "timeline",
    ];
    for field in fields {
        assert!(appointments[0].get(field).is_some(), "no {field}");
    }
    assert_eq!(appointments[0]["order_id"], id);
    assert_eq!(appointments[0]["status"], "scheduled");
    assert_eq!(appointments[0]["starts_at"], "2026-08-04T14:20:00Z");
}

#[test]
fn reports_are_all_there_newest_first_with_exact_numbers() {
    let (gateway, id) = told();
    let reports = gateway.list(&format!("/v1/orders/{id}/reports"));
    let told: Vec<_> = reports
        .iter()
        .map(|report| (report["version"].clone(), report["status"].clone()))
        .collect();
    assert_eq!(told, [(json!(2), json!("final")), (json!(1), json!("partial"))]);
    let [newest, oldest] = reports.as_slice() else { unreachable!() };
    assert_eq!((&newest["critical"], &newest["replaces"]), (&json!(true), &oldest["id"]));
    let values: Vec<_> =
        newest["observations"].as_array().unwrap().iter().map(|found| &found["value"]).collect();
    assert_eq!(values[0]["value"], "7.0");
    assert_eq!(values[1]["value"], "6.80");
    assert_eq!((&values[2]["comparator"], &values[2]["value"]), (&json!("<"), &json!("0.2")));
    for report in &reports {
        let one = format!("/v1/reports/{}", report["id"].as_str().unwrap());
        assert_eq!(&gateway.read(&one), report);
        let source = report["source"]["webhook"].as_str().unwrap();
        assert_eq!(gateway.read(&format!("/v1/webhooks/{source}"))["plugin"], "junction");
    }
}

#[test]
fn an_order_without_results_or_appointments_has_empty_lists() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    let id = gateway.list("/v1/orders")[0]["id"].as_str().unwrap().to_string();
    for list in ["reports", "appointments"] {
        assert_eq!(gateway.read(&format!("/v1/orders/{id}/{list}")), json!({ "data": [] }));
    }
}

#[test]
fn ids_are_the_same_on_every_gateway() {
    let id = |gateway: &Gateway| -> Value { gateway.list("/v1/orders")[0]["id"].clone() };
    let (one, two) = (spawn_gateway(), spawn_gateway());
    assert_eq!(one.post(&junction("msg_1", order("a"))).status, 200);
    assert_eq!(two.post(&junction("msg_other", order("a"))).status, 200);
    assert_eq!(id(&one), id(&two));
    let uuid = id(&one).as_str().unwrap().to_string();
    assert_eq!(&uuid[14..15], "5", "a UUID of version 5: {uuid}");
}

#[test]
fn health_is_told_without_a_key() {
    let gateway = spawn_gateway();
    for (path, status) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let answer = gateway.ask(&Request::get(path));
        assert_eq!((answer.status, answer.json()), (200, json!({ "status": status })));
    }
}
