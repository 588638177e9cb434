//! The OpenAPI document: it is valid, complete, and true.

use labgate_tests::{Request, sample, spawn_gateway};
use serde_json::Value;

fn document() -> Value {
    let answer = spawn_gateway().ask(&Request::get("/openapi.json"));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.json()
}

#[test]
fn it_is_openapi_3_1() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    assert_eq!(document["components"]["securitySchemes"]["key"]["scheme"], "bearer");
}

#[test]
fn every_route_is_in_it_with_its_parameters_and_refusals() {
    let document = document();
    let check = |method: &str, path: &str, expected: &[&str]| {
        let operation = &document["paths"][path][method];
        let parameters = operation["parameters"].as_array().unwrap_or_else(|| panic!("{path}"));
        let names: Vec<_> =
            parameters.iter().map(|known| known["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{method} {path}");
        for known in parameters {
            assert!(known["schema"].is_object() && known["in"].is_string(), "{known}");
        }
        for status in ["200", "401", "403", "404", "422"] {
            let response = &operation["responses"][status];
            assert!(response["description"].is_string(), "{status} of {path}");
            assert!(response["content"]["application/json"]["schema"].is_object(), "{path}");
        }
    };
    let filters =
        ["plugin", "provider_order_id", "status", "phase", "updated_after", "limit", "cursor"];
    check("get", "/v1/orders", &filters);
    check("get", "/v1/orders/{id}", &["id"]);
    check("get", "/v1/orders/{id}/appointments", &["id"]);
    check("get", "/v1/orders/{id}/reports", &["id"]);
    check("get", "/v1/reports/{id}", &["id"]);
    check("get", "/v1/events", &["after", "limit"]);
    check("get", "/v1/webhooks", &["plugin", "outcome", "limit", "cursor"]);
    check("get", "/v1/webhooks/{id}", &["id"]);
    check("post", "/v1/webhooks/{id}/replay", &["id"]);
}

#[test]
fn the_routes_that_need_no_key_are_in_it() {
    let document = document();
    for path in ["/metrics", "/healthz", "/readyz", "/openapi.json"] {
        assert!(document["paths"][path]["get"].is_object(), "{path}");
        assert_eq!(document["paths"][path]["get"]["security"], serde_json::json!([]), "{path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let count = references(&document, &document);
    assert!(count > 20, "{count}");
}

fn references(document: &Value, part: &Value) -> usize {
    match part {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let Some(target) = value.as_str().filter(|_| name == "$ref") else {
                    return references(document, value);
                };
                let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{target}"));
                assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
                1
            })
            .sum(),
        Value::Array(items) => items.iter().map(|item| references(document, item)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

#[test]
fn what_the_api_says_has_the_fields_of_the_document() {
    let gateway = spawn_gateway();
    for name in ["1-ordered", "2-appointment", "4-final"] {
        let body = sample(&format!("junction/demo/{name}"));
        assert_eq!(gateway.post(&labgate_tests::junction(name, body)).status, 200);
    }
    let document = gateway.ask(&Request::get("/openapi.json")).json();
    let check = |schema: &str, item: &Value| {
        let properties = &document["components"]["schemas"][schema]["properties"];
        let known = properties.as_object().unwrap_or_else(|| panic!("no schema {schema}"));
        for field in item.as_object().unwrap().keys() {
            assert!(known.contains_key(field), "{schema} has no {field}");
        }
    };
    let order = &gateway.list("/v1/orders")[0];
    let id = order["id"].as_str().unwrap();
    check("Order", order);
    check("Appointment", &gateway.list(&format!("/v1/orders/{id}/appointments"))[0]);
    let report = &gateway.list(&format!("/v1/orders/{id}/reports"))[0];
    check("Report", report);
    check("Observation", &report["observations"][0]);
    check("Event", &gateway.list("/v1/events")[0]);
}
