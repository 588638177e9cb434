//! A store in one file, for one gateway.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    sync::Arc,
};

use diesel::{Connection as _, SqliteConnection, connection::SimpleConnection as _};

use super::{StoreError, files::Files};

/// How a connection is set up. Commits are on disk when they return: WAL with `synchronous=FULL`
/// syncs the log at each commit. The commit that finds 16 MiB of log copies them into the file:
/// SQLite's own 4 MiB copy pages that change often more often. What a statement of many rows would
/// need to be taken back is kept in memory: in a file it was a tenth of the writer's time. What is
/// removed or replaced is overwritten, by whoever does it: a page that somebody else has left as it
/// was may come back amid new rows. `journal_size_limit` is [`files::LOG_LIMIT`].
///
/// [`files::LOG_LIMIT`]: super::files::LOG_LIMIT
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
    PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 33554432; \
    PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;";

/// The permissions of everyone but the owner.
const OTHERS: u32 = 0o077;

/// The file of a store.
#[derive(Clone, Debug)]
pub(super) struct Sqlite(Arc<Files>);

impl Sqlite {
    /// A store at `path`.
    pub(super) fn new(path: &str) -> Self {
        Self(Arc::new(Files::new(path.into())))
    }

    pub(super) fn files(&self) -> &Arc<Files> {
        &self.0
    }

    /// Makes the file if it is missing, and closes it to others. Only a start does this: amid the
    /// work, a missing file is an outage, and a new one would hide what was lost.
    pub(super) fn prepare(&self) -> Result<(), StoreError> {
        self.0.log_belongs()?;
        make(self.0.main()).map_err(StoreError::File)?;
        for path in self.0.all() {
            let Some(mode) = open_to_others(path)? else { continue };
            fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS))
                .map_err(StoreError::File)?;
            let (file, mode) = (path.display(), format!("{mode:o}"));
            tracing::warn!(%file, mode, "others could use a file of the store; now they can't");
        }
        Ok(())
    }

    /// What [`Sqlite::prepare`] would close to others, with modes; nothing is changed.
    pub(super) fn exposed(&self) -> Result<Vec<String>, StoreError> {
        let mut exposed = Vec::new();
        for path in self.0.all() {
            if let Some(mode) = open_to_others(path)? {
                exposed.push(format!("{} (mode {mode:o})", path.display()));
            }
        }
        Ok(exposed)
    }

    /// Opens a connection to the file, which must be there, and must be the one that earlier
    /// connections opened.
    pub(super) fn connect(&self) -> Result<SqliteConnection, StoreError> {
        self.0.check()?;
        let connection = establish(self.0.main())?;
        // If the paths led elsewhere meanwhile, SQLite has opened that.
        self.0.remember(|| establish(self.0.main()))?;
        Ok(connection)
    }

    /// Whether the store can be made, if it is not there yet.
    pub(super) fn can_be_made(&self) -> Result<(), StoreError> {
        self.0.log_belongs()?;
        let folder = self.0.main().parent().filter(|folder| !folder.as_os_str().is_empty());
        tempfile::tempfile_in(folder.unwrap_or(Path::new("."))).map_err(StoreError::File)?;
        Ok(())
    }
}

fn establish(path: &Path) -> Result<SqliteConnection, StoreError> {
    // SQLite would open it all the same, and make files beside it that stay read-only when this one
    // can be written again.
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK)
        .map_err(|error| StoreError::File(error.into()))?;
    let mut connection = SqliteConnection::establish(&uri(path)?)?;
    connection.batch_execute(SETTINGS)?;
    Ok(connection)
}

/// The path as a URI that says not to make the file; Diesel has no other way to say so.
fn uri(path: &Path) -> Result<String, StoreError> {
    let path = path.to_str().ok_or(StoreError::NotUtf8)?;
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    // What follows two slashes would be a host.
    let host = if path.starts_with('/') { "//" } else { "" };
    Ok(format!("file:{host}{path}?mode=rw"))
}

/// Makes the file readable by nobody else, if it is not there: it will hold health data, and
/// SQLite gives the files beside it the same mode.
///
/// A file that is there is never opened here: closing it again would drop every lock that this
/// process holds on it, SQLite's among them (SQLite, "How To Corrupt An SQLite Database File",
/// section 2.2), and the next process to close the store would take its log away.
fn make(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// The mode of the file at `path` if others may use it; an error if that can't be changed, because
/// the file is someone else's.
fn open_to_others(path: &Path) -> Result<Option<u32>, StoreError> {
    let file = match fs::metadata(path) {
        Ok(file) if file.is_file() && file.mode() & OTHERS != 0 => file,
        // SQLite says what is wrong with what is no file.
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::File(error)),
    };
    let mode = file.mode() & 0o777;
    let us = rustix::process::geteuid();
    if us.is_root() || us.as_raw() == file.uid() {
        return Ok(Some(mode));
    }
    Err(StoreError::Exposed { path: path.display().to_string(), mode })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_found_as_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["plain.db", "a?b#c%41.db", "with space.db", "ü&mode=ro.db"] {
            let path = folder.path().join(name);
            make(&path).unwrap();
            establish(&path).unwrap();
            assert!(fs::metadata(&path).unwrap().len() > 0, "{name}");
        }
        assert!(establish(&folder.path().join("missing.db")).is_err());
        assert_eq!(uri(Path::new("here/labgate.db")).unwrap(), "file:here/labgate.db?mode=rw");
        assert_eq!(uri(Path::new("//labgate.db")).unwrap(), "file:////labgate.db?mode=rw");
    }
}
