//! What can go wrong with the store.

use diesel::result::{DatabaseErrorKind, Error as Database};

use super::{KeyName, files::Displaced};

/// `store.url` names no database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UrlError(pub &'static str);

/// The store failed. Texts come from the database or from us; no statement of ours holds a value
/// in its text, so neither does the message.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection could be made.
    #[error("can't open the store: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// The file can't be opened or made.
    #[error("can't open the store's file: {0}")]
    File(std::io::Error),
    /// The file is not the one that was opened, or is no longer whole.
    #[error("the store's file {0}")]
    Displaced(#[from] Displaced),
    /// Others can use the file, and it is not ours to close.
    #[error(
        "others can use {path} (mode {mode:o}), which belongs to another user: \
         `chmod 600` it, or give it to the gateway's user"
    )]
    Exposed {
        /// The file.
        path: String,
        /// Its permissions.
        mode: u32,
    },
    /// The server can't be reached, or does not let us in.
    #[error("can't reach the store's server: {0}")]
    Server(String),
    /// No certificate to trust could be read.
    #[error("no certificate of an authority can be read from {0}")]
    Certificates(String),
    /// A statement failed.
    #[error("the store failed: {0}")]
    Query(#[from] Database),
    /// The schema could not be brought up to date.
    #[error("can't migrate the store: {0}")]
    Migration(String),
    /// A path that the database's interface can't take.
    #[error("the store's path is not UTF-8")]
    NotUtf8,
    /// A row that this binary can't read: it was written by another one, or by the disk.
    #[error("a row of `{0}` can't be read")]
    Unreadable(&'static str),
    /// A row that is sealed under a key that is not in the ring.
    #[error(
        "a row of `{table}` is sealed under the key {key}, which is not in `store.encryption_keys`"
    )]
    KeyMissing {
        /// The row's table.
        table: &'static str,
        /// The key's name.
        key: KeyName,
    },
    /// A row in the clear, in a store whose ring has a key.
    #[error(
        "a row of `{0}` is not sealed, so nothing proves that Labgate wrote it; \
         `labgate rekey --adopt-plain` seals such rows as they are"
    )]
    NotSealed(&'static str),
    /// The store names a key that is not in the ring.
    #[error(
        "the store holds values under the key {0}, which is not in `store.encryption_keys`: add it \
         behind the key that is to seal; if it is lost for good, `labgate rekey --lost {0}` gives \
         up what it sealed"
    )]
    KeyUnknown(KeyName),
    /// A row that was compressed with a dictionary that is not known here yet.
    #[error("a row of `{0}` was compressed with a dictionary that is not in the store")]
    UnknownDictionary(&'static str),
    /// No connection is free, or the writer's queue is full.
    #[error("the store is overloaded")]
    Overloaded,
    /// The writer panicked over a batch.
    #[error("the writer failed on a batch")]
    Panicked,
    /// The writer gave up on a batch.
    #[error("the store is away")]
    Away,
}

impl StoreError {
    /// The setting that an operator looks at first.
    pub fn setting(&self) -> &'static str {
        match self {
            Self::KeyMissing { .. } | Self::NotSealed(_) | Self::KeyUnknown(_) => {
                "store.encryption_keys"
            }
            Self::Connect(_)
            | Self::File(_)
            | Self::Displaced(_)
            | Self::Exposed { .. }
            | Self::Server(_)
            | Self::Certificates(_)
            | Self::Query(_)
            | Self::Migration(_)
            | Self::NotUtf8
            | Self::Unreadable(_)
            | Self::UnknownDictionary(_)
            | Self::Overloaded
            | Self::Panicked
            | Self::Away => "store.url",
        }
    }

    /// Whether the same work would probably pass if it were done again at once: another gateway
    /// came first.
    pub(super) fn is_conflict(&self) -> bool {
        use DatabaseErrorKind::{SerializationFailure, UniqueViolation};
        matches!(
            self,
            Self::Query(Database::DatabaseError(SerializationFailure | UniqueViolation, _))
        ) || matches!(
            self,
            Self::Query(Database::DatabaseError(DatabaseErrorKind::Unknown, told))
                if told.message().contains("deadlock detected")
        )
    }

    /// Whether the store itself is in trouble, and not one webhook or row.
    pub(super) fn is_outage(&self) -> bool {
        match self {
            Self::Connect(_)
            | Self::File(_)
            | Self::Displaced(_)
            | Self::Exposed { .. }
            | Self::Server(_)
            | Self::Certificates(_)
            | Self::NotUtf8
            | Self::Overloaded
            | Self::Away
            | Self::Query(
                Database::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
                | Database::BrokenTransactionManager,
            ) => true,
            Self::Query(_)
            | Self::Migration(_)
            | Self::Unreadable(_)
            | Self::UnknownDictionary(_)
            | Self::Panicked
            | Self::KeyMissing { .. }
            | Self::NotSealed(_)
            | Self::KeyUnknown(_) => false,
        }
    }
}
