//! Bringing a file's log home while the writer goes on.
//!
//! SQLite lets the commit that finds the log long enough copy it into the main file, and whoever
//! waits for that commit waits for all of it. A thread that does it all the time leaves next to
//! nothing to be copied then.

use std::{
    sync::mpsc::{self, SyncSender},
    thread::{self, JoinHandle},
};

use diesel::{SqliteConnection, connection::SimpleConnection as _};

use super::StoreError;

/// After how many bytes the log is brought home. A page that changes often is copied each time, so
/// this must not be too little.
const BYTES: usize = 1024 * 1024;

/// The thread, which ends when this is dropped.
pub(super) struct Checkpoints {
    bell: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    written: usize,
}

impl Checkpoints {
    /// Starts the thread on a connection of its own.
    pub(super) fn start(mut connection: SqliteConnection) -> Result<Self, StoreError> {
        let (bell, rings) = mpsc::sync_channel(1);
        let copy = move || {
            for () in rings {
                if let Err(error) = connection.batch_execute("PRAGMA wal_checkpoint(PASSIVE)") {
                    tracing::warn!(%error, "the store's log could not be brought home");
                }
            }
        };
        let thread = thread::Builder::new().name("labgate-checkpoint".into()).spawn(copy);
        let thread = thread.map_err(|_| StoreError::Away)?;
        Ok(Self { bell: Some(bell), thread: Some(thread), written: 0 })
    }

    /// Takes note of a commit of so many bytes.
    pub(super) fn note(&mut self, bytes: usize) {
        self.written += bytes;
        if self.written >= BYTES {
            self.written = 0;
            // A bell that still rings is enough.
            let _ = self.bell.as_ref().map(|bell| bell.try_send(()));
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.bell = None;
        if let Some(thread) = self.thread.take() {
            // If it panicked, it has told so.
            let _ = thread.join();
        }
    }
}
