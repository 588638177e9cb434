//! Who may read what on the admin listener: 401, 403, 404, 405, 422.

use labgate_tests::{Gateway, Home, Request, TOKEN, junction, order, spawn_gateway};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// Method, path and scope of every route that wants a key.
fn routes() -> Vec<(&'static str, String, &'static str)> {
    let of = |path: &str| path.replace("{id}", NOBODY);
    vec![
        ("GET", of("/v1/orders"), "read"),
        ("GET", of("/v1/orders/{id}"), "read"),
        ("GET", of("/v1/orders/{id}/appointments"), "read"),
        ("GET", of("/v1/orders/{id}/reports"), "read"),
        ("GET", of("/v1/reports/{id}"), "read"),
        ("GET", of("/v1/events"), "read"),
        ("GET", of("/v1/webhooks"), "read"),
        ("GET", of("/v1/webhooks/{id}"), "raw"),
        ("POST", of("/v1/webhooks/{id}/replay"), "replay"),
    ]
}

fn check(gateway: &Gateway, request: &Request, status: u16, error: &str) {
    let answer = gateway.ask(request);
    let found = answer.json()["error"].as_str().map(String::from);
    assert_eq!((answer.status, found.as_deref()), (status, Some(error)), "{request:?}");
}

#[test]
fn without_a_known_key_everything_is_401() {
    let gateway = spawn_gateway();
    for (method, path, _) in routes() {
        let request = Request::new(method, &path);
        check(&gateway, &request, 401, "unauthorized");
        check(&gateway, &request.clone().bearer("wrong"), 401, "unauthorized");
        check(&gateway, &request.clone().bearer(""), 401, "unauthorized");
        check(&gateway, &request.clone().header("authorization", TOKEN), 401, "unauthorized");
        let basic = request.clone().header("authorization", format!("Basic {TOKEN}"));
        check(&gateway, &basic, 401, "unauthorized");
        let in_query = Request::new(method, &format!("{path}?token={TOKEN}"));
        check(&gateway, &in_query, 401, "unauthorized");
        let nearly = request.bearer(&TOKEN[..TOKEN.len() - 1]);
        check(&gateway, &nearly, 401, "unauthorized");
    }
}

#[test]
fn the_scheme_is_read_in_any_case() {
    let gateway = spawn_gateway();
    for scheme in ["bearer", "BEARER", "Bearer"] {
        let request = Request::get("/v1/orders");
        let answer = gateway.ask(&request.header("authorization", format!("{scheme} {TOKEN}")));
        assert_eq!(answer.status, 200, "{scheme}");
    }
}

#[test]
fn without_the_scope_everything_is_403() {
    let gateway = spawn_gateway();
    for (method, path, scope) in routes() {
        for held in ["read", "raw", "replay"] {
            let request = Request::new(method, &path).bearer(&format!("token-{held}-for-tests"));
            if held == scope {
                let status = gateway.ask(&request).status;
                assert!([200, 404].contains(&status), "{method} {path} with {held}: {status}");
            } else {
                check(&gateway, &request, 403, "forbidden");
            }
        }
    }
}

#[test]
fn a_gateway_without_keys_opens_to_nobody() {
    let home = Home::new();
    let text = home.configuration();
    let (before, after) = (text.find("[api").unwrap(), text.find("[plugins").unwrap());
    home.configure(&format!("{}{}", &text[..before], &text[after..]));
    let gateway = home.serve();
    for (method, path, _) in routes() {
        check(&gateway, &Request::new(method, &path).bearer(TOKEN), 401, "unauthorized");
    }
}

#[test]
fn what_is_not_there_is_404() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    for (method, path, _) in routes().into_iter().filter(|(_, path, _)| path.contains(NOBODY)) {
        check(&gateway, &Request::new(method, &path).bearer(TOKEN), 404, "not_found");
        for id in ["1", "nobody", "%00", "%ff", "..", "' OR 1=1 --"] {
            let path = path.replace(NOBODY, &id.replace(' ', "%20"));
            check(&gateway, &Request::new(method, &path).bearer(TOKEN), 404, "not_found");
        }
    }
    for path in ["/", "/v1", "/v1/", "/v2/orders", "/v1/orders/", "/v1/patients", "/metrics/x"] {
        check(&gateway, &Request::get(path).bearer(TOKEN), 404, "not_found");
    }
}

#[test]
fn a_wrong_method_is_405_and_told_the_right_one() {
    let gateway = spawn_gateway();
    let open = ["/metrics", "/healthz", "/readyz", "/openapi.json"];
    let open = open.map(|path| ("GET", path.to_string(), ""));
    for (right, path, _) in routes().into_iter().chain(open) {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            if method == right {
                continue;
            }
            let request = Request::new(method, &path).bearer(TOKEN);
            check(&gateway, &request, 405, "method_not_allowed");
            assert_eq!(gateway.ask(&request).header("allow"), Some(right), "{method} {path}");
        }
    }
}

#[test]
fn a_bad_parameter_is_422() {
    let gateway = spawn_gateway();
    let paths = [
        "/v1/orders?limit=0",
        "/v1/orders?limit=501",
        "/v1/orders?limit=-1",
        "/v1/orders?limit=ten",
        "/v1/orders?limit=",
        "/v1/orders?limit=99999999999999999999",
        "/v1/orders?cursor=Zebra",
        "/v1/orders?cursor=",
        "/v1/orders?status=Zebra",
        "/v1/orders?phase=Zebra",
        "/v1/orders?updated_after=Zebra",
        "/v1/orders?updated_after=2026-13-01T00:00:00Z",
        "/v1/orders?stauts=completed",
        "/v1/orders?status=completed&status=failed",
        "/v1/events?after=-1",
        "/v1/events?after=Zebra",
        "/v1/events?after=99999999999999999999",
        "/v1/events?limit=0",
        "/v1/events?cursor=1",
        "/v1/webhooks?outcome=Zebra",
        "/v1/webhooks?limit=1.5",
        "/v1/webhooks?cursor=Zebra",
        "/v1/webhooks?status=completed",
        "/v1/orders?plugin=%00",
        "/v1/orders?plugin=junction%00",
        "/v1/orders?provider_order_id=%00",
        "/v1/orders?provider_order_id=a%00b",
        "/v1/orders?status=%00",
        "/v1/orders?cursor=%00",
        "/v1/orders?updated_after=%00",
        "/v1/orders?%00=1",
        "/v1/events?after=%00",
        "/v1/webhooks?plugin=%00",
        "/v1/webhooks?outcome=accepted%00",
        "/v1/webhooks?limit=1%00",
    ];
    for path in paths {
        let request = Request::get(path).bearer(TOKEN);
        check(&gateway, &request, 422, "bad_parameter");
        assert!(!gateway.ask(&request).text().contains("Zebra"), "{path}");
    }
    let path = format!("/v1/orders/{NOBODY}?limit=1");
    let status = gateway.ask(&Request::get(&path).bearer(TOKEN)).status;
    assert!([404, 422].contains(&status), "{status}");
    for path in ["orders", "reports", "webhooks"] {
        for id in ["%00", &format!("{NOBODY}%00")] {
            let request = Request::get(&format!("/v1/{path}/{id}")).bearer(TOKEN);
            let status = gateway.ask(&request).status;
            assert!([400, 404].contains(&status), "{path}: {status}");
        }
    }
}

#[test]
fn every_answer_has_a_request_id_of_its_own() {
    let gateway = spawn_gateway();
    let ids: std::collections::BTreeSet<_> = (0..3)
        .map(|_| gateway.ask(&Request::get("/v1/orders").bearer(TOKEN)))
        .map(|answer| answer.header("x-request-id").unwrap().to_string())
        .collect();
    assert_eq!(ids.len(), 3);
}
