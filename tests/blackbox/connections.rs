//! Several requests on one connection: none is read as a part of another.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use labgate_tests::{Gateway, Request, junction, order, spawn_gateway};

/// The status codes of all answers to `bytes` on one connection.
fn statuses(gateway: &Gateway, bytes: &[u8]) -> Vec<u16> {
    let mut stream = TcpStream::connect(gateway.webhooks).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let _ = stream.write_all(bytes);
    let mut received = Vec::new();
    let mut part = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut part) {
        received.extend_from_slice(&part[..length]);
    }
    let text = String::from_utf8_lossy(&received);
    let answers = text.split("HTTP/1.1 ").skip(1);
    answers.map(|answer| answer[..3].parse().unwrap()).collect()
}

/// `request` as one of several.
fn kept_open(request: &Request) -> Vec<u8> {
    let text = request.to_bytes();
    let close = b"connection: close\r\n";
    let at = text.windows(close.len()).position(|window| window == close).unwrap();
    [&text[..at], &text[at + close.len()..]].concat()
}

/// After `first`, answered with `status`, the connection is closed or serves the next request.
fn check(gateway: &Gateway, first: &Request, status: u16) {
    let last = Request::get("/healthz").to_bytes();
    let found = statuses(gateway, &[kept_open(first), last].concat());
    assert!(found == [status, 200] || found == [status], "{first:?}: {found:?}");
}

#[test]
fn webhooks_follow_each_other() {
    let gateway = spawn_gateway();
    let mut bytes: Vec<u8> = (0..10)
        .flat_map(|index| kept_open(&junction(&format!("msg_{index}"), order(&index.to_string()))))
        .collect();
    bytes.extend(Request::get("/healthz").to_bytes());
    assert_eq!(statuses(&gateway, &bytes), [200; 11]);
    assert_eq!(gateway.list("/v1/orders").len(), 10);
}

#[test]
fn a_body_that_nobody_reads_is_no_next_request() {
    let gateway = spawn_gateway();
    let inner = junction("msg_inner", order("inner")).to_bytes();
    check(&gateway, &Request::post("/v1/webhooks/nobody", &*inner), 404);
    check(&gateway, &Request::post("/nowhere", &*inner), 404);
    check(
        &gateway,
        &Request { method: "PUT".into(), ..Request::post("/v1/webhooks/junction", &*inner) },
        405,
    );
    check(&gateway, &Request::post("/v1/webhooks/junction", &*inner), 401);
    check(&gateway, &Request { method: "GET".into(), ..Request::post("/healthz", &*inner) }, 200);
    assert!(gateway.list("/v1/webhooks").is_empty());
}

#[test]
fn what_is_too_large_is_no_next_request() {
    let gateway = spawn_gateway();
    let inner = junction("msg_inner", order("inner")).to_bytes();
    let large: Vec<u8> = inner.iter().copied().cycle().take(1_200_000).collect();
    check(&gateway, &junction("msg_1", large), 413);
    assert!(gateway.list("/v1/webhooks").is_empty());
}
