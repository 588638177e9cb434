//! The archive: what was answered with 2xx is here, on disk, exactly once.
//!
//! A webhook is packed where it arrives: whatever needs no lock is done there. A writer takes
//! whatever waits in the queue as one batch and one transaction, so that concurrent webhooks share
//! one sync of the disk, and nobody waits when the disk is idle. Readers have connections of their
//! own.

pub mod appointments;
mod archive;
mod arrival;
pub mod budget;
mod claim;
pub mod clock;
mod columns;
mod compression;
pub mod connection;
mod document;
mod error;
pub mod events;
mod files;
mod functions;
mod key;
pub mod keys;
mod knowing;
mod links;
mod merging;
mod migrations;
mod order_reports;
pub mod orders;
mod pace;
mod parcel;
mod pool;
mod postgres;
mod prune;
mod readiness;
mod rekey;
pub mod reports;
mod sample;
mod schema;
mod seal;
mod sqlite;
mod tasks;
mod unit_of_work;
pub mod webhooks;
mod writer;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;

pub use arrival::{Arrival, Cause, Stored};
pub use connection::{Backend, Connection};
pub use error::{StoreError, UrlError};
pub use pace::Step;
use pool::Pool;
pub use prune::Pruning;
use readiness::Readiness;
pub use rekey::Rekeying;
pub use sample::sample;
pub use seal::{KeyError, KeyName, Seal};
use writer::Writer;

use crate::telemetry::Metrics;

/// How long a reader waits for a connection and its rows together.
const PATIENCE: Duration = Duration::from_secs(4);

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
    readiness: Readiness,
}

impl Store {
    /// Opens the store and brings its schema up to date.
    pub async fn open(backend: Backend, metrics: Arc<Metrics>) -> Result<Self, StoreError> {
        let open = move || {
            drop(backend.open()?);
            let readiness = Readiness::new(backend.clone());
            let writer = Writer::start(backend.clone(), metrics, &readiness)?;
            Ok(Self { writer, readers: Pool::new(backend), readiness })
        };
        tokio::task::spawn_blocking(open).await.unwrap_or(Err(StoreError::Away))
    }

    /// Runs `query` on a connection of its own, off the async threads.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl Fn(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = self.readers.clone();
        let work = tokio::task::spawn_blocking(move || readers.get()?.knowing(&query));
        let done = tokio::time::timeout(PATIENCE, work).await;
        done.map_or(Err(StoreError::Away), |done| done.unwrap_or(Err(StoreError::Away)))
    }

    /// Finishes what waits to be written, and leaves the store tidy. Nothing can be archived after.
    pub async fn close(&self) {
        self.writer.close().await;
    }

    /// Whether webhooks are taken, found out within a second.
    pub async fn is_ready(&self) -> bool {
        self.writer.is_alive() && self.readiness.is_ready().await
    }

    /// Reports not ready from now on, while webhooks are still taken.
    pub fn drain(&self) {
        self.readiness.drain();
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
