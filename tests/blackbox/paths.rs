//! Paths as wrong as they come.

use labgate_tests::{Gateway, Request, junction, order, spawn_gateway};

/// A well-signed webhook to `path` is answered with one of `expected`.
fn check(gateway: &Gateway, path: &str, expected: u16) {
    let answer = gateway.post(&junction("msg_1", order("1")).to(path));
    assert_eq!(answer.status, expected, "{path}: {answer:?}");
    assert!(gateway.list("/v1/webhooks").is_empty(), "{path}");
}

#[test]
fn no_other_path_leads_to_a_plugin() {
    let gateway = spawn_gateway();
    for path in [
        "/v1/webhooks",
        "/v1/webhooks/",
        "/v1/webhooks//",
        "/v1/webhooks/../",
        "/v1/webhooks/..",
        "/v1/webhooks/.",
        "/v1/webhooks/../webhooks/junction",
        "/v1/webhooks/%2e%2e",
        "/v1/webhooks/%2e%2e/junction",
        "/v1/webhooks/..%2fjunction",
        "/v1/webhooks//junction",
        "//v1/webhooks/junction",
        "/v1//webhooks/junction",
        "/v1/webhooks/junction/",
        "/v1/webhooks/junction/x",
        "/v1/webhooks/junction%2f",
        "/v1/webhooks/junction%00",
        "/v1/webhooks/%00",
        "/v1/webhooks/%ff",
        "/v1/webhooks/%",
        "/v1/webhooks/%zz",
        "/v1/webhooks/%25",
        "/v1/webhooks/JUNCTION",
        "/V1/webhooks/junction",
        "/v1/Webhooks/junction",
        "/v1/webhooks/junction;x=1",
        "/v1/webhooks/junction%20",
        "/v1/webhooks/junction%0d%0aset-cookie:x",
        "/v1/webhooks/ju\\nction",
        "/webhooks/junction",
        "/v2/webhooks/junction",
        "/",
        "/v1",
        "/healthz/",
        "/healthz/junction",
    ] {
        check(&gateway, path, 404);
    }
}

#[test]
fn a_very_long_name_is_unknown() {
    let gateway = spawn_gateway();
    for length in [64, 1000, 30_000] {
        check(&gateway, &format!("/v1/webhooks/{}", "j".repeat(length)), 404);
        check(&gateway, &format!("/v1/{}", "webhooks/".repeat(length / 9)), 404);
    }
}

#[test]
fn a_name_may_be_percent_encoded_and_is_the_same_plugin() {
    let gateway = spawn_gateway();
    let answer = gateway.post(&junction("msg_1", order("1")).to("/v1/webhooks/%6aunction"));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(gateway.list("/v1/webhooks")[0]["plugin"], "junction");
    assert_eq!(gateway.list("/v1/orders")[0]["plugin"], "junction");
}

#[test]
fn a_query_changes_nothing() {
    let gateway = spawn_gateway();
    for (index, query) in ["?", "?a=1", "?plugin=fullscript", "?%ff", "?a=1&a=2"].iter().enumerate()
    {
        let request = junction(&format!("msg_{index}"), order("1"));
        let answer = gateway.post(&request.to(&format!("/v1/webhooks/junction{query}")));
        assert_eq!(answer.status, 200, "{query}: {answer:?}");
    }
    let knock = gateway.post(&Request::get("/v1/webhooks/fullscript?challenge=other"));
    assert_eq!(knock.json()["challenge"], labgate_tests::CHALLENGE);
}

#[test]
fn an_absolute_address_is_read_by_its_path() {
    let gateway = spawn_gateway();
    let request = junction("msg_1", order("1")).to("http://elsewhere.example/v1/webhooks/junction");
    let answer = gateway.post(&request);
    assert_eq!(answer.status, 200, "{answer:?}");
}
