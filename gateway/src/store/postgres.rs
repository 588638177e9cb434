//! A store on a PostgreSQL server, for any number of gateways.
//!
//! The client is written in Rust: nothing has to be installed beside the binary.

use std::{
    fmt,
    path::PathBuf,
    str::FromStr,
    sync::{Arc, LazyLock},
    time::Duration,
};

use diesel::connection::SimpleConnection as _;
use diesel_async::{
    AsyncPgConnection,
    async_connection_wrapper::{AsyncConnectionWrapper, BlockOn},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{
    Config, NoTls,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{StoreError, UrlError};

/// A connection, used from threads that may wait.
pub(super) type PgConnection = AsyncConnectionWrapper<AsyncPgConnection, Driver>;

/// How long a server may take to let us in.
const CONNECT: Duration = Duration::from_secs(5);
/// After how much silence, and how much of it, a server is given up that does not answer for a
/// connection any more.
const SILENCE: Duration = Duration::from_secs(10);

/// How a session is set up: no wait without an end, and a commit is on disk when it returns,
/// whatever the server's default is.
const SETTINGS: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
    SET idle_in_transaction_session_timeout = '30s'; \
    SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') = 'off';";

/// Where the server is, and how to speak to it.
#[derive(Clone)]
pub(super) struct Postgres {
    config: Config,
    /// `None` for a server that is spoken to in plain text.
    tls: Option<Trust>,
}

/// Whose certificates are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Trust {
    /// Those that the system believes.
    System,
    /// Those in a file of PEM.
    File(PathBuf),
}

impl FromStr for Postgres {
    type Err = UrlError;

    /// Reads a URL as libpq writes it. `sslmode` is `disable`, or else encryption with a proven
    /// server: what falls back to less would hand health data to whoever asks. Left out, it is
    /// `disable` for this machine and `verify-full` for any other.
    fn from_str(url: &str) -> Result<Self, UrlError> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots, mut others) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => roots = Some(value),
                _ => others.push(pair),
            }
        }
        let url =
            if others.is_empty() { base.into() } else { format!("{base}?{}", others.join("&")) };
        // The parser's own message may quote the password.
        let mut config: Config = url.parse().map_err(|_| {
            UrlError("expected `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, percent-encoded")
        })?;
        if config.get_dbname().is_none() {
            return Err(UrlError("expected the name of a database after the host"));
        }
        let encrypted = match mode {
            None => !is_here(&config),
            Some("disable") => false,
            Some("require" | "verify-ca" | "verify-full") => true,
            Some(_) => {
                return Err(UrlError("`sslmode`: expected `disable`, `require` or `verify-full`"));
            }
        };
        config
            .ssl_mode(if encrypted { SslMode::Require } else { SslMode::Disable })
            .connect_timeout(CONNECT)
            .tcp_user_timeout(SILENCE)
            .keepalives_idle(SILENCE)
            .keepalives_interval(SILENCE / 3)
            .keepalives_retries(3)
            .application_name("labgate");
        let tls = encrypted.then(|| match roots {
            None | Some("system") => Trust::System,
            Some(path) => Trust::File(path.into()),
        });
        Ok(Self { config, tls })
    }
}

/// Whether every server is this machine, by its name and by the address that `hostaddr` has in its
/// place.
fn is_here(config: &Config) -> bool {
    let is_name_here = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(is_name_here)
        && config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
}

impl Postgres {
    pub(super) fn connect(&self) -> Result<PgConnection, StoreError> {
        let tls = self.tls.as_ref().map(encryption).transpose()?;
        let establish = async {
            match tls {
                None => {
                    let (client, driver) = self.config.connect(NoTls).await?;
                    AsyncPgConnection::try_from_client_and_connection(client, driver).await
                }
                Some(tls) => {
                    let (client, driver) = self.config.connect(tls).await?;
                    AsyncPgConnection::try_from_client_and_connection(client, driver).await
                }
            }
            .map_err(Refused::Setup)
        };
        let establish = async {
            // A server that stands still lets us in and never says so.
            let established = tokio::time::timeout(CONNECT, establish).await;
            established.unwrap_or(Err(Refused::Silent))
        };
        let connection = Driver.block_on(establish);
        let connection = connection.map_err(|error| StoreError::Server(error.to_string()))?;
        let mut connection = PgConnection::from(connection);
        connection.batch_execute(SETTINGS)?;
        Ok(connection)
    }
}

/// Why a server did not let us in.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("{}", reasons(.0))]
    Connect(#[from] tokio_postgres::Error),
    #[error("{0}")]
    Setup(diesel::ConnectionError),
    #[error("it does not answer in time")]
    Silent,
}

/// An error with what lies behind it: the outermost one only says that connecting failed.
fn reasons(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn encryption(trust: &Trust) -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = RootCertStore::empty();
    match trust {
        Trust::System => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        Trust::File(path) => {
            let unreadable = || StoreError::Certificates(path.display().to_string());
            for certificate in CertificateDer::pem_file_iter(path).map_err(|_| unreadable())? {
                let certificate = certificate.map_err(|_| unreadable())?;
                roots.add(certificate).map_err(|_| unreadable())?;
            }
        }
    }
    if roots.is_empty() {
        let place = match trust {
            Trust::System => "the system's store".into(),
            Trust::File(path) => path.display().to_string(),
        };
        return Err(StoreError::Certificates(place));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider speaks TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

impl fmt::Debug for Postgres {
    /// Without the password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Postgres").field("tls", &self.tls).finish_non_exhaustive()
    }
}

/// Waits for the server on the calling thread, while a thread of our own moves the bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Driver;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("labgate-postgres")
        .enable_all()
        .build()
        .expect("the system gives a thread")
});

impl BlockOn for Driver {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        let _inside = RUNTIME.enter();
        // Whoever waits inside a task would else be told to yield after a hundred answers or so, by
        // something that can't, and wait for ever.
        futures_executor::block_on(tokio::task::unconstrained(future))
    }

    fn get_runtime() -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust(url: &str) -> Result<Option<Trust>, &'static str> {
        url.parse::<Postgres>().map(|server| server.tls).map_err(|error| error.0)
    }

    #[test]
    fn another_machine_is_spoken_to_under_a_certificate() {
        let system = Ok(Some(Trust::System));
        assert_eq!(trust("postgres://user:word@db.example/labgate"), system);
        assert_eq!(trust("postgres://user@db.example/labgate?sslmode=require"), system);
        assert_eq!(trust("postgres://user@db.example/labgate?sslmode=disable"), Ok(None));
        let file = "postgres://user@db.example/labgate?sslrootcert=/etc/ca.pem&sslmode=verify-full";
        assert_eq!(trust(file), Ok(Some(Trust::File("/etc/ca.pem".into()))));
        for here in ["localhost:5432", "127.0.0.1", "[::1]", "%2Frun%2Fpostgresql"] {
            assert_eq!(trust(&format!("postgres://user@{here}/labgate")), Ok(None), "{here}");
        }
    }

    #[test]
    fn no_other_machine_passes_for_this_one() {
        for elsewhere in [
            "localhost/labgate?hostaddr=192.0.2.1",
            "127.0.0.1/labgate?hostaddr=192.0.2.1",
            "/labgate?hostaddr=192.0.2.1",
            "/labgate?hostaddr=::1,192.0.2.1",
            "%2Frun%2Fpostgresql/labgate?hostaddr=192.0.2.1",
            "localhost/labgate?host%61ddr=192.0.2.1",
            "localhost/labgate?hostaddr=127.0.0.1&hostaddr=192.0.2.1",
            "localhost/labgate?host=db.example",
            "/labgate?host=db.example",
            "localhost,db.example/labgate",
            "localhost:5432,db.example:5432/labgate",
            "127.0.0.1.db.example/labgate",
            "localhost.db.example/labgate",
            "localhost%2Edb.example/labgate",
            "127.0.0.1%2Cdb.example/labgate",
            "192.0.2.1/labgate",
            "[2001:db8::1]/labgate",
            "[::ffff:192.0.2.1]/labgate",
            "0.0.0.0/labgate",
            "localhost%00.db.example/labgate",
            "localhost/labgate?sslm%6fde=disable&host=db.example",
        ] {
            let url = format!("postgres://user@{elsewhere}");
            // What can't be read is not spoken to at all.
            let server = url.parse::<Postgres>();
            assert!(server.is_err() || trust(&url) == Ok(Some(Trust::System)), "{url}");
            let mode = server.map(|server| server.config.get_ssl_mode());
            assert!(mode.is_err() || mode == Ok(SslMode::Require), "{url}");
        }
        for here in ["localhost/labgate?hostaddr=127.0.0.1", "/labgate?hostaddr=::1"] {
            assert_eq!(trust(&format!("postgres://user@{here}")), Ok(None), "{here}");
        }
    }

    #[test]
    fn a_wrong_url_is_refused_without_its_password() {
        for (url, expected) in [
            ("postgres://user:hidden@db.example", "name of a database"),
            ("postgres://user:hidden@db.example:port/labgate", "expected `postgres://"),
            ("postgres://user:hidden@db.example/labgate?sslmode=prefer", "sslmode"),
            ("postgres://user:hidden@db.example/labgate?colour=blue", "expected `postgres://"),
        ] {
            let told = trust(url).unwrap_err();
            assert!(told.contains(expected) && !told.contains("hidden"), "{told}");
        }
        let server: Postgres = "postgres://user:hidden@db.example/labgate".parse().unwrap();
        assert!(!format!("{server:?}").contains("hidden"));
    }
}
