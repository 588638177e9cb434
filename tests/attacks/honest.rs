//! An honest vendor: fifty webhooks each second, each on a connection of its own.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use labgate_tests::{junction, order};

/// Threads that send, so that a slow answer keeps no other webhook waiting.
const SENDERS: u32 = 10;
/// How long after one webhook a sender's next is due: together they send 50 each second.
const INTERVAL: Duration = Duration::from_millis(200);
/// How long a webhook waits for each step towards its answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What became of the webhooks of an honest vendor.
pub(crate) struct Measured {
    /// From the moment that a webhook was due to its 200; longer than any where there was none.
    latencies: Vec<Duration>,
    /// Most bytes of memory that the gateway held.
    pub(crate) memory: u64,
}

impl Measured {
    /// Above the table's columns.
    pub(crate) const HEADER: &str =
        "attack                               sent  not 200   p50 ms   p99 ms   max ms  memory MB";

    /// The latency that so many of a hundred webhooks did not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        self.latencies[(self.latencies.len() * percent / 100).min(self.latencies.len() - 1)]
    }

    /// A line of the table.
    pub(crate) fn row(&self, name: &str) -> String {
        let lost = self.latencies.iter().filter(|latency| **latency == Duration::MAX).count();
        let milliseconds = |percent| match self.percentile(percent) {
            Duration::MAX => "-".into(),
            latency => format!("{:.1}", latency.as_secs_f64() * 1000.0),
        };
        format!(
            "{name:36} {:>4} {lost:>8} {:>8} {:>8} {:>8} {:>10}",
            self.latencies.len(),
            milliseconds(50),
            milliseconds(99),
            milliseconds(100),
            self.memory / 1_000_000,
        )
    }
}

/// Sends webhooks to `to` for `duration`, from 127.0.0.1 or through a proxy there.
pub(crate) fn send(to: SocketAddr, duration: Duration, through_proxy: bool) -> Measured {
    let start = Instant::now();
    let sender = |sender: u32| {
        let first = start + INTERVAL / SENDERS * sender;
        let dues = (0..).map(|turn| first + INTERVAL * turn);
        let sent = dues.take_while(|due| *due < start + duration).map(|due| {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let name = format!("{sender}-{:?}", due - start);
            let mut webhook = junction(&name, order(&name));
            if through_proxy {
                webhook = webhook.header("x-forwarded-for", "192.0.2.1");
            }
            let is_kept = status(to, &webhook.to_bytes()) == Some(200);
            if is_kept { due.elapsed() } else { Duration::MAX }
        });
        sent.collect::<Vec<_>>()
    };
    let mut latencies: Vec<_> = thread::scope(|scope| {
        let senders: Vec<_> =
            (0..SENDERS).map(|index| scope.spawn(move || sender(index))).collect();
        senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
    });
    latencies.sort_unstable();
    Measured { latencies, memory: 0 }
}

/// The status code of the answer to `bytes`.
fn status(to: SocketAddr, bytes: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect_timeout(&to, TIMEOUT).ok()?;
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream.write_all(bytes).ok()?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received).ok()?;
    std::str::from_utf8(received.get(9..12)?).ok()?.parse().ok()
}
