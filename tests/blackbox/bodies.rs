//! Bodies as wrong as they come: each gets its row, none gets a 5xx, and what was proven is kept.

use labgate_tests::{
    Gateway, Request, fullscript, junction, order, relay, sample, spawn_gateway, with,
};
use serde_json::json;

/// `body` from three senders is answered with `status`, and kept each time.
pub(crate) fn check(gateway: &Gateway, body: &[u8], status: u16) {
    static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let mut requests = vec![junction(&format!("msg_{number}"), body), relay(body)];
    // An empty body of Fullscript is a handshake.
    if status == 400 && !body.is_empty() {
        requests.push(fullscript(body));
    }
    for request in requests {
        let before = gateway.list("/v1/webhooks?limit=500").len();
        let answer = gateway.post(&request);
        let start = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
        assert_eq!(answer.status, status, "{} {start}: {}", request.path, answer.text());
        assert_eq!(gateway.list("/v1/webhooks?limit=500").len(), before + 1, "{start}");
    }
}

#[test]
fn bodies_that_are_no_object_are_quarantined() {
    let gateway = spawn_gateway();
    let whole = order("1");
    let bodies: [&[u8]; 16] = [
        b"",
        b" ",
        b"\0",
        b"null",
        b"true",
        b"7",
        b"\"text\"",
        b"[]",
        b"[[]]",
        b"{",
        b"}",
        b"{}",
        b"{\"event_type\":\"labtest.order.created\",}",
        b"\xef\xbb\xbf{}",
        &whole[..10],
        &whole[..whole.len() - 1],
    ];
    for body in bodies {
        check(&gateway, body, 400);
    }
    check(&gateway, &[&whole[..], b"{}"].concat(), 400);
}

#[test]
fn every_truncation_is_quarantined() {
    let gateway = spawn_gateway();
    let whole = order("1");
    for length in (0..whole.len()).step_by(7) {
        check(&gateway, &whole[..length], 400);
    }
}

#[test]
fn bodies_that_are_not_utf_8_are_quarantined() {
    let gateway = spawn_gateway();
    check(&gateway, b"\xff\xfe\xfd", 400);
    check(&gateway, b"{\"event_type\":\"labtest.order.created\",\"data\":{\"id\":\"\xff\"}}", 400);
    check(&gateway, b"{\"event_type\":\"\xc3\x28\",\"data\":{}}", 400);
    let wide: Vec<u8> =
        "{\"event_type\":\"x\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&gateway, &wide, 400);
    check(&gateway, br#"{"event_type":"\ud800","data":{}}"#, 400);
}

#[test]
fn deep_nesting_ends_in_quarantine_and_not_in_a_crash() {
    let gateway = spawn_gateway();
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [200, 20_000, 150_000] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            check(&gateway, value.as_bytes(), 400);
            let nested = format!(r#"{{"event_type":"labtest.order.created","data":{value}}}"#);
            check(&gateway, nested.as_bytes(), 400);
        }
        check(&gateway, open.repeat(150_000).as_bytes(), 400);
    }
    assert_eq!(gateway.post(&junction("msg_after", order("1"))).status, 200);
}

#[test]
fn wrong_types_are_quarantined() {
    let gateway = spawn_gateway();
    let whole = sample("junction/demo/1-ordered");
    for place in ["/event_type", "/data", "/data/id", "/data/created_at", "/data/events"] {
        for value in [json!(true), json!([1]), json!({ "a": 1 }), json!(1.5)] {
            check(&gateway, &with(&whole, place, value), 400);
        }
    }
    assert!(gateway.list("/v1/orders").is_empty());
}

#[test]
fn wrong_types_beside_the_point_cost_no_order_and_are_counted() {
    let gateway = spawn_gateway();
    let whole = sample("junction/demo/1-ordered");
    for field in ["patient_details", "lab_test", "order_transaction"] {
        let body = with(&whole, &format!("/data/{field}"), json!(["Zebra"]));
        assert_eq!(gateway.post(&junction(field, body)).status, 200, "{field}");
        let field = format!("data.{field}");
        let labels = [("plugin", "junction"), ("field", &*field)];
        gateway.metrics().check("labgate_unknown_values_total", &labels, 1);
    }
    assert_eq!(gateway.list("/v1/orders")[0]["status"], "ordered");
}

#[test]
fn what_is_proven_is_kept_even_if_it_is_nothing() {
    let gateway = spawn_gateway();
    let answer = gateway.post(&Request::post("/v1/webhooks/junction", ""));
    assert_eq!(answer.status, 401);
    check(&gateway, b"", 400);
}
