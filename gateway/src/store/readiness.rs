//! Whether webhooks are taken: what `/readyz` asks.
//!
//! A probe goes the way of a commit, as far as the last commits leave open whether another one
//! would pass.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use diesel::RunQueryDsl as _;

use super::{Backend, Connection, StoreError, connection::run};

/// Deadline of an answer; the admin listener promises one within a second.
const DEADLINE: Duration = Duration::from_millis(900);
/// How long a commit speaks for the store, and a probe that wrote for the disk.
const FRESH: Duration = Duration::from_secs(1);
/// How long a failed commit outweighs a probe that passes: where nearly everything fails, as on a
/// disk that is almost full, the little that a probe writes may still pass.
const FAILED: Duration = Duration::from_secs(5);

/// Tables that a webhook may write to.
const TABLES: [&str; 6] = ["webhooks", "orders", "appointments", "reports", "events", "tasks"];

/// What is known of the store; cheap to clone.
#[derive(Clone)]
pub(super) struct Readiness {
    state: Arc<Mutex<State>>,
    /// Held while a probe runs: one at a time, however many ask.
    probe: Arc<tokio::sync::Mutex<Probe>>,
}

#[derive(Debug, Default)]
struct State {
    draining: bool,
    /// The end of the last commit that passed.
    committed: Option<Instant>,
    /// The end of the last commit that failed; `None` once another one has passed.
    failed: Option<Instant>,
    /// Whether the log says that webhooks are refused.
    reported: bool,
}

impl State {
    fn passed(&mut self) {
        self.failed = None;
        if std::mem::take(&mut self.reported) {
            tracing::info!("the store takes webhooks again");
        }
    }

    /// One line for each outage, however many webhooks it costs.
    fn refused(&mut self, error: &StoreError) {
        if !std::mem::replace(&mut self.reported, true) {
            tracing::error!(%error, "the store takes no webhooks");
        }
    }
}

/// How far a probe goes on the way of a commit.
#[derive(Clone, Copy, Debug)]
enum Depth {
    /// Reads: a commit has just passed, and the next ones must not wait for us.
    Schema,
    /// Takes the locks of a writer too.
    Locks,
    /// Writes too, because the last commit failed.
    Disk,
}

struct Probe {
    backend: Backend,
    connection: Option<Connection>,
    /// When it last wrote.
    wrote: Option<Instant>,
}

impl Readiness {
    pub(super) fn new(backend: Backend) -> Self {
        let probe = Probe { backend, connection: None, wrote: None };
        Self { state: Arc::default(), probe: Arc::new(tokio::sync::Mutex::new(probe)) }
    }

    /// Takes note of how a commit ended.
    pub(super) fn committed(&self, now: Instant, error: Option<&StoreError>) {
        let mut state = self.state();
        match error {
            None => {
                state.committed = Some(now);
                state.passed();
            }
            Some(error) => {
                state.failed = Some(now);
                state.refused(error);
            }
        }
    }

    /// From now on the gateway is not ready: it is about to stop.
    pub(super) fn drain(&self) {
        self.state().draining = true;
    }

    /// Whether webhooks are taken; `false` if that can't be found out in time.
    pub(super) async fn is_ready(&self) -> bool {
        tokio::time::timeout(DEADLINE, self.find_out()).await.unwrap_or(false)
    }

    async fn find_out(&self) -> bool {
        if self.state().draining {
            return false;
        }
        let (readiness, mut probe) = (self.clone(), self.probe.clone().lock_owned().await);
        // Even a look at a file may block.
        let ready = tokio::task::spawn_blocking(move || readiness.ask(&mut probe));
        ready.await.unwrap_or(false)
    }

    fn ask(&self, probe: &mut Probe) -> bool {
        if let Err(error) = probe.backend.is_in_place() {
            self.state().refused(&error);
            return false;
        }
        let (committed, failed) = {
            let state = self.state();
            (state.committed, state.failed)
        };
        let depth = if failed.is_some() {
            // A disk in trouble is written to once a second, however many ask.
            if probe.wrote.is_some_and(|at| at.elapsed() < FRESH) {
                return false;
            }
            probe.wrote = Some(Instant::now());
            Depth::Disk
        } else if committed.is_some_and(|at| at.elapsed() < FRESH) {
            Depth::Schema
        } else {
            Depth::Locks
        };
        let found = probe.run(depth);
        let ready = found.is_ok() && failed.is_none_or(|at| at.elapsed() > FAILED);
        let mut state = self.state();
        match found {
            Err(error) => state.refused(&error),
            // A commit may have failed meanwhile.
            Ok(()) if ready && state.failed == failed => state.passed(),
            Ok(()) => {}
        }
        ready
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Probe {
    fn run(&mut self, depth: Depth) -> Result<(), StoreError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.backend.connect()?,
        };
        if !connection.is_migrated()? {
            return Err(StoreError::Migration("its schema is not that of this gateway".into()));
        }
        match depth {
            Depth::Schema => {}
            Depth::Locks => connection.transaction(touch)?,
            Depth::Disk => connection.transaction(|open| {
                touch(open)?;
                execute(open, "UPDATE feed SET last_seq = last_seq")
            })?,
        }
        self.connection = Some(connection);
        Ok(())
    }
}

/// Asks for all that a webhook needs, and changes nothing: a store that each probe wrote to would
/// never rest.
fn touch(open: &mut Connection) -> Result<(), StoreError> {
    for table in TABLES {
        // No row has such a number, but who may not write is refused all the same.
        execute(open, &format!("UPDATE {table} SET plugin = plugin WHERE seq < 0"))?;
    }
    Ok(())
}

fn execute(open: &mut Connection, sql: &str) -> Result<(), StoreError> {
    run!(open, c => diesel::sql_query(sql).execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests;
