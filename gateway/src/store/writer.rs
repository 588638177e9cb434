//! The threads that write: one for a file, a few for a server.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{
    Arrival, Backend, Connection, StoreError, Stored, archive, budget, parcel::Parcel,
    readiness::Readiness,
};
use crate::telemetry::Metrics;

/// How many webhooks may wait; one more is told to come back.
const QUEUE: usize = 1024;
/// How many bytes they may hold, counted in places.
const BYTES: usize = 32 * 1024 * 1024;
const PLACE: usize = 1024;
/// How many webhooks share one transaction at most.
const BATCH: usize = 256;
/// How long a webhook waits for its commit before its sender is told to come back. It may still be
/// kept after that; the sender's next try is then a duplicate. Vendors wait 15 seconds or more.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a batch is tried that another gateway got in the way of.
const TRIES: usize = 10;
/// One webhook that fails alone is a bad webhook; as many in a row are a bad store.
const BAD_STORE: usize = 3;

/// A handle on the writing threads. They end when they are closed, or the last handle is gone and
/// the queue is empty.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Item>,
    room: Arc<Semaphore>,
    backend: Backend,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

enum Item {
    Job(Box<Job>),
    /// No more is to come for the thread that takes this.
    Close,
}

struct Job {
    parcel: Parcel,
    reply: oneshot::Sender<Result<Stored, StoreError>>,
    /// Held until the webhook is written or given up.
    room: OwnedSemaphorePermit,
}

impl Writer {
    pub(super) fn start(
        backend: Backend,
        metrics: Arc<Metrics>,
        readiness: &Readiness,
    ) -> Result<Self, StoreError> {
        let (sender, queue) = mpsc::channel(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let mut threads = Vec::new();
        for _ in 0..backend.writers() {
            let connection = Some(backend.connect()?);
            let (backend, metrics) = (backend.clone(), metrics.clone());
            let desk = Desk {
                queue: queue.clone(),
                backend,
                connection,
                metrics,
                readiness: readiness.clone(),
                heavy: VecDeque::new(),
                closing: false,
            };
            let thread = thread::Builder::new().name("labgate-writer".into());
            threads.push(thread.spawn(move || desk.work()).map_err(|_| StoreError::Away)?);
        }
        let room = Arc::new(Semaphore::new(BYTES / PLACE));
        Ok(Self { queue: sender, room, backend, threads: Arc::new(Mutex::new(threads)) })
    }

    pub(super) async fn archive(&self, arrival: Arrival) -> Result<Stored, StoreError> {
        // Whoever will not be let in is told before any work is done for it.
        let ticket = self.queue.try_reserve().map_err(|_| StoreError::Overloaded)?;
        let parcel = self.pack(arrival).await?;
        let places = parcel.bytes().div_ceil(PLACE).clamp(1, BYTES / PLACE);
        let places = u32::try_from(places).map_err(|_| StoreError::Overloaded)?;
        let room = self.room.clone().try_acquire_many_owned(places);
        let room = room.map_err(|_| StoreError::Overloaded)?;
        let (reply, answer) = oneshot::channel();
        ticket.send(Item::Job(Box::new(Job { parcel, reply, room })));
        let answer = tokio::time::timeout(PATIENCE, answer).await;
        answer.map_or(Err(StoreError::Away), |answer| answer.unwrap_or(Err(StoreError::Away)))
    }

    /// Packs a webhook where it arrives: a heavy one on another thread, so that this one serves
    /// others meanwhile.
    async fn pack(&self, arrival: Arrival) -> Result<Parcel, StoreError> {
        let seal = self.backend.seal().clone();
        if !budget::is_heavy(&arrival) {
            return Ok(Parcel::new(arrival, &seal));
        }
        let packed = tokio::task::spawn_blocking(move || Parcel::new(arrival, &seal));
        packed.await.map_err(|_| StoreError::Away)
    }

    /// Lets the threads finish what waits, and waits until they have.
    pub(super) async fn close(&self) {
        let threads: Vec<_> =
            self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect();
        for _ in &threads {
            // An error says that there is nobody left to tell.
            let _ = self.queue.send(Item::Close).await;
        }
        let ended = tokio::task::spawn_blocking(|| {
            for thread in threads {
                // One that panicked has told so.
                let _ = thread.join();
            }
        });
        let _ = ended.await;
    }

    /// Whether the threads still work.
    pub(super) fn is_alive(&self) -> bool {
        !self.queue.is_closed()
    }
}

struct Desk {
    queue: Arc<Mutex<mpsc::Receiver<Item>>>,
    backend: Backend,
    /// `None` after a failure: the next batch opens a new one.
    connection: Option<Connection>,
    metrics: Arc<Metrics>,
    readiness: Readiness,
    /// Webhooks that take long: between two of them everything else that waits is written.
    heavy: VecDeque<Job>,
    /// Whether no more is to come.
    closing: bool,
}

impl Desk {
    fn work(mut self) {
        while !self.closing || !self.heavy.is_empty() {
            let light = self.next();
            let heavy = Vec::from_iter(self.heavy.pop_front());
            for batch in [light, heavy].into_iter().filter(|batch| !batch.is_empty()) {
                self.settle(batch);
            }
        }
        // A store that is left behind can be copied by its main file alone.
        if let Some(connection) = &mut self.connection
            && let Err(error) = connection.settle()
        {
            tracing::warn!(%error, "the store was not tidied up");
        }
    }

    /// All webhooks that wait, as one batch, but for the heavy ones, which are put aside; waits
    /// itself if there is none of either.
    fn next(&mut self) -> Vec<Job> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let mut batch = Vec::new();
        while !self.closing && batch.len() < BATCH {
            let item = if batch.is_empty() && self.heavy.is_empty() {
                queue.blocking_recv().unwrap_or(Item::Close)
            } else {
                let Ok(item) = queue.try_recv() else { break };
                item
            };
            match item {
                Item::Close => self.closing = true,
                Item::Job(job) if job.parcel.is_heavy => self.heavy.push_back(*job),
                Item::Job(job) => batch.push(*job),
            }
        }
        batch
    }

    fn settle(&mut self, batch: Vec<Job>) {
        // Nobody waits any more for what was queued too long; its sender was told so.
        let batch = batch.into_iter().filter(|job| !job.reply.is_closed());
        let (parcels, replies): (Vec<_>, Vec<_>) =
            batch.map(|job| (job.parcel, (job.reply, job.room))).unzip();
        let results = match self.commit(&parcels) {
            Ok(stored) => stored.into_iter().map(Ok).collect(),
            Err(error) if parcels.len() > 1 && !error.is_outage() => self.one_by_one(&parcels),
            Err(error) => vec![Err(error)],
        };
        let results = results.into_iter().chain(std::iter::repeat_with(|| Err(StoreError::Away)));
        for ((reply, _room), result) in replies.into_iter().zip(results) {
            // Whoever hung up will ask again, and is told that it is a duplicate.
            let _ = reply.send(result);
        }
    }

    /// One webhook must not take its neighbours down: each gets a transaction of its own.
    fn one_by_one(&mut self, parcels: &[Parcel]) -> Vec<Result<Stored, StoreError>> {
        let mut failed = 0;
        let mut results = Vec::with_capacity(parcels.len());
        for alone in parcels.chunks(1) {
            let result = self.commit(alone).map(|mut stored| stored.remove(0));
            failed = if result.is_ok() { 0 } else { failed + 1 };
            let outage = result.as_ref().is_err_and(StoreError::is_outage);
            results.push(result);
            if outage || failed == BAD_STORE {
                break;
            }
        }
        results
    }

    fn commit(&mut self, parcels: &[Parcel]) -> Result<Vec<Stored>, StoreError> {
        let started = Instant::now();
        let mut outcome = self.try_commit(parcels);
        for _ in 1..TRIES {
            match &outcome {
                Err(error) if error.is_conflict() => outcome = self.try_commit(parcels),
                Ok(_) | Err(_) => break,
            }
        }
        self.readiness.committed(Instant::now(), outcome.as_ref().err());
        if outcome.is_ok() {
            self.metrics.committed(parcels.len(), started.elapsed());
        }
        outcome
    }

    fn try_commit(&mut self, parcels: &[Parcel]) -> Result<Vec<Stored>, StoreError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.backend.connect()?,
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            connection.knowing(|open| open.transaction(|open| archive::archive(open, parcels)))
        }));
        match outcome {
            Ok(Ok(stored)) => {
                self.connection = Some(connection);
                Ok(stored)
            }
            // The one who sent it decides what to do, and logs it.
            Ok(Err(error)) => {
                if error.is_conflict() {
                    self.connection = Some(connection);
                }
                Err(error)
            }
            Err(_) => Err(StoreError::Panicked),
        }
    }
}
