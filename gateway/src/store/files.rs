//! Whether the files of an SQLite store are still the ones that SQLite has open.
//!
//! SQLite goes on writing to files that were deleted or renamed, and its commits succeed, but no
//! later process finds them. So every commit is framed by checks of the paths. Only `stat` looks at
//! the files: opening and closing one would drop SQLite's locks on it.

use std::{
    fmt,
    fs::{self, Metadata},
    io::ErrorKind,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use diesel::{QueryableByName, RunQueryDsl as _, SqliteConnection, sql_types::Integer};

use super::StoreError;

/// SQLite itself shortens its log to this many bytes, or empties it.
pub(super) const LOG_LIMIT: u64 = 32 << 20;

/// A file of the store is not what SQLite has open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {how}")]
pub struct Displaced {
    /// The file's name, without its folder.
    name: String,
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Missing,
    Replaced,
    Cut,
    CutLog,
    Orphaned,
}

impl fmt::Display for How {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "was deleted or moved",
            Self::Replaced => "is not the one that was opened",
            Self::Cut => "is shorter than it was",
            Self::CutLog => "is shorter than it was, and commits that it held are lost",
            Self::Orphaned => {
                "holds commits of a store whose main file is gone: restore that, or move this away"
            }
        })
    }
}

/// The three files of a store: the main file, SQLite's log and the index of the log.
#[derive(Debug)]
pub(super) struct Files {
    main: PathBuf,
    log: PathBuf,
    index: PathBuf,
    opened: Mutex<Option<Opened>>,
}

/// What the paths led to when the first connection was opened.
struct Opened {
    main: Inode,
    log: Inode,
    index: Inode,
    /// The main file never becomes shorter: nothing here vacuums it.
    main_bytes: u64,
    /// How long the log was after the last commit.
    log_bytes: u64,
    /// Whether the log is lost, and what it held is in the main file.
    log_saved: bool,
    /// Open until the process ends. While a connection is open, SQLite keeps its log and index, and
    /// a log that was deleted can still be read.
    keeper: SqliteConnection,
}

impl fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Opened").finish_non_exhaustive()
    }
}

type Inode = (u64, u64);

fn inode(file: &Metadata) -> Inode {
    (file.dev(), file.ino())
}

impl Files {
    pub(super) fn new(main: PathBuf) -> Self {
        let beside = |suffix: &str| {
            let mut path = main.clone().into_os_string();
            path.push(suffix);
            PathBuf::from(path)
        };
        Self { log: beside("-wal"), index: beside("-shm"), main, opened: Mutex::default() }
    }

    pub(super) fn main(&self) -> &Path {
        &self.main
    }

    pub(super) fn all(&self) -> [&Path; 3] {
        [&self.main, &self.log, &self.index]
    }

    /// Fails if there is a log with commits but no main file, because SQLite would delete the log.
    pub(super) fn log_belongs(&self) -> Result<(), Displaced> {
        let bytes = |path| fs::metadata(path).map_or(0, |file: Metadata| file.len());
        if bytes(&self.main) == 0 && bytes(&self.log) > 0 {
            return Err(displaced(&self.log, How::Orphaned));
        }
        Ok(())
    }

    /// Remembers the files at the first connection, to which `keeper` opens another; checks them at
    /// all later ones.
    pub(super) fn remember(
        &self,
        keeper: impl FnOnce() -> Result<SqliteConnection, StoreError>,
    ) -> Result<(), StoreError> {
        let mut slot = self.slot();
        if slot.is_none() {
            let keeper = keeper()?;
            let [main, log, index] =
                self.all().map(|path| fs::metadata(path).map_err(StoreError::File));
            let (main, log, index) = (main?, log?, index?);
            *slot = Some(Opened {
                main: inode(&main),
                log: inode(&log),
                index: inode(&index),
                main_bytes: main.len(),
                log_bytes: log.len(),
                log_saved: false,
                keeper,
            });
        }
        drop(slot);
        Ok(self.check()?)
    }

    /// Fails unless the paths lead to the files that were opened, and the main file is as long as
    /// it ever was. Before the first connection there is nothing to check.
    pub(super) fn check(&self) -> Result<(), Displaced> {
        self.look(|_, _| ())
    }

    /// Checks the files after a commit, and notes how long the log is.
    pub(super) fn note_commit(&self) -> Result<(), Displaced> {
        self.look(|opened, log_bytes| opened.log_bytes = log_bytes)
    }

    /// Checks the files, and whether the log is shorter than after the last commit: another process
    /// may have emptied it, or someone has cut it. Meaningful only inside a transaction, which keeps
    /// other processes from changing it.
    pub(super) fn log_shrank(&self) -> Result<bool, Displaced> {
        self.look(|opened, log_bytes| log_bytes < opened.log_bytes.min(LOG_LIMIT))
    }

    /// Copies what is left of the log into the main file and begins a new one. This passes only if
    /// nothing was missing from it.
    pub(super) fn prove_log(&self) -> Result<(), Displaced> {
        if let Some(opened) = &mut *self.slot()
            && !checkpoint(&mut opened.keeper, "TRUNCATE")
        {
            return Err(displaced(&self.log, How::CutLog));
        }
        self.note_commit()
    }

    fn look<T: Default>(&self, then: impl FnOnce(&mut Opened, u64) -> T) -> Result<T, Displaced> {
        let mut slot = self.slot();
        let Some(opened) = &mut *slot else { return Ok(T::default()) };
        let log_bytes = self.log_bytes(opened);
        if log_bytes.is_err() {
            self.save_log(opened);
        }
        Ok(then(opened, log_bytes?))
    }

    /// If the log is lost and the main file is in place, copies into it what SQLite still has of
    /// the log.
    fn save_log(&self, opened: &mut Opened) {
        if find(&self.main, opened.main).is_err() || find(&self.log, opened.log).is_ok() {
            return;
        }
        // SQLite would read a file in its place at the next start, and undo a part of the copy.
        let mut aside = self.log.clone().into_os_string();
        aside.push(".displaced");
        let moved = fs::rename(&self.log, aside);
        let is_free =
            moved.is_ok() || moved.is_err_and(|error| error.kind() == ErrorKind::NotFound);
        // A commit that was under way may follow, so this is done again.
        let saved = is_free && checkpoint(&mut opened.keeper, "PASSIVE");
        if saved && !std::mem::replace(&mut opened.log_saved, true) {
            tracing::warn!(
                "SQLite's log is lost, and the main file has all that it held; what took its place \
                 was renamed to *.displaced"
            );
        }
    }

    /// Checks the files, and returns the length of the log.
    fn log_bytes(&self, opened: &mut Opened) -> Result<u64, Displaced> {
        let main = find(&self.main, opened.main)?;
        if main.len() < opened.main_bytes {
            return Err(displaced(&self.main, How::Cut));
        }
        opened.main_bytes = main.len();
        let log = find(&self.log, opened.log)?;
        find(&self.index, opened.index)?;
        Ok(log.len())
    }

    fn slot(&self) -> MutexGuard<'_, Option<Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(path: &Path, expected: Inode) -> Result<Metadata, Displaced> {
    match fs::metadata(path) {
        Ok(found) if inode(&found) == expected => Ok(found),
        Ok(_) => Err(displaced(path, How::Replaced)),
        Err(_) => Err(displaced(path, How::Missing)),
    }
}

fn displaced(path: &Path, how: How) -> Displaced {
    let name = path.file_name().unwrap_or(path.as_os_str());
    Displaced { name: name.to_string_lossy().into_owned(), how }
}

/// Copies the log into the main file; returns whether all of it is there.
fn checkpoint(connection: &mut SqliteConnection, mode: &str) -> bool {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Integer)]
        busy: i32,
        #[diesel(sql_type = Integer)]
        log: i32,
        #[diesel(sql_type = Integer)]
        checkpointed: i32,
    }
    let query = diesel::sql_query(format!("PRAGMA wal_checkpoint({mode})"));
    let done = query.get_result::<Row>(connection);
    done.is_ok_and(|row| row.busy == 0 && row.log == row.checkpointed)
}
