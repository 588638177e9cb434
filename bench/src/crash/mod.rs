//! Kills gateways amid the work, again and again, and compares what is left with what was answered.
//!
//! Clients post what vendors do; a gateway is killed at a random moment and started again on the
//! same store. Who got no answer sends the same webhook again after one of the next restarts, or
//! never. After each restart, with nobody writing:
//!
//! - every webhook that was ever answered with 2xx is in the archive once, and so is whatever else
//!   was seen there before; nothing is there that was not sent (`archive`);
//! - the feed has every number from 1 once, tells each order's versions in their order, and agrees
//!   with what the stored webhooks say (`feed`);
//! - orders have the state that `labgate_core::merge` makes of the stored webhooks, in another order
//!   than that in which they came (`model`, `orders`): some of those that were just written to,
//!   and at the end all of them.

mod account;
mod archive;
mod clients;
mod feed;
mod fleet;
mod model;
mod orders;
mod story;
mod trial;

use std::{
    io::{self, Write as _},
    path::Path,
    time::Instant,
};

use clap::{Args, ValueEnum};

use crate::{binary, database::Server, home::Home};
pub use account::Account;
use fleet::Fleet;
use trial::Trial;

/// How to kill.
#[derive(Debug, Args)]
pub struct Crash {
    /// Kills on each backend
    #[arg(long, default_value_t = 50)]
    kills: usize,
    /// Which backends; `pair` is two gateways on one PostgreSQL, of which one is killed
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres,pair")]
    only: Vec<Backend>,
    /// Clients, who send one webhook after the other
    #[arg(long, default_value_t = 32)]
    clients: usize,
    /// Draws the webhooks and the moments
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What is killed, and on what store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// One gateway on SQLite.
    Sqlite,
    /// One gateway on PostgreSQL.
    Postgres,
    /// Two gateways on one PostgreSQL.
    Pair,
}

impl Backend {
    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Pair => "pair",
        }
    }

    const fn gateways(self) -> usize {
        match self {
            Self::Sqlite | Self::Postgres => 1,
            Self::Pair => 2,
        }
    }
}

/// How often to kill, and under what load.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Kills.
    pub kills: usize,
    /// Clients of each gateway.
    pub clients: usize,
    /// Draws the webhooks and the moments.
    pub seed: u64,
}

/// Kills on each backend, and tells what that did. Whether all that was answered was kept.
pub fn crash(options: &Crash) -> io::Result<bool> {
    let Crash { kills, clients, seed, .. } = *options;
    let plan = Plan { kills, clients, seed };
    let mut well = true;
    run(binary::path()?, &options.only, plan, |account| {
        well &= account.faults.is_empty();
        writeln!(io::stdout(), "{account}")
    })?;
    Ok(well)
}

/// Kills `binary` on one backend after the other, and lets `tell` say what that did.
pub fn run(
    binary: &Path,
    backends: &[Backend],
    plan: Plan,
    mut tell: impl FnMut(Account) -> io::Result<()>,
) -> io::Result<()> {
    let on_file = |backend: &Backend| *backend == Backend::Sqlite;
    let server = if backends.iter().all(on_file) { None } else { Some(Server::start()?) };
    for backend in backends {
        let started = Instant::now();
        let home = match (backend, &server) {
            (Backend::Postgres | Backend::Pair, Some(server)) => {
                Home::on_postgres(server.database())?
            }
            (Backend::Postgres | Backend::Pair, None) | (Backend::Sqlite, _) => Home::on_sqlite()?,
        };
        let fleet = Fleet::start(home, binary, backend.gateways())?;
        let mut trial = Trial::new(fleet, plan);
        let faults = trial.run(plan.kills)?;
        tell(trial.account(*backend, faults, started.elapsed()))?;
    }
    Ok(())
}
