//! A PostgreSQL server of our own: made when it is needed, gone when we are, however we end.

mod frozen;
mod programs;
mod session;
mod tls;

use std::{
    fs,
    hash::{BuildHasher as _, RandomState},
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, TcpListener},
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

pub use frozen::Frozen;
pub use session::Session;
pub use tls::authority;

/// One server with its databases, of which `labgate`, a role without special rights, owns all that
/// [`Cluster::database`] makes. That role needs no password; every other one but `postgres` does.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    port: u16,
    authority: Option<PathBuf>,
    /// `None` is the last order: go.
    orders: Mutex<Option<(ChildStdin, BufReader<ChildStdout>)>>,
    keeper: Child,
    databases: AtomicU32,
}

/// Who may come in, and how.
const HBA: &str = "host all postgres,labgate 127.0.0.1/32 trust\n\
                   host all all 127.0.0.1/32 scram-sha-256\n";

/// A server for tests: nobody else's business, and small.
const SETTINGS: &str = "listen_addresses = '127.0.0.1'\n\
                        unix_socket_directories = ''\n\
                        max_connections = 300\n\
                        shared_buffers = 32MB\n\
                        max_parallel_workers_per_gather = 0\n\
                        log_min_messages = warning\n";

/// A power cut is no test of ours, unless someone says so.
const FORGETFUL: &str = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";

impl Cluster {
    /// Whether there is a server to start.
    pub fn installed() -> bool {
        programs::folder().is_some()
    }

    /// The server that all tests of this process share; it forgets what a power cut takes.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(false))
    }

    /// A server of its own, which keeps its promises only if it is to be `durable`.
    pub fn start(durable: bool) -> Self {
        Self::start_with(if durable { "" } else { FORGETFUL })
    }

    /// A server of its own with these lines of `postgresql.conf`.
    pub fn start_with(settings: &str) -> Self {
        Self::begin(settings, None)
    }

    /// A server of its own with TLS and a certificate for `names`, as in `IP:127.0.0.1`.
    pub fn start_with_tls(names: &str) -> Self {
        Self::begin(FORGETFUL, Some(names))
    }

    fn begin(settings: &str, names: Option<&str>) -> Self {
        let programs = programs::folder().expect("PostgreSQL is installed: `postgresql` by apt");
        let folder = tempfile::tempdir().unwrap().keep();
        let is_root = fs::metadata(&folder).unwrap().uid() == 0;
        let (uid, gid) = programs::account(&folder);
        let mut settings = format!("{SETTINGS}{settings}\n");
        let authority = names.map(|names| tls::certify(&folder, names));
        if authority.is_some() {
            // Relative to its folder of data.
            settings +=
                "ssl = on\nssl_cert_file = '../server.pem'\nssl_key_file = '../server.key'\n";
            let owner_only = fs::Permissions::from_mode(0o600);
            fs::set_permissions(folder.join("server.key"), owner_only).unwrap();
        }
        fs::write(folder.join("settings"), settings).unwrap();
        fs::write(folder.join("hba"), HBA).unwrap();
        for entry in fs::read_dir(&folder).unwrap() {
            chown(entry.unwrap().path(), Some(uid), Some(gid)).unwrap();
        }
        chown(&folder, Some(uid), Some(gid)).unwrap();

        // A group of its own, so that Ctrl-C does not reach it before it can clean up.
        let mut keeper = Command::new("sh");
        keeper.args(["-c", include_str!("keeper.sh"), "keeper"]).arg(&programs).arg(&folder);
        keeper.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").process_group(0);
        if is_root {
            keeper.uid(uid).gid(gid);
        }
        keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut keeper = keeper.spawn().unwrap();
        let orders = (keeper.stdin.take().unwrap(), keeper.stdout.take().unwrap());
        let orders = Mutex::new(Some((orders.0, BufReader::new(orders.1))));
        let mut cluster =
            Self { folder, port: 0, authority, orders, keeper, databases: AtomicU32::new(0) };
        assert!(cluster.order("make"), "{}", cluster.log());
        // Somebody else may be quicker to take the port.
        let started = (0..5).any(|_| {
            cluster.port = free_port();
            cluster.order(&format!("start {}", cluster.port))
        });
        assert!(started, "{}", cluster.log());
        cluster.admin("CREATE ROLE labgate LOGIN");
        cluster
    }

    /// Tells the keeper `order` and waits until it is done.
    fn order(&self, order: &str) -> bool {
        let mut orders = self.orders.lock().unwrap();
        let (to, from) = orders.as_mut().unwrap();
        writeln!(to, "{order}").unwrap();
        let mut answer = String::new();
        from.read_line(&mut answer).unwrap();
        answer == "done\n"
    }

    /// Makes an empty database and tells its URL.
    pub fn database(&self) -> String {
        let name = format!("labgate_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.admin(&format!("CREATE DATABASE {name} OWNER labgate"));
        self.url("labgate", &name)
    }

    /// Takes a database away, whoever uses it.
    pub fn remove(&self, url: &str) {
        let name = url.rsplit('/').next().unwrap();
        let name = name.split('?').next().unwrap();
        self.admin(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }

    fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// What `sql` gives in the database at `url`: a line for each row, `|` between columns.
    pub fn query(&self, url: &str, sql: &str) -> String {
        Session::open(url).unwrap().run(sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// What `sql` gives whoever may do everything.
    pub fn admin(&self, sql: &str) -> String {
        self.query(&self.url("postgres", "postgres"), sql)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate of the authority that its own certificate is from, if it speaks TLS.
    pub fn authority(&self) -> &Path {
        self.authority.as_deref().expect("it was started with TLS")
    }

    /// Stops it; whoever is connected is cut off.
    pub fn stop(&self) {
        assert!(self.order("stop fast"), "{}", self.log());
    }

    /// Stops it as a power cut would.
    pub fn stop_immediate(&self) {
        assert!(self.order("stop immediate"), "{}", self.log());
    }

    /// Starts it again on the same port.
    pub fn start_again(&self) {
        assert!(self.order(&format!("start {}", self.port)), "{}", self.log());
    }

    /// Holds all of its processes until the guard is dropped: connections stay, nothing answers.
    pub fn freeze(&self) -> Frozen {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        Frozen::hold(file.lines().next().unwrap())
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the server and its programs said.
    pub fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        read("programs.log") + &read("server.log")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A poisoned lock is no reason to leave a server behind.
        *self.orders.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let _ = self.keeper.wait();
    }
}

/// A port that nobody listens at, below those that the system gives to outgoing connections: one
/// of those could take the port while the server is stopped.
fn free_port() -> u16 {
    let start = RandomState::new().hash_one(std::process::id());
    (0..10_000)
        .map(|step| 20_000 + u16::try_from((start + step) % 10_000).unwrap())
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("a port is free")
}
