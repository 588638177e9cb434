//! Headers as wrong as they come.

use labgate_tests::{
    Answer, Gateway, Request, exchange, fullscript, junction, order, sample, spawn_gateway,
};

/// After whatever was sent, the gateway still serves.
fn check(gateway: &Gateway, answer: &Answer, expected: &[u16]) {
    assert!(expected.contains(&answer.status), "{answer:?}");
    assert_eq!(gateway.post(&Request::get("/healthz")).status, 200);
}

#[test]
fn oversized_headers_are_refused_or_not_proven() {
    let gateway = spawn_gateway();
    for size in [10_000, 60_000, 200_000] {
        for name in ["svix-id", "svix-signature", "x-anything"] {
            let value = "v".repeat(size);
            let request = junction("msg_1", order("1")).without(name).header(name, value);
            let answer = exchange(gateway.webhooks, &request.to_bytes());
            check(
                &gateway,
                &answer,
                if name == "x-anything" { &[200, 400, 431] } else { &[400, 401, 431] },
            );
        }
    }
}

#[test]
fn a_proven_id_of_any_length_is_deduped_on() {
    let gateway = spawn_gateway();
    let id = "m".repeat(10_000);
    let answer = gateway.post(&junction(&id, order("1")));
    check(&gateway, &answer, &[200]);
    let again = gateway.post(&junction(&id, order("1")));
    assert_eq!(again.json()["duplicate"], true);
    let other = gateway.post(&junction(&format!("{id}x"), order("2")));
    assert_eq!(other.json()["ingested_count"], 1);
}

#[test]
fn a_thousand_headers_are_no_trouble() {
    let gateway = spawn_gateway();
    for count in [90, 1000] {
        let request = (0..count).fold(junction("msg_1", order("1")), |request, index| {
            request.header(&format!("x-{index}"), "1")
        });
        let answer = exchange(gateway.webhooks, &request.to_bytes());
        check(&gateway, &answer, &[200, 400, 431]);
    }
}

#[test]
fn other_headers_may_be_repeated_or_be_no_text() {
    let gateway = spawn_gateway();
    let request = junction("msg_1", order("1"))
        .header("x-thing", b"\xff\xfe")
        .header("user-agent", b"caf\xc3\xa9 \xff")
        .header("user-agent", "again")
        .header("content-type", "text/plain")
        .header("cookie", "a=1")
        .header("cookie", "b=2");
    check(&gateway, &gateway.post(&request), &[200]);
    let id = gateway.list("/v1/webhooks")[0]["id"].as_str().unwrap().to_string();
    assert_eq!(gateway.read(&format!("/v1/webhooks/{id}"))["outcome"], "accepted");
}

#[test]
fn names_of_headers_are_read_in_any_case() {
    let gateway = spawn_gateway();
    let mut request = junction("msg_1", order("1"));
    for (name, _) in &mut request.headers {
        *name = name.to_uppercase();
    }
    check(&gateway, &gateway.post(&request), &[200]);
    let mut request = fullscript(sample("fullscript/demo/1-placed"));
    for (name, _) in &mut request.headers {
        *name = name.replace("fullscript", "Fullscript");
    }
    check(&gateway, &gateway.post(&request), &[200]);
}

#[test]
fn what_is_no_http_is_refused() {
    let gateway = spawn_gateway();
    let path = "/v1/webhooks/junction HTTP/1.1\r\nhost: labgate\r\nconnection: close\r\n";
    let requests = [
        format!("POST {path}content-length: -1\r\n\r\n"),
        format!("POST {path}content-length: ten\r\n\r\n"),
        format!("POST {path}content-length: 1\r\ncontent-length: 2\r\n\r\n{{}}"),
        format!("POST {path}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        format!("POST {path}transfer-encoding: chunked\r\n\r\nZebra\r\n\r\n"),
        format!("POST {path}bad header: 1\r\n\r\n"),
        format!("POST {path}x-null: a\0b\r\n\r\n"),
        "Zebra\r\n\r\n".into(),
        "\u{16}\u{3}\u{1}\u{2}\0\r\n\r\n".into(),
        "POST /v1/webhooks/junction HTTP/9.9\r\n\r\n".into(),
    ];
    for request in requests {
        let answer = exchange(gateway.webhooks, request.as_bytes());
        check(&gateway, &answer, &[400, 401, 405, 505]);
    }
    assert!(gateway.list("/v1/webhooks").is_empty());
}

#[test]
fn a_body_that_breaks_off_is_nothing() {
    let gateway = spawn_gateway();
    let mut bytes = junction("msg_1", order("1")).to_bytes();
    bytes.truncate(bytes.len() - 10);
    {
        use std::io::Write as _;
        let mut stream = std::net::TcpStream::connect(gateway.webhooks).unwrap();
        stream.write_all(&bytes).unwrap();
    }
    check(&gateway, &gateway.post(&junction("msg_2", order("2"))), &[200]);
    assert_eq!(gateway.list("/v1/webhooks").len(), 1);
}

#[test]
fn a_question_before_the_body_is_answered() {
    let gateway = spawn_gateway();
    let request = junction("msg_1", order("1")).header("expect", "100-continue");
    let answer = exchange(gateway.webhooks, &request.to_bytes());
    check(&gateway, &answer, &[100, 200]);
    assert_eq!(gateway.list("/v1/orders").len(), 1);
}
