//! A store in one file, for one gateway.

use std::{
    fs::OpenOptions,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use diesel::{Connection as _, SqliteConnection, connection::SimpleConnection as _};

use super::StoreError;

/// How a connection is set up. Commits are on disk when they return: WAL with `synchronous=FULL`
/// syncs the log at each commit. The commit that finds 16 MiB of log copies them into the file:
/// SQLite's own 4 MiB copy pages that change often more often. What a statement of many rows would
/// need to be taken back is kept in memory: in a file it was a tenth of the writer's time. What is
/// removed or replaced is overwritten, by whoever does it: a page that somebody else has left as it
/// was may come back amid new rows.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
    PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 33554432; \
    PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;";

/// The file of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sqlite(PathBuf);

impl Sqlite {
    /// A store at `path`.
    pub(super) fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn connect(&self) -> Result<SqliteConnection, StoreError> {
        private(&self.0).map_err(StoreError::File)?;
        // SQLite would open it all the same, and make files beside it that can't be written either
        // when this one can again.
        rustix::fs::access(&self.0, rustix::fs::Access::WRITE_OK)
            .map_err(|error| StoreError::File(error.into()))?;
        let path = self.0.to_str().ok_or(StoreError::NotUtf8)?;
        let mut connection = SqliteConnection::establish(path)?;
        connection.batch_execute(SETTINGS)?;
        Ok(connection)
    }

    /// Whether the store can be made, if it is not there yet.
    pub(super) fn can_be_made(&self) -> Result<(), StoreError> {
        let folder = self.0.parent().filter(|folder| !folder.as_os_str().is_empty());
        tempfile::tempfile_in(folder.unwrap_or(Path::new("."))).map_err(StoreError::File)?;
        Ok(())
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
