//! The types that a configuration becomes. Their doc comments are the operator's reference.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use jiff::SignedDuration;
use labgate_core::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use tracing_subscriber::filter::{LevelFilter, Targets};

use super::{Fault, Retention};
use crate::{http::TrustedProxies, telemetry::LogFormat};

/// All of `plugins.toml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where to listen.
    #[serde(default)]
    pub server: Server,
    /// Where to keep everything.
    #[serde(default)]
    pub store: StoreSettings,
    /// What to log.
    #[serde(default)]
    pub log: Log,
    /// Who may read.
    #[serde(default)]
    pub api: Api,
    /// What to serve: a table for each plugin, by name. `plugins.NAME` is served at
    /// `POST /v1/webhooks/NAME`.
    #[serde(default)]
    pub plugins: BTreeMap<String, Value>,
    /// References to secrets that lead nowhere. Nothing is built from settings that have any.
    #[serde(skip)]
    pub faults: Vec<Fault>,
}

/// Where to listen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// For webhooks, and nothing else: this is the address to give to the world.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
    /// For the API, metrics and health: keep it inside.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "address")]
    pub admin_listen: SocketAddr,
    /// The largest body that is read, in bytes.
    pub max_body_bytes: usize,
    /// How long requests are still served after SIGTERM, as in `5s`, while `/readyz` says 503, so
    /// that a load balancer sends no more.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "length")]
    pub drain: Duration,
    /// Bytes of requests that are in memory at most while they arrive and are dealt with. Where they
    /// are used up, the peer that holds most of them loses its slowest requests. The process may take
    /// three times as much, for what the allocator keeps.
    pub max_memory_bytes: usize,
    /// Connections that each listener keeps open at most, each of which costs some 30 kB. Where they
    /// are used up, the peer that has most of them loses its slowest.
    pub max_connections: NonZeroUsize,
    /// Time for the head of a request, and for a body in addition to what `min_body_rate` allows it:
    /// vendors need a fraction of a second.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "timeout")]
    pub request_timeout: Duration,
    /// Time for which a connection may wait for its next request: longer than a proxy in front keeps
    /// one open (60 seconds is common), which would otherwise send into a connection that closes.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "timeout")]
    pub idle_timeout: Duration,
    /// Bytes that a body brings on average in each second, or it is refused: a tenth of what a phone
    /// on a bad day manages.
    pub min_body_rate: NonZeroU32,
    /// Proxies in front of this gateway, as addresses or networks: `["10.0.0.7", "fd00::/8"]`. They
    /// are never treated as one crowded peer, and the last address in their `X-Forwarded-For` that is
    /// not a trusted proxy's is taken for the peer. Without any, the other end of a connection is the
    /// peer, and that header proves nothing.
    #[schemars(with = "Vec<String>")]
    #[serde(deserialize_with = "trusted_proxies")]
    pub(crate) trusted_proxies: TrustedProxies,
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom("expected ADDRESS:PORT, as in 127.0.0.1:8080"))
}

fn length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let length = text.parse::<SignedDuration>().ok().and_then(|length| length.try_into().ok());
    length.ok_or_else(|| D::Error::custom("expected a length of time, as in `5s`"))
}

fn timeout<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let timeout = length(deserializer)?;
    let positive = (!timeout.is_zero()).then_some(timeout);
    positive.ok_or_else(|| D::Error::custom("expected more than no time, as in `5s`"))
}

fn trusted_proxies<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TrustedProxies, D::Error> {
    TrustedProxies::parse(&Vec::deserialize(deserializer)?).map_err(D::Error::custom)
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            max_body_bytes: 1024 * 1024,
            drain: Duration::from_secs(5),
            max_memory_bytes: 128 * 1024 * 1024,
            max_connections: const { NonZeroUsize::new(2048).unwrap() },
            request_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(75),
            min_body_rate: const { NonZeroU32::new(16 * 1024).unwrap() },
            trusted_proxies: TrustedProxies::default(),
        }
    }
}

/// Where to keep everything.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    /// `sqlite://PATH` for one gateway, where a relative path starts at the working directory, or
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE` for any number of them. A server on another
    /// machine is spoken to under a certificate: `?sslrootcert=PATH` names the authority if it is
    /// not one that the system trusts, and `?sslmode=disable` does without. May be `env:NAME` or
    /// `file:PATH`.
    pub url: Secret,
    /// Keys that seal bodies and documents, newest first: the first one seals, every one opens.
    /// Each is 32 random bytes in base64 (`openssl rand -base64 32`), best as `env:NAME` or
    /// `file:PATH`. Without keys nothing is sealed.
    pub encryption_keys: Vec<Secret>,
    /// How long webhooks are kept, as in `90d`, `12h` or `4w`; for ever if this is not set. What
    /// they told stays: orders, appointments, reports and events. One stays too that is
    /// quarantined, or that points at something which was not fetched yet. A removed webhook that
    /// comes again is a new one, so keep them longer than any vendor goes on repeating: a week at
    /// the least.
    #[schemars(with = "Option<String>")]
    #[serde(deserialize_with = "retention")]
    pub keep_webhooks: Option<Retention>,
}

impl Default for StoreSettings {
    fn default() -> Self {
        let url = Secret::new("sqlite://labgate.db").expect("the usual place is no weak secret");
        Self { url, encryption_keys: Vec::new(), keep_webhooks: None }
    }
}

fn retention<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Retention>, D::Error> {
    String::deserialize(deserializer)?.parse().map(Some).map_err(D::Error::custom)
}

/// What to log.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// How lines look; by default for people on a terminal and as JSON elsewhere.
    pub format: Option<LogFormat>,
    /// Which lines: a level, or `target=level` pairs, as in `info,labgate=debug`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: None, level: "info".into() }
    }
}

impl Log {
    /// The lines that are wanted. A word that is no level would be taken for a target, and a typo
    /// would silence everything.
    pub(crate) fn filter(&self) -> Result<Targets, Fault> {
        let is_level = |part: &str| part.trim().parse::<LevelFilter>().is_ok();
        let fits =
            |part: &str| part.split_once('=').map_or(is_level(part), |(_, level)| is_level(level));
        let fault = || Fault::at("log.level", "expected a level or `target=level` pairs");
        if !self.level.split(',').all(fits) {
            return Err(fault());
        }
        self.level.parse().map_err(|_| fault())
    }
}

/// Who may read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Api {
    /// A table for each key, by name.
    pub keys: BTreeMap<String, Key>,
}

impl Api {
    /// Keys that share a token with another: whoever holds it would have the rights of both.
    pub(crate) fn shared_tokens(&self) -> Vec<Fault> {
        let mut seen = BTreeSet::new();
        let shared = self.keys.iter().filter(|(_, key)| !seen.insert(key.token.expose()));
        shared
            .map(|(name, _)| {
                Fault::at(format!("api.keys.{name}.token"), "another key has the same token")
            })
            .collect()
    }
}

/// A key to the API.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The bearer token.
    pub token: Secret,
    /// What it opens.
    pub scopes: Vec<Scope>,
}

/// What a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The model, the feed, and the list of webhooks.
    Read,
    /// Webhooks as they came, with everything about the patient that the vendor sent.
    Raw,
    /// Reading kept webhooks again.
    Replay,
}

impl Scope {
    /// The word for it in `plugins.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Raw => "raw",
            Self::Replay => "replay",
        }
    }
}
