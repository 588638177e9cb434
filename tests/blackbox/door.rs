//! Deadlines and bounds of connections. `tests/attacks` measures what they are for.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use labgate_tests::{Gateway, Home, Request, junction, order, wait_until, with};

const HEALTHZ: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: labgate\r\n\r\n";

/// A gateway whose deadlines pass soon.
fn impatient() -> Gateway {
    Home::new().with("server", "request_timeout = \"1s\"\nidle_timeout = \"2s\"").serve()
}

/// A connection on which `bytes` were sent.
fn begin(gateway: &Gateway, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(gateway.webhooks).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

/// All that comes until the gateway closes the connection.
fn end(mut stream: TcpStream) -> String {
    let mut received = String::new();
    stream.read_to_string(&mut received).unwrap();
    received
}

/// All of a webhook but its last byte.
fn unfinished(id: &str) -> Vec<u8> {
    let mut bytes = junction(id, order("1")).to_bytes();
    bytes.pop();
    bytes
}

#[test]
fn a_body_that_comes_too_slowly_is_refused() {
    let gateway = impatient();
    let answer = end(begin(&gateway, &unfinished("msg_1")));
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let labels = [("plugin", "junction"), ("reason", "timed_out")];
    gateway.metrics().check("labgate_rejections_total", &labels, 1);
}

#[test]
fn a_head_without_end_is_closed_whichever_it_is_on_its_connection() {
    let gateway = impatient();
    let head = &HEALTHZ[..HEALTHZ.len() - 2];
    let (first, second) = (begin(&gateway, head), begin(&gateway, &[HEALTHZ, head].concat()));
    assert_eq!(end(first), "");
    assert!(end(second).starts_with("HTTP/1.1 200 "));
    let labels = [("listener", "webhooks"), ("reason", "late")];
    gateway.metrics().check("labgate_connections_closed_total", &labels, 2);
}

#[test]
fn a_connection_without_requests_is_closed() {
    let gateway = impatient();
    let started = Instant::now();
    assert!(end(begin(&gateway, HEALTHZ)).starts_with("HTTP/1.1 200 "));
    assert!(started.elapsed() >= Duration::from_secs(2), "{:?}", started.elapsed());
}

#[test]
fn a_peer_that_reads_no_answers_is_closed() {
    let gateway = impatient();
    let mut stream = begin(&gateway, b"");
    let requests = HEALTHZ.repeat(1000);
    while stream.write_all(&requests).is_ok() {}
    let labels = [("listener", "webhooks"), ("reason", "late")];
    gateway.metrics().check("labgate_connections_closed_total", &labels, 1);
}

#[test]
fn a_newcomer_finds_a_place_where_others_only_wait() {
    let gateway = Home::new().with("server", "max_connections = 2").serve();
    let _waiting = [1, 2].map(|_| {
        let mut stream = begin(&gateway, HEALTHZ);
        assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
        stream
    });
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    let labels = [("listener", "webhooks"), ("reason", "crowded_out")];
    gateway.metrics().check("labgate_connections_closed_total", &labels, 1);
}

#[test]
fn a_newcomer_finds_memory_where_others_are_slow() {
    // Memory is never less than for one request, so this is little more than that.
    let gateway = Home::new()
        .replacing("[server]\n", "[server]\nmax_body_bytes = 400000\nmax_memory_bytes = 1\n")
        .serve();
    let large = with(&order("1"), "/data/passthrough", "x".repeat(390_000));
    let mut bytes = junction("msg_1", &*large).to_bytes();
    bytes.pop();
    let slow = begin(&gateway, &bytes);
    // It is the slower one once it has been seen, and then it goes.
    let mut messages = 2..;
    wait_until("a full memory", || {
        let message = format!("msg_{}", messages.next().unwrap());
        assert_eq!(gateway.post(&junction(&message, &*large)).status, 200);
        let labels = [("plugin", "junction"), ("reason", "crowded_out")];
        gateway.metrics().find("labgate_rejections_total", &labels) == Some(1.0)
    });
    let answer = end(slow);
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: "), "{answer}");
}

#[test]
fn a_low_soft_limit_of_open_files_is_raised() {
    let gateway = Home::new().open_files(128).serve();
    let _waiting: Vec<_> = (0..300).map(|_| begin(&gateway, HEALTHZ)).collect();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    assert_eq!(gateway.ask(&Request::get("/readyz")).status, 200);
}

#[test]
fn the_admin_listener_has_the_same_bounds() {
    let gateway = impatient();
    let mut stream = TcpStream::connect(gateway.admin).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\n").unwrap();
    assert_eq!(end(stream), "");
    let labels = [("listener", "admin"), ("reason", "late")];
    gateway.metrics().check("labgate_connections_closed_total", &labels, 1);
}
