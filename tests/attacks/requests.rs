//! Whole requests, too many of them.

use std::{
    io::{Read as _, Write as _},
    net::SocketAddr,
    sync::mpsc::RecvTimeoutError,
    time::Duration,
};

use labgate_tests::{JUNCTION_EU, junction_by, now, order};

use crate::{
    attack::Stop,
    bodies::STRANGER,
    strangers::{Strangers, open},
};

/// A thousand requests each second whose answers nobody reads.
pub(crate) fn unread(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let requests = b"GET /healthz HTTP/1.1\r\nhost: labgate\r\n\r\n".repeat(50);
    let opening = |_| requests.clone();
    let strangers = Strangers::new(20, (STRANGER, to), &opening);
    begun();
    strangers.unreading().drip(&requests, stop);
}

/// Four hundred each second.
pub(crate) fn forged(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let webhook = junction_by(JUNCTION_EU, "forged", now(), order("forged")).to_bytes();
    begun();
    while stop.recv_timeout(Duration::from_millis(25)) != Err(RecvTimeoutError::Disconnected) {
        let mut streams: Vec<_> = (0..10).map(|_| open(STRANGER, to)).collect();
        for stream in &mut streams {
            stream.set_nonblocking(false).unwrap();
            let _ = stream.write_all(&webhook);
        }
        for stream in &mut streams {
            let _ = stream.read(&mut [0; 1024]);
        }
    }
}
