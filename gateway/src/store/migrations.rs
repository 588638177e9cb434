//! The schema that this binary was built for, and how a store gets there.

use diesel::{RunQueryDsl as _, connection::SimpleConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{
    Connection, StoreError,
    connection::{Open, run},
};

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

impl Connection {
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

    /// Whether the table of migrations exists; asking Diesel would create it.
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
}

fn migrate<C>(connection: &mut C, migrations: EmbeddedMigrations) -> Result<(), StoreError>
where
    C: diesel::Connection + MigrationHarness<C::Backend>,
{
    let migrated = connection.run_pending_migrations(migrations);
    migrated.map(drop).map_err(|error| StoreError::Migration(error.to_string()))
}
