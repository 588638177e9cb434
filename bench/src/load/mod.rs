//! Sends webhooks over connections that stay open, and measures.
//!
//! All of it runs on the caller's thread: the gateway shares the machine with the load, which must
//! cost little. A connection has one request under way at a time.

mod connection;
mod pace;
mod tally;
#[cfg(test)]
mod tests;

use std::{
    cell::{Cell, RefCell},
    io,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::task::{JoinSet, LocalSet};

use connection::Connection;
use pace::Pacer;
pub use tally::{Fate, Tally};

use crate::webhook::Webhook;

/// How to send.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Where the gateway takes webhooks.
    pub address: SocketAddr,
    /// How many connections.
    pub connections: usize,
    /// When to send each.
    pub pace: Pace,
    /// How long; for ever means until all are sent.
    pub most: Duration,
}

/// When a webhook is sent.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// A closed loop: each connection sends its next once the last was answered. Latency counts
    /// from sending.
    Closed,
    /// So many a second, whatever the gateway does: latency counts from the time at which a webhook
    /// should have been sent, so that waiting for a slow gateway is not left out.
    Rate(f64),
}

/// A run that is over.
pub struct Report {
    /// What became of it.
    pub tally: Tally,
    /// What was sent; each has its fate in the tally.
    pub sent: Vec<Webhook>,
    /// What was not.
    pub left: Vec<Webhook>,
}

impl Report {
    /// A run that never began.
    pub(crate) fn of_none(left: Vec<Webhook>) -> Self {
        Self { tally: Tally::new(0), sent: Vec::new(), left }
    }
}

/// What all connections share.
struct Run {
    webhooks: Vec<Webhook>,
    next: Cell<usize>,
    tally: RefCell<Tally>,
    load: Load,
    start: Instant,
    pacer: Option<Pacer>,
}

/// Sends `webhooks` in their order, each once, until all are sent or the time is over. What was
/// not sent comes back.
pub fn run(webhooks: Vec<Webhook>, load: Load) -> io::Result<Report> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    LocalSet::new().block_on(&runtime, send(webhooks, load))
}

async fn send(webhooks: Vec<Webhook>, load: Load) -> io::Result<Report> {
    let mut connections = Vec::with_capacity(load.connections);
    for _ in 0..load.connections {
        connections.push(Connection::open(load.address).await?);
    }
    let pacer = match load.pace {
        Pace::Closed => None,
        Pace::Rate(rate) => Some(Pacer::new(rate)?),
    };
    let tally = RefCell::new(Tally::new(webhooks.len()));
    let start = Instant::now();
    let run = Rc::new(Run { webhooks, next: Cell::new(0), tally, load, start, pacer });
    let mut tasks = JoinSet::new();
    for connection in connections {
        tasks.spawn_local(run.clone().work(connection));
    }
    let clock = run.clone();
    let clock = tokio::task::spawn_local(async move { clock.tick().await });
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no connection panics");
    }
    clock.abort();
    let _ = clock.await;
    let run = Rc::into_inner(run).expect("every task has ended");
    let mut tally = run.tally.into_inner();
    tally.fates.truncate(run.next.get());
    let mut sent = run.webhooks;
    let left = sent.split_off(run.next.get());
    Ok(Report { tally, sent, left })
}

impl Run {
    /// What one connection does.
    async fn work(self: Rc<Self>, mut connection: Connection) {
        while let Some((place, due)) = self.take().await {
            let answer = connection.exchange(self.webhooks[place].request()).await;
            let now = Instant::now();
            if let Ok(status) = answer {
                let at = now.duration_since(self.start);
                self.tally.borrow_mut().answered(place, status, now.duration_since(due), at);
                continue;
            }
            self.tally.borrow_mut().broken();
            let Ok(another) = Connection::open(self.load.address).await else { return };
            connection = another;
        }
    }

    /// The next webhook to send, once it is due, and the time from which it counts.
    async fn take(&self) -> Option<(usize, Instant)> {
        if let Some(pacer) = &self.pacer {
            pacer.due().await;
        }
        let place = self.next.get();
        let due = self.due(place);
        if place == self.webhooks.len() || due.duration_since(self.start) >= self.load.most {
            return None;
        }
        self.next.set(place + 1);
        Some((place, due))
    }

    fn due(&self, place: usize) -> Instant {
        self.pacer.as_ref().map_or_else(Instant::now, |pacer| self.start + pacer.after(place))
    }

    async fn tick(&self) {
        if let Some(pacer) = &self.pacer {
            pacer.tick(self.start).await.expect("a timer of the system works");
        }
    }
}
