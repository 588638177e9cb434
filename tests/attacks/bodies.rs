//! Bodies that take room and time.

use std::{
    io::Write as _,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    thread,
};

use crate::{
    attack::Stop,
    strangers::{Strangers, open},
};

/// Where attacks come from.
pub(crate) const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

const ANNOUNCED: &str = "POST /v1/webhooks/junction HTTP/1.1\r\nhost: labgate\r\n";

fn announced(length: usize, header: &str) -> Vec<u8> {
    format!("{ANNOUNCED}{header}content-length: {length}\r\n\r\n").into_bytes()
}

/// As many as there are kibibytes in the memory for requests, if one was charged for each.
const CHUNKS: usize = 131_072;

fn small_chunks(to: SocketAddr) -> TcpStream {
    let mut stream = open(STRANGER, to);
    stream.set_nonblocking(false).unwrap();
    let head = format!("{ANNOUNCED}transfer-encoding: chunked\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&b"1\r\nx\r\n".repeat(CHUNKS));
    stream
}

pub(crate) fn one_of_small_chunks(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let stream = small_chunks(to);
    begun();
    let _ = stop.recv();
    drop(stream);
}

pub(crate) fn many_of_small_chunks(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let streams: Vec<_> = (0..2).map(|_| thread::spawn(move || small_chunks(to))).collect();
    begun();
    let _ = stop.recv();
    drop(streams);
}

/// A mebibyte each, which no `write` takes at once.
pub(crate) fn nearly_whole(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    const LENGTH: usize = 1 << 20;
    let stream = || {
        let mut stream = open(STRANGER, to);
        stream.set_nonblocking(false).unwrap();
        let _ = stream.write_all(&announced(LENGTH, ""));
        let _ = stream.write_all(&vec![b'x'; LENGTH - 1]);
        stream
    };
    let streams: Vec<_> = (0..200).map(|_| stream()).collect();
    begun();
    let _ = stop.recv();
    drop(streams);
}

fn dripping(count: usize, from: Ipv4Addr, to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let strangers = Strangers::new(count, (from, to), &|_| announced(100_000, ""));
    begun();
    strangers.drip(b"x", stop);
}

pub(crate) fn slow(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    dripping(4600, STRANGER, to, begun, stop);
}

pub(crate) fn fewer_slow(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    dripping(1300, STRANGER, to, begun, stop);
}

/// A stranger behind the proxy that the honest vendor comes through, too.
pub(crate) fn slow_through_proxy(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let opening = |_| announced(100_000, "x-forwarded-for: 192.0.2.2\r\n");
    let strangers = Strangers::new(4600, (Ipv4Addr::LOCALHOST, to), &opening);
    begun();
    strangers.drip(b"x", stop);
}
