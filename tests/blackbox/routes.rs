//! Rows "unknown plugin", "wrong method", "too large", the handshake, and which listener has what.

use labgate_tests::{
    Answer, CHALLENGE, Gateway, Home, Request, TOKEN, exchange, fullscript, junction, order,
    sample, spawn_gateway, with,
};

fn check(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(error)));
}

#[test]
fn an_unknown_plugin_is_404_for_every_method() {
    let gateway = spawn_gateway();
    for method in ["POST", "GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let request = Request::new(method, "/v1/webhooks/quest");
        check(&gateway.post(&request), 404, "unknown_plugin");
    }
    let signed = junction("msg_1", order("1")).to("/v1/webhooks/quest");
    check(&gateway.post(&signed), 404, "unknown_plugin");
    assert_eq!(gateway.post(&Request::new("HEAD", "/v1/webhooks/quest")).status, 404);
}

#[test]
fn a_wrong_method_is_405_and_told_the_right_ones() {
    let gateway = spawn_gateway();
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
        let answer = gateway.post(&Request::new(method, "/v1/webhooks/junction"));
        check(&answer, 405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some("POST"), "{method}");
    }
    assert_eq!(gateway.post(&Request::new("HEAD", "/v1/webhooks/junction")).status, 405);
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = gateway.post(&Request::new(method, "/v1/webhooks/fullscript"));
        check(&answer, 405, "method_not_allowed");
        let mut allowed: Vec<_> = answer.header("allow").unwrap().split(", ").collect();
        allowed.sort_unstable();
        assert_eq!(allowed, ["GET", "HEAD", "POST"], "{method}");
    }
}

#[test]
fn fullscript_may_knock() {
    let gateway = spawn_gateway();
    for method in ["GET", "POST"] {
        let answer = gateway.post(&Request::new(method, "/v1/webhooks/fullscript"));
        assert_eq!(answer.status, 200, "{method}");
        assert_eq!(answer.json(), serde_json::json!({ "challenge": CHALLENGE }), "{method}");
    }
    let head = gateway.post(&Request::new("HEAD", "/v1/webhooks/fullscript"));
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert!(gateway.list("/v1/webhooks").is_empty());
}

#[test]
fn nobody_may_knock_at_junction() {
    let gateway = spawn_gateway();
    let answer = gateway.post(&Request::new("POST", "/v1/webhooks/junction"));
    check(&answer, 401, "signature_verification_failed");
}

#[test]
fn a_body_of_the_largest_size_is_taken_and_one_byte_more_is_413() {
    let gateway = Home::new().with("server", "max_body_bytes = 20000").serve();
    let body = |size: usize| {
        let padded = |count: usize| with(&order("1"), "/data/passthrough", "x".repeat(count));
        padded(size - padded(0).len())
    };
    let largest = junction("msg_1", body(20000));
    assert_eq!(gateway.post(&largest).status, 200);
    let chunked = junction("msg_2", body(20000));
    assert_eq!(chunked.send_chunked(gateway.webhooks).status, 200);
    for request in [junction("msg_3", body(20001)), fullscript(vec![b'x'; 20001])] {
        check(&gateway.post(&request), 413, "payload_too_large");
        check(&request.send_chunked(gateway.webhooks), 413, "payload_too_large");
    }
    assert_eq!(gateway.list("/v1/webhooks").len(), 2);
}

#[test]
fn an_announced_length_beyond_the_limit_is_refused_before_it_is_sent() {
    let gateway = spawn_gateway();
    let head = "POST /v1/webhooks/junction HTTP/1.1\r\nhost: labgate\r\nconnection: close\r\n";
    let announced = format!("{head}content-length: 1000000000000\r\n\r\n{{}}");
    check(&exchange(gateway.webhooks, announced.as_bytes()), 413, "payload_too_large");
}

#[test]
fn the_whole_default_size_is_taken() {
    let gateway = spawn_gateway();
    let body = with(&order("1"), "/data/passthrough", "x".repeat(1_048_000));
    assert_eq!(gateway.post(&junction("msg_1", body)).status, 200);
    let body = with(&order("1"), "/data/passthrough", "x".repeat(1_049_000));
    check(&gateway.post(&junction("msg_2", body)), 413, "payload_too_large");
}

#[test]
fn both_listeners_tell_that_they_are_alive() {
    let gateway = spawn_gateway();
    for address in [gateway.webhooks, gateway.admin] {
        let answer = Request::get("/healthz").send(address);
        assert_eq!((answer.status, answer.json()["status"].as_str()), (200, Some("ok")));
        let answer = Request::post("/healthz", "").send(address);
        check(&answer, 405, "method_not_allowed");
    }
}

#[test]
fn the_world_sees_nothing_of_the_admin_listener() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("msg_1", sample("junction/demo/1-ordered"))).status, 200);
    for path in
        ["/", "/metrics", "/readyz", "/openapi.json", "/v1/orders", "/v1/events", "/v1/webhooks"]
    {
        not_there(&gateway, path);
    }
}

fn not_there(gateway: &Gateway, path: &str) {
    for method in ["GET", "POST"] {
        let answer = gateway.post(&Request::new(method, path).bearer(TOKEN));
        check(&answer, 404, "not_found");
    }
}

#[test]
fn the_admin_listener_takes_no_webhooks() {
    let gateway = spawn_gateway();
    let answer = gateway.ask(&junction("msg_1", order("1")));
    assert!([404, 405].contains(&answer.status), "{answer:?}");
    let answer = gateway.ask(&fullscript(sample("fullscript/demo/1-placed")).bearer(TOKEN));
    assert!([404, 405].contains(&answer.status), "{answer:?}");
    assert!(gateway.list("/v1/webhooks").is_empty());
}
