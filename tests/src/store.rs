//! A store for one test, of the kind that this run of the tests is about.

use std::{env, path::Path, thread};

use crate::Cluster;

/// An empty store. A file goes with its folder, a database when this is dropped.
#[derive(Debug)]
pub struct TestStore {
    url: String,
    is_database: bool,
}

impl TestStore {
    /// A file in `folder`; or, where `LABGATE_TEST_STORE` is `postgres`, a database of the server
    /// that all tests of this process share.
    pub fn new(folder: &Path) -> Self {
        match env::var("LABGATE_TEST_STORE").as_deref() {
            Err(env::VarError::NotPresent) | Ok("sqlite") => Self::sqlite(folder),
            Ok("postgres") => Self::postgres(),
            other => panic!("LABGATE_TEST_STORE is `sqlite` or `postgres`, and not {other:?}"),
        }
    }

    /// A file in `folder`.
    pub fn sqlite(folder: &Path) -> Self {
        Self::at(&format!("sqlite://{}", folder.join("labgate.db").display()))
    }

    /// A database of the server that all tests of this process share.
    pub fn postgres() -> Self {
        Self { url: Cluster::shared().database(), is_database: true }
    }

    /// The one at `url`, which somebody else made.
    pub fn at(url: &str) -> Self {
        Self { url: url.into(), is_database: false }
    }

    /// What to write at `store.url`.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        // Otherwise it goes with the server.
        if self.is_database && !thread::panicking() {
            Cluster::shared().remove(&self.url);
        }
    }
}
