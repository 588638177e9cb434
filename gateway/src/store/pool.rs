//! Connections for readers.

use std::{sync::Arc, time::Duration};

use r2d2::{ManageConnection, PooledConnection};

use super::{Backend, Connection, StoreError, connection::run};

/// How many reads run at once.
const READERS: u32 = 4;
/// How long a reader waits for a connection before it is told to come back.
const WAIT: Duration = Duration::from_secs(2);

/// A bounded set of connections, opened when they are first needed.
#[derive(Clone)]
pub(super) struct Pool(Arc<r2d2::Pool<Backend>>);

impl Pool {
    pub(super) fn new(backend: Backend) -> Self {
        let pool = r2d2::Pool::builder()
            .max_size(READERS)
            .min_idle(Some(0))
            .connection_timeout(WAIT)
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build_unchecked(backend);
        Self(Arc::new(pool))
    }

    pub(super) fn get(&self) -> Result<PooledConnection<Backend>, StoreError> {
        self.0.get().map_err(|_| StoreError::Overloaded)
    }
}

impl ManageConnection for Backend {
    type Connection = Connection;
    type Error = StoreError;

    fn connect(&self) -> Result<Connection, StoreError> {
        Self::connect(self)
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), StoreError> {
        use diesel::RunQueryDsl as _;
        run!(connection, c => diesel::sql_query("SELECT 1").execute(c))?;
        Ok(())
    }

    fn has_broken(&self, _: &mut Connection) -> bool {
        false
    }
}
