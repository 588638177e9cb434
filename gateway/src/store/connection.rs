//! The one file that knows how the databases behind the store differ.
//!
//! A query is written once, inside the macro `run!`, and compiled for each backend.

use std::{str::FromStr, sync::Arc};

use diesel::{
    QueryResult, Selectable, SqliteConnection,
    connection::{AnsiTransactionManager as Ansi, SimpleConnection as _, TransactionManager},
};

use super::{
    StoreError, UrlError,
    files::{Displaced, Files},
    keys,
    postgres::{PgConnection, Postgres},
    seal::Seal,
    sqlite::Sqlite,
};

/// Where the store is, out of `store.url`, and under which keys.
#[derive(Clone, Debug)]
pub struct Backend {
    database: Database,
    seal: Arc<Seal>,
}

#[derive(Clone, Debug)]
enum Database {
    /// A file.
    Sqlite(Sqlite),
    /// A server.
    Postgres(Box<Postgres>),
}

/// A connection to whichever backend it is.
pub struct Connection {
    pub(super) open: Open,
    /// The files that it writes to, if it does.
    files: Option<Arc<Files>>,
    /// The keys, as they were configured.
    pub(super) ring: Arc<Seal>,
    /// The same, for the work that is being done.
    pub(super) seal: Arc<Seal>,
}

pub(super) enum Open {
    /// To a file.
    Sqlite(Box<SqliteConnection>),
    /// To a server.
    Postgres(Box<PgConnection>),
}

/// Runs a query on a [`Connection`]: `run!(connection, c => query.load(c))`.
macro_rules! run {
    ($connection:expr, $inner:ident => $query:expr) => {
        match &mut $connection.open {
            $crate::store::connection::Open::Sqlite(inner) => {
                let $inner = &mut **inner;
                $query
            }
            $crate::store::connection::Open::Postgres(inner) => {
                let $inner = &mut **inner;
                $query
            }
        }
    };
}
pub(super) use run;

/// Loads the rows of a query inside a transaction, to be changed there: no other gateway can
/// change them before the transaction ends. Whoever locks several rows orders them, so that no
/// two gateways wait for each other.
macro_rules! lock {
    ($connection:expr, $query:expr) => {
        match &mut $connection.open {
            // The transaction holds the whole file.
            $crate::store::connection::Open::Sqlite(inner) => $query.load(&mut **inner),
            $crate::store::connection::Open::Postgres(inner) => {
                $query.for_update().load(&mut **inner)
            }
        }
    };
}
pub(super) use lock;

/// The same for whoever must not wait: rows that somebody else holds are left out.
macro_rules! lock_idle {
    ($connection:expr, $query:expr) => {
        match &mut $connection.open {
            $crate::store::connection::Open::Sqlite(inner) => $query.load(&mut **inner),
            $crate::store::connection::Open::Postgres(inner) => {
                $query.for_update().skip_locked().load(&mut **inner)
            }
        }
    };
}
pub(super) use lock_idle;

/// Loads the rows that some keys stand for: `find!(connection, column, keys, these => query)`, where
/// `these` is the condition. A server is asked once for all keys. A file is asked for one key after
/// the other by a statement that is prepared once: there is no way to it that would cost more than
/// another statement for each number of keys.
macro_rules! find {
    ($connection:expr, $column:expr, $keys:expr, $these:ident => $query:expr) => {
        match &mut $connection.open {
            $crate::store::connection::Open::Sqlite(inner) => {
                $crate::store::connection::gather($keys, |key| {
                    let $these = $column.eq(key);
                    $query.load(&mut **inner)
                })
            }
            $crate::store::connection::Open::Postgres(inner) => {
                let $these = $column.eq_any($keys);
                $query.load(&mut **inner)
            }
        }
    };
}
pub(super) use find;

/// The same inside a transaction that changes these rows, as [`lock!`].
macro_rules! hold {
    ($connection:expr, $column:expr, $keys:expr, $these:ident => $query:expr) => {
        match &mut $connection.open {
            $crate::store::connection::Open::Sqlite(inner) => {
                $crate::store::connection::gather($keys, |key| {
                    let $these = $column.eq(key);
                    $query.load(&mut **inner)
                })
            }
            $crate::store::connection::Open::Postgres(inner) => {
                let $these = $column.eq_any($keys);
                $query.for_update().load(&mut **inner)
            }
        }
    };
}
pub(super) use hold;

/// Writes rows: `each!(connection, rows, these, c => insert.values(these).execute(c))`, where `these`
/// are one row or several. A server takes all of them at once. A file takes one after the other, by
/// a statement that is prepared once. Gives what each statement gave.
macro_rules! each {
    ($connection:expr, $rows:expr, $these:ident, $inner:ident => $query:expr) => {
        match &mut $connection.open {
            $crate::store::connection::Open::Sqlite(inner) => {
                let $inner = &mut **inner;
                $rows.iter().map(|$these| $query).collect::<diesel::QueryResult<Vec<_>>>()
            }
            $crate::store::connection::Open::Postgres(inner) => {
                let $inner = &mut **inner;
                let many = $rows.chunks($crate::store::connection::CHUNK);
                many.map(|$these| $query).collect::<diesel::QueryResult<Vec<_>>>()
            }
        }
    };
}
pub(super) use each;

/// How many rows a statement writes at most: a server bounds its parameters.
pub(super) const CHUNK: usize = 1000;

/// What is found for each of some keys, in one list.
pub(super) fn gather<K, R>(
    keys: &[K],
    mut find: impl FnMut(&K) -> QueryResult<Vec<R>>,
) -> QueryResult<Vec<R>> {
    let mut rows = Vec::with_capacity(keys.len());
    for key in keys {
        rows.extend(find(key)?);
    }
    Ok(rows)
}

/// The columns of a row's type, for queries that run on every backend.
pub(super) fn columns<R: Selectable<diesel::sqlite::Sqlite>>() -> R::SelectExpression {
    R::construct_selection()
}

impl FromStr for Backend {
    type Err = UrlError;

    fn from_str(url: &str) -> Result<Self, UrlError> {
        Ok(Self { database: url.parse()?, seal: Arc::default() })
    }
}

impl FromStr for Database {
    type Err = UrlError;

    fn from_str(url: &str) -> Result<Self, UrlError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(Box::new(url.parse()?)));
        }
        match url.strip_prefix("sqlite://") {
            Some("") => Err(UrlError("expected a path after `sqlite://`")),
            Some(path) if path.contains(":memory:") || path.starts_with("file:") => {
                Err(UrlError("expected the path of a file: a store in memory keeps nothing"))
            }
            Some(path) => Ok(Self::Sqlite(Sqlite::new(path))),
            None => Err(UrlError("expected `sqlite://PATH` or `postgres://…`")),
        }
    }
}

impl Backend {
    /// The same store under the keys of `seal`.
    #[must_use]
    pub fn sealed_by(self, seal: Seal) -> Self {
        Self { seal: Arc::new(seal), ..self }
    }

    /// The keys.
    pub fn seal(&self) -> &Arc<Seal> {
        &self.seal
    }

    /// The file, if that is what it is.
    #[cfg(test)]
    pub fn file(&self) -> Option<&std::path::Path> {
        match &self.database {
            Database::Sqlite(file) => Some(file.files().main()),
            Database::Postgres(_) => None,
        }
    }

    /// Opens a connection. Commits on it are on disk when they return.
    pub fn connect(&self) -> Result<Connection, StoreError> {
        let (open, files) = match &self.database {
            Database::Sqlite(file) => {
                (Open::Sqlite(Box::new(file.connect()?)), Some(file.files().clone()))
            }
            Database::Postgres(server) => (Open::Postgres(Box::new(server.connect()?)), None),
        };
        Ok(Connection { open, files, ring: self.seal.clone(), seal: self.seal.clone() })
    }

    /// Opens a connection to write on: a file is made if it is missing, the schema is brought up to
    /// date, the store's keys are in the ring, and what rows are packed with is in the store.
    pub fn open(&self) -> Result<Connection, StoreError> {
        if let Database::Sqlite(file) = &self.database {
            file.prepare()?;
        }
        let mut connection = self.connect()?;
        connection.migrate()?;
        // Whether it can be written too: a schema that is up to date asks for no write.
        connection.transaction(|_| Ok(()))?;
        keys::admit(&mut connection)?;
        self.seal.dictionaries().share(&mut connection)?;
        Ok(connection)
    }

    /// How many threads write: a file takes one writer at a time, and a server works on one batch
    /// while it syncs another.
    pub(super) const fn writers(&self) -> usize {
        match self.database {
            Database::Sqlite(_) => 1,
            Database::Postgres(_) => 2,
        }
    }

    /// Fails if a file of the store is not the one that was opened.
    pub(super) fn is_in_place(&self) -> Result<(), StoreError> {
        match &self.database {
            Database::Sqlite(file) => Ok(file.files().check()?),
            Database::Postgres(_) => Ok(()),
        }
    }

    /// Files of the store that others can use, and that a start closes to them.
    pub fn exposed(&self) -> Result<Vec<String>, StoreError> {
        match &self.database {
            Database::Sqlite(file) => file.exposed(),
            Database::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// How the store is, for whoever checks a configuration: nothing is made or changed.
    pub fn look(&self) -> Result<&'static str, StoreError> {
        match &self.database {
            Database::Sqlite(file) if !file.files().main().exists() => {
                file.can_be_made()?;
                Ok("not there yet; `serve` makes it")
            }
            Database::Sqlite(_) | Database::Postgres(_) => {
                let mut connection = self.connect()?;
                Ok(if !connection.is_migrated()? {
                    "reached; `serve` brings its schema up to date"
                } else if keys::look(&mut connection)? {
                    "reached, schema up to date; what is not sealed is accepted until \
                     `labgate rekey --adopt-plain` has sealed it"
                } else {
                    "reached, schema up to date"
                })
            }
        }
    }
}

impl Connection {
    /// What packs and unpacks its contents and documents.
    pub(super) fn seal(&self) -> Arc<Seal> {
        self.seal.clone()
    }

    /// Brings everything into the main file, if there is more than one; what was erased still
    /// stands in the others until then. Where somebody reads meanwhile, some of it may stay.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        match &mut self.open {
            Open::Sqlite(inner) => Ok(inner.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?),
            Open::Postgres(_) => Ok(()),
        }
    }

    /// Runs `work` in one transaction, which may write from its first statement on: a reader that
    /// turned writer half-way would lose against another process.
    ///
    /// The files are checked before the commit, so that nothing is written to one that is not in
    /// place, and again after it, because one may have gone meanwhile.
    pub fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.begin()?;
        match work(self).and_then(|done| self.in_place(Files::check).map(|()| done)) {
            Ok(done) => {
                run!(self, inner => commit(inner))?;
                self.in_place(Files::note_commit)?;
                Ok(done)
            }
            Err(error) => {
                // Where this fails too, the connection is gone, and the server rolls back.
                let _ = run!(self, inner => rollback(inner));
                Err(error)
            }
        }
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        match &mut self.open {
            Open::Postgres(inner) => Transactions::begin_transaction(&mut **inner)?,
            Open::Sqlite(inner) => {
                begin(inner)?;
                let shrank = self.files.as_deref().map_or(Ok(false), Files::log_shrank);
                if !matches!(shrank, Ok(false)) {
                    // SQLite can't look into its log amid a transaction.
                    rollback(&mut **inner)?;
                }
                if shrank? {
                    self.files.as_deref().map_or(Ok(()), Files::prove_log)?;
                    begin(inner)?;
                }
            }
        }
        Ok(())
    }

    fn in_place(&self, check: fn(&Files) -> Result<(), Displaced>) -> Result<(), StoreError> {
        self.files.as_deref().map_or(Ok(()), check).map_err(StoreError::from)
    }
}

fn begin(connection: &mut SqliteConnection) -> QueryResult<()> {
    Ansi::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
}

type Transactions = <PgConnection as diesel::Connection>::TransactionManager;

fn commit<C: diesel::Connection>(connection: &mut C) -> QueryResult<()> {
    C::TransactionManager::commit_transaction(connection)
}

fn rollback<C: diesel::Connection>(connection: &mut C) -> QueryResult<()> {
    C::TransactionManager::rollback_transaction(connection)
}
