//! The one file that knows how the databases behind the store differ.
//!
//! A query is written once, inside the macro `run!`, and compiled for each backend.

use std::{str::FromStr, sync::Arc};

use diesel::{
    QueryResult, RunQueryDsl as _, Selectable, SqliteConnection,
    connection::{AnsiTransactionManager as Ansi, SimpleConnection as _, TransactionManager},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{
    StoreError, UrlError, keys,
    postgres::{PgConnection, Postgres},
    seal::Seal,
    sqlite::Sqlite,
};

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

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
            Database::Sqlite(file) => Some(file.path()),
            Database::Postgres(_) => None,
        }
    }

    /// Opens a connection. Commits on it are on disk when they return.
    pub fn connect(&self) -> Result<Connection, StoreError> {
        let open = match &self.database {
            Database::Sqlite(file) => Open::Sqlite(Box::new(file.connect()?)),
            Database::Postgres(server) => Open::Postgres(Box::new(server.connect()?)),
        };
        Ok(Connection { open, ring: self.seal.clone(), seal: self.seal.clone() })
    }

    /// Opens a connection to write on: the schema is brought up to date, the store's keys are in the
    /// ring, and what rows are packed with is in the store.
    pub fn open(&self) -> Result<Connection, StoreError> {
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

    /// How the store is, for whoever checks a configuration: nothing is made or changed.
    pub fn look(&self) -> Result<&'static str, StoreError> {
        match &self.database {
            Database::Sqlite(file) if !file.path().exists() => {
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

    /// Brings the schema up to this binary. Gateways that start together take turns.
    pub fn migrate(&mut self) -> Result<(), StoreError> {
        match &mut self.open {
            Open::Sqlite(inner) => migrate(&mut **inner, SQLITE_MIGRATIONS),
            Open::Postgres(inner) => {
                // Another gateway's migration may take its time, and so may ours.
                inner.batch_execute(
                    "SET lock_timeout = 0; SET statement_timeout = 0; \
                     SELECT pg_advisory_lock(7077323829)",
                )?;
                let migrated = migrate(&mut **inner, POSTGRES_MIGRATIONS);
                inner.batch_execute("SELECT pg_advisory_unlock(7077323829)")?;
                migrated
            }
        }
    }

    /// Takes the schema back down to nothing.
    #[cfg(test)]
    pub fn revert(&mut self) -> Result<(), StoreError> {
        match &mut self.open {
            Open::Sqlite(inner) => inner.revert_all_migrations(SQLITE_MIGRATIONS),
            Open::Postgres(inner) => inner.revert_all_migrations(POSTGRES_MIGRATIONS),
        }
        .map(drop)
        .map_err(|error| StoreError::Migration(error.to_string()))
    }

    /// Whether the schema is the one that this binary was built for. Nothing is changed.
    pub fn is_migrated(&mut self) -> Result<bool, StoreError> {
        if !self.was_ever_migrated()? {
            return Ok(false);
        }
        match &mut self.open {
            Open::Sqlite(inner) => inner.has_pending_migration(SQLITE_MIGRATIONS),
            Open::Postgres(inner) => inner.has_pending_migration(POSTGRES_MIGRATIONS),
        }
        .map(|pending| !pending)
        .map_err(|error| StoreError::Migration(error.to_string()))
    }

    /// Whether there is a list of migrations at all: whoever asks Diesel for it makes one.
    fn was_ever_migrated(&mut self) -> Result<bool, StoreError> {
        let sql = match self.open {
            Open::Sqlite(_) => {
                "SELECT 1 AS found FROM sqlite_schema WHERE name = '__diesel_schema_migrations'"
            }
            Open::Postgres(_) => {
                "SELECT 1 AS found FROM pg_class WHERE oid = to_regclass('__diesel_schema_migrations')"
            }
        };
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Integer)]
            found: i32,
        }
        let rows: Vec<Row> = run!(self, c => diesel::sql_query(sql).load(c))?;
        Ok(rows.iter().any(|row| row.found == 1))
    }

    /// Runs `work` in one transaction, which may write from its first statement on: a reader that
    /// turned writer half-way would lose against another process.
    pub fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match &mut self.open {
            Open::Sqlite(inner) => Ansi::begin_transaction_sql(&mut **inner, "BEGIN IMMEDIATE")?,
            Open::Postgres(inner) => Transactions::begin_transaction(&mut **inner)?,
        }
        match work(self) {
            Ok(done) => run!(self, inner => commit(inner)).map(|()| done).map_err(StoreError::from),
            Err(error) => {
                // Where this fails too, the connection is gone, and the server rolls back.
                let _ = run!(self, inner => rollback(inner));
                Err(error)
            }
        }
    }
}

type Transactions = <PgConnection as diesel::Connection>::TransactionManager;

fn commit<C: diesel::Connection>(connection: &mut C) -> QueryResult<()> {
    C::TransactionManager::commit_transaction(connection)
}

fn rollback<C: diesel::Connection>(connection: &mut C) -> QueryResult<()> {
    C::TransactionManager::rollback_transaction(connection)
}

fn migrate<C>(connection: &mut C, migrations: EmbeddedMigrations) -> Result<(), StoreError>
where
    C: diesel::Connection + MigrationHarness<C::Backend>,
{
    let migrated = connection.run_pending_migrations(migrations);
    migrated.map(drop).map_err(|error| StoreError::Migration(error.to_string()))
}
