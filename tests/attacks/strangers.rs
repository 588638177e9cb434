//! Many connections of one stranger, opened again when the gateway closes them.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    sync::mpsc::RecvTimeoutError,
    time::Duration,
};

use rustix::{
    io::Errno,
    net::{AddressFamily, SocketFlags, SocketType, bind, connect, socket_with},
    process::{Resource, Rlimit, getrlimit, setrlimit},
};

use crate::attack::Stop;

/// How often a stranger turns to its connections.
const ROUND: Duration = Duration::from_millis(250);
/// How many connections a stranger opens in a round: five hundred each second.
const OPENED: usize = 125;

/// Files that this process needs besides connections.
const OTHER_FILES: u64 = 256;

/// Lets this process open as many connections as the system allows.
pub(crate) fn allow_many_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
}

/// A connection to `to` from `from`, an address of loopback, that never blocks.
pub(crate) fn open(from: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None).unwrap();
    bind(&socket, &SocketAddr::from((from, 0))).unwrap();
    match connect(&socket, &to) {
        Ok(()) | Err(Errno::INPROGRESS) => socket.into(),
        Err(error) => panic!("no connection: {error}"),
    }
}

/// One stranger's connections.
pub(crate) struct Strangers<'a> {
    from: Ipv4Addr,
    to: SocketAddr,
    /// What the nth connection begins with.
    opening: &'a dyn Fn(usize) -> Vec<u8>,
    /// `None` where one is to be opened.
    streams: Vec<Option<TcpStream>>,
    reads: bool,
}

impl<'a> Strangers<'a> {
    /// So many connections, or as many as this process may open; none is open yet.
    pub(crate) fn new(
        count: usize,
        (from, to): (Ipv4Addr, SocketAddr),
        opening: &'a dyn Fn(usize) -> Vec<u8>,
    ) -> Self {
        let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX) - OTHER_FILES;
        let count = count.min(usize::try_from(files).unwrap());
        let streams = (0..count).map(|_| None).collect();
        Self { from, to, opening, streams, reads: true }
    }

    /// Reads no answer any more.
    pub(crate) fn unreading(self) -> Self {
        Self { reads: false, ..self }
    }

    /// Opens all connections, at a bounded rate, sends `drip` on every one each second, and opens
    /// those again that were closed, until `stop`.
    pub(crate) fn drip(mut self, drip: &[u8], stop: &Stop) {
        for round in 0.. {
            if stop.recv_timeout(ROUND) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
            let mut opened = 0;
            for (index, slot) in self.streams.iter_mut().enumerate() {
                // A quarter of those that are open in each round.
                let has_turn = (index + round) % 4 == 0;
                if has_turn {
                    slot.take_if(|stream| is_closed(stream, drip, self.reads));
                }
                if slot.is_none() && opened < OPENED {
                    let mut stream = open(self.from, self.to);
                    let _ = stream.write(&(self.opening)(index));
                    *slot = Some(stream);
                    opened += 1;
                }
            }
        }
    }
}

/// Sends `drip`, reads what came, and says whether the other side hung up.
fn is_closed(stream: &mut TcpStream, drip: &[u8], reads: bool) -> bool {
    let is_over = |result: std::io::Result<usize>| match result {
        Ok(length) => length == 0,
        Err(error) => error.kind() != ErrorKind::WouldBlock,
    };
    (!drip.is_empty() && is_over(stream.write(drip)))
        || (reads && is_over(stream.read(&mut [0; 4096])))
}
