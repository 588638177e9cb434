//! Databases on a PostgreSQL server that is started for a run and gone afterwards.

use std::{fs, io, rc::Rc, time::Duration};

use labgate_tests::Cluster;

use crate::usage::Usage;

/// What an operator sets on a small machine; everything else is as PostgreSQL comes, and a commit
/// is on disk when it returns.
const SETTINGS: &str = "shared_buffers = 512MB\nmax_wal_size = 4GB\n";

/// A server.
pub struct Server {
    cluster: Cluster,
    process: u32,
}

/// A database of its own.
pub struct Database {
    server: Rc<Server>,
    /// Where it is.
    pub url: String,
}

impl Server {
    /// Starts a server.
    pub fn start() -> io::Result<Rc<Self>> {
        if !Cluster::installed() {
            let problem = "PostgreSQL is not installed, and `--only` asks for it";
            return Err(io::Error::other(problem));
        }
        let cluster = Cluster::start_with(SETTINGS);
        let file = fs::read_to_string(cluster.folder().join("data/postmaster.pid"))?;
        let process = file.lines().next().and_then(|line| line.trim().parse().ok());
        let process = process.ok_or_else(|| io::Error::other("the server has no process"))?;
        Ok(Rc::new(Self { cluster, process }))
    }

    /// Makes an empty database.
    pub fn database(self: &Rc<Self>) -> Database {
        Database { server: self.clone(), url: self.cluster.database() }
    }
}

impl Database {
    /// How many rows `table` has.
    pub fn count(&self, table: &str) -> usize {
        self.number(&format!("SELECT count(*) FROM {table}"))
    }

    /// Bytes of all its tables and indexes. The server's log is shared, and not counted.
    pub fn bytes(&self) -> u64 {
        self.number("SELECT pg_database_size(current_database())") as u64
    }

    /// Processor time of the whole server.
    pub fn cpu(&self) -> io::Result<Duration> {
        Usage::cpu_of_family(self.server.process)
    }

    fn number(&self, sql: &str) -> usize {
        let answer = self.server.cluster.query(&self.url, sql);
        answer.trim().parse().expect("a count is a number")
    }
}
