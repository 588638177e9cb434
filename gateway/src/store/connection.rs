//! The one file that knows which database stands behind the store.
//!
//! A query is written once, inside the macro `run!`, and compiled for each backend.

use std::{
    fs::OpenOptions,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use diesel::{
    Connection as _, SqliteConnection,
    connection::{AnsiTransactionManager as Ansi, SimpleConnection as _, TransactionManager as _},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::{StoreError, UrlError};

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");

/// Where the store is, out of `store.url`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite(PathBuf),
}

/// A connection to whichever backend it is.
pub enum Connection {
    /// To a file.
    Sqlite(SqliteConnection),
}

/// Runs a query on a [`Connection`]: `run!(connection, c => query.load(c))`.
macro_rules! run {
    ($connection:expr, $inner:ident => $query:expr) => {
        match $connection {
            $crate::store::connection::Connection::Sqlite($inner) => $query,
        }
    };
}
pub(super) use run;

impl std::str::FromStr for Backend {
    type Err = UrlError;

    fn from_str(url: &str) -> Result<Self, UrlError> {
        match url.strip_prefix("sqlite://") {
            Some("") => Err(UrlError("expected a path after `sqlite://`")),
            Some(path) if path.contains(":memory:") || path.starts_with("file:") => {
                Err(UrlError("expected the path of a file: a store in memory keeps nothing"))
            }
            Some(path) => Ok(Self::Sqlite(path.into())),
            None => Err(UrlError("expected `sqlite://PATH`")),
        }
    }
}

impl Backend {
    /// Opens a connection. Commits on it are on disk when they return: WAL with
    /// `synchronous=FULL` syncs the log at each commit.
    pub fn connect(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(path) => {
                private(path).map_err(StoreError::File)?;
                let path = path.to_str().ok_or(StoreError::NotUtf8)?;
                let mut connection = SqliteConnection::establish(path)?;
                connection.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
                     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
                )?;
                Ok(Connection::Sqlite(connection))
            }
        }
    }
}

impl Backend {
    /// How the store is, for whoever checks a configuration: nothing is made or changed.
    pub fn look(&self) -> Result<&'static str, StoreError> {
        match self {
            Self::Sqlite(path) if !path.exists() => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                let folder = folder.unwrap_or(Path::new("."));
                tempfile::tempfile_in(folder).map_err(StoreError::File)?;
                Ok("not there yet; `serve` makes it")
            }
            Self::Sqlite(_) if self.connect()?.is_migrated()? => Ok("reached, schema up to date"),
            Self::Sqlite(_) => Ok("reached; `serve` brings its schema up to date"),
        }
    }
}

/// Makes the file readable by nobody else, if it is not there: it will hold health data, and
/// SQLite gives the files beside it the same mode.
///
/// A file that is there is never opened here: closing it again would drop every lock that this
/// process holds on it, SQLite's among them (SQLite, "How To Corrupt An SQLite Database File",
/// section 2.2), and the next process to close the store would take its log away.
fn private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

impl Connection {
    /// Brings the schema up to this binary.
    pub fn migrate(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => connection.run_pending_migrations(SQLITE_MIGRATIONS),
        }
        .map(drop)
        .map_err(|error| StoreError::Migration(error.to_string()))
    }

    /// Takes the schema back down to nothing.
    #[cfg(test)]
    pub fn revert(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => connection.revert_all_migrations(SQLITE_MIGRATIONS),
        }
        .map(drop)
        .map_err(|error| StoreError::Migration(error.to_string()))
    }

    /// Whether the schema is the one that this binary was built for.
    pub fn is_migrated(&mut self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(connection) => connection.has_pending_migration(SQLITE_MIGRATIONS),
        }
        .map(|pending| !pending)
        .map_err(|error| StoreError::Migration(error.to_string()))
    }

    /// Runs `work` in one transaction, which may write from its first statement on: a reader that
    /// turned writer half-way would lose against another process.
    pub fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(inner) => Ansi::begin_transaction_sql(inner, "BEGIN IMMEDIATE")?,
        }
        let result = work(self);
        match self {
            Self::Sqlite(inner) if result.is_ok() => Ansi::commit_transaction(inner)?,
            Self::Sqlite(inner) => Ansi::rollback_transaction(inner)?,
        }
        result
    }
}
