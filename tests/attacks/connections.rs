//! Connections on which nothing happens.

use std::net::SocketAddr;

use crate::{attack::Stop, bodies::STRANGER, strangers::Strangers};

pub(crate) fn silent(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let strangers = Strangers::new(4600, (STRANGER, to), &|_| Vec::new());
    begun();
    strangers.drip(b"", stop);
}

/// Each after a request that was answered.
pub(crate) fn idle(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let opening = |_| b"GET /healthz HTTP/1.1\r\nhost: labgate\r\n\r\n".to_vec();
    let strangers = Strangers::new(4600, (STRANGER, to), &opening);
    begun();
    strangers.drip(b"", stop);
}
