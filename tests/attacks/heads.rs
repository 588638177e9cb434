//! Heads of requests that never end.

use std::net::SocketAddr;

use crate::{attack::Stop, bodies::STRANGER, strangers::Strangers};

const HEAD: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: labgate\r\n";

pub(crate) fn slow(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let strangers = Strangers::new(4600, (STRANGER, to), &|_| HEAD.to_vec());
    begun();
    strangers.drip(b"x", stop);
}

/// Each after a request that was answered.
pub(crate) fn slow_second(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let opening = |_| [HEAD, b"\r\n", HEAD].concat();
    let strangers = Strangers::new(4600, (STRANGER, to), &opening);
    begun();
    strangers.drip(b"x", stop);
}

/// Together they are more than the memory for requests.
pub(crate) fn large(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let opening = |_| [HEAD, b"x: ", &*b"x".repeat(100_000)].concat();
    let strangers = Strangers::new(2600, (STRANGER, to), &opening);
    begun();
    strangers.drip(b"", stop);
}
