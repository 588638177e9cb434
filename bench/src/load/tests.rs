//! What latency counts from.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{Load, Pace, run};
use crate::{signer::Signer, vendors::Vendors};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/// A gateway that takes one connection and holds its first answer back for `held`.
fn slow(held: Duration) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // Nobody ever sends: this is only a wait.
        let (_sender, never) = mpsc::channel::<()>();
        let mut patience = Some(held);
        let (mut received, mut chunk) = (Vec::new(), [0; 1 << 14]);
        while let Ok(length @ 1..) = stream.read(&mut chunk) {
            received.extend_from_slice(&chunk[..length]);
            if !is_whole(&received) {
                continue;
            }
            received.clear();
            if let Some(held) = patience.take() {
                let _ = never.recv_timeout(held);
            }
            stream.write_all(ANSWER).unwrap();
        }
    });
    address
}

fn is_whole(received: &[u8]) -> bool {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(received).unwrap() else { return false };
    let length = request.headers.iter().find(|header| header.name == "content-length").unwrap();
    let length: usize = str::from_utf8(length.value).unwrap().parse().unwrap();
    received.len() == head + length
}

#[test]
fn who_waits_for_a_slow_gateway_is_counted_from_the_time_it_was_due() {
    let webhooks = Vendors::new(1, Signer::draw().0).next(200);
    let held = Duration::from_millis(100);
    let load = |pace| Load { address: slow(held), connections: 1, pace, most: Duration::MAX };

    let paced = run(webhooks.clone(), load(Pace::Rate(1000.0))).unwrap().tally;
    assert_eq!((paced.kept, paced.refused, paced.broken), (200, 0, 0));
    // The hundred that were due while the first was held waited for 50 ms on average.
    assert!(paced.quantile(1.0) >= 99.0, "{}", paced.quantile(1.0));
    assert!(paced.quantile(0.75) >= 40.0, "{}", paced.quantile(0.75));

    let closed = run(webhooks, load(Pace::Closed)).unwrap().tally;
    assert_eq!(closed.kept, 200);
    assert!(closed.quantile(0.75) < 40.0, "in a closed loop only the one waits");
}
