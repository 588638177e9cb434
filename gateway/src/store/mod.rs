//! The archive: what was answered with 2xx is here, on disk, exactly once.
//!
//! One thread writes. It takes whatever waits in the queue as one batch and one transaction, so
//! that concurrent webhooks share one sync of the disk, and nobody waits when the disk is idle.
//! Readers have connections of their own.

pub mod appointments;
mod archive;
mod arrival;
pub mod connection;
mod document;
pub mod events;
pub mod orders;
mod pool;
pub mod reports;
mod schema;
mod tasks;
pub mod webhooks;
mod writer;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

pub use arrival::{Arrival, Cause, Stored};
pub use connection::{Backend, Connection};
use pool::Pool;
use writer::Writer;

use crate::telemetry::Metrics;

/// `store.url` names no database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UrlError(pub &'static str);

/// The store failed. Texts come from the database or from us; no statement of ours holds a value
/// in its text, so neither does the message.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection could be made.
    #[error("can't open the store: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// The file can't be opened or made.
    #[error("can't open the store's file: {0}")]
    File(std::io::Error),
    /// A statement failed.
    #[error("the store failed: {0}")]
    Query(#[from] diesel::result::Error),
    /// The schema could not be brought up to date.
    #[error("can't migrate the store: {0}")]
    Migration(String),
    /// A path that the database's interface can't take.
    #[error("the store's path is not UTF-8")]
    NotUtf8,
    /// A row that this binary can't read: it was written by another one, or by the disk.
    #[error("a row of `{0}` can't be read")]
    Unreadable(&'static str),
    /// No connection is free, or the writer's queue is full.
    #[error("the store is overloaded")]
    Overloaded,
    /// The writer gave up on a batch.
    #[error("the store is away")]
    Away,
}

/// Where intake puts webhooks: the store, or in tests one that is away.
#[async_trait]
pub trait Archive: Send + Sync {
    /// Keeps `arrival` and merges what it says. When this returns, it is on disk.
    async fn archive(&self, arrival: Arrival) -> Result<Stored, StoreError>;
}

#[async_trait]
impl Archive for Store {
    async fn archive(&self, arrival: Arrival) -> Result<Stored, StoreError> {
        self.writer.archive(arrival).await
    }
}

/// A handle on the store; cheap to clone.
#[derive(Clone)]
pub struct Store {
    writer: Writer,
    readers: Pool,
}

impl Store {
    /// Opens the store and brings its schema up to date.
    pub fn open(backend: &Backend, metrics: Arc<Metrics>) -> Result<Self, StoreError> {
        backend.connect()?.migrate()?;
        Ok(Self {
            writer: Writer::start(backend.clone(), metrics)?,
            readers: Pool::new(backend.clone()),
        })
    }

    /// Runs `query` on a connection of its own, off the async threads.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = self.readers.clone();
        let work = move || query(&mut *readers.get()?);
        tokio::task::spawn_blocking(work).await.unwrap_or(Err(StoreError::Away))
    }

    /// Whether the store can be reached, has the schema of this binary, and takes webhooks.
    pub async fn is_ready(&self) -> bool {
        self.writer.is_alive() && self.read(Connection::is_migrated).await.unwrap_or(false)
    }
}

/// A time as the store's columns hold it.
fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// The time in a column.
fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}

#[cfg(test)]
mod tests;
