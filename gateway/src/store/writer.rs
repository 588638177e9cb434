//! The one thread that writes.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::Instant,
};

use tokio::sync::{mpsc, oneshot};

use super::{Arrival, Backend, Connection, StoreError, Stored, archive};
use crate::telemetry::Metrics;

/// How many arrivals may wait; one more is told to come back.
const QUEUE: usize = 1024;
/// How many arrivals share one transaction at most.
const BATCH: usize = 256;

/// A handle on the writing thread. The thread ends when the last handle is gone and the queue is
/// empty.
#[derive(Clone)]
pub(super) struct Writer(mpsc::Sender<Job>);

struct Job {
    arrival: Arrival,
    reply: oneshot::Sender<Result<Stored, StoreError>>,
}

impl Writer {
    pub(super) fn start(backend: Backend, metrics: Arc<Metrics>) -> Result<Self, StoreError> {
        let connection = backend.connect()?;
        let (sender, queue) = mpsc::channel(QUEUE);
        thread::Builder::new()
            .name("labgate-writer".into())
            .spawn(move || Desk { backend, connection: Some(connection), metrics }.work(queue))
            .map_err(|_| StoreError::Away)?;
        Ok(Self(sender))
    }

    pub(super) async fn archive(&self, arrival: Arrival) -> Result<Stored, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send(Job { arrival, reply }).map_err(|_| StoreError::Overloaded)?;
        answer.await.unwrap_or(Err(StoreError::Away))
    }

    /// Whether the thread still works.
    pub(super) fn is_alive(&self) -> bool {
        !self.0.is_closed()
    }
}

struct Desk {
    backend: Backend,
    /// `None` after a failure: the next batch opens a new one.
    connection: Option<Connection>,
    metrics: Arc<Metrics>,
}

impl Desk {
    fn work(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.blocking_recv() {
            let mut batch = vec![first];
            while let (true, Ok(job)) = (batch.len() < BATCH, queue.try_recv()) {
                batch.push(job);
            }
            self.settle(batch);
        }
    }

    fn settle(&mut self, batch: Vec<Job>) {
        let (arrivals, replies): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|job| (job.arrival, job.reply)).unzip();
        let results = match self.commit(&arrivals) {
            Ok(stored) => stored.into_iter().map(Ok).collect(),
            // One arrival must not take its neighbours down: each gets a transaction of its own.
            Err(_) if arrivals.len() > 1 => arrivals
                .chunks(1)
                .map(|alone| self.commit(alone).map(|mut stored| stored.remove(0)))
                .collect(),
            Err(error) => vec![Err(error)],
        };
        for (reply, result) in replies.into_iter().zip(results) {
            // Whoever hung up will ask again, and is told that it is a duplicate.
            let _ = reply.send(result);
        }
    }

    fn commit(&mut self, arrivals: &[Arrival]) -> Result<Vec<Stored>, StoreError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.backend.connect()?,
        };
        let started = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            connection.transaction(|open| archive::archive(open, arrivals))
        }));
        match outcome {
            Ok(Ok(stored)) => {
                self.connection = Some(connection);
                self.metrics.committed(arrivals.len(), started.elapsed());
                Ok(stored)
            }
            // The one who sent it decides what to do, and logs it.
            Ok(Err(error)) => Err(error),
            Err(_) => Err(StoreError::Away),
        }
    }
}
