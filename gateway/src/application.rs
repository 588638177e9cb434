//! Both listeners, from start to stop.

use std::{io, net::SocketAddr, num::NonZeroUsize, sync::Arc, thread, time::Duration};

use actix_web::{
    App,
    dev::{Server, ServerHandle},
    middleware::from_fn,
    web,
};
use labgate_core::Registration;
use tokio::sync::watch;

use crate::{
    api::{self, Keyring},
    config::{Fault, Server as ServerSettings, Settings, StoreSettings},
    http::{self, Connections, Limits},
    http_json,
    intake::{self, Intake},
    plugins::Plugins,
    pruner::Pruner,
    store::{Backend, Seal, Store, UrlError, webhooks},
    telemetry::Metrics,
};

/// A gateway that listens.
pub struct Application {
    webhooks: Server,
    admin: Server,
    store: Store,
    address: SocketAddr,
    admin_address: SocketAddr,
    pruner: Option<Pruner>,
    drain: Duration,
    metrics: Arc<Metrics>,
}

/// A gateway that can't start: one line for each reason.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Config(Vec<Fault>),
    /// The store can't be opened.
    #[error("{setting}: {0}", setting = .0.setting())]
    Store(#[from] crate::store::StoreError),
    /// An address can't be listened at.
    #[error("{key}: can't listen at {address}: {error}")]
    Listen {
        /// The key in the configuration.
        key: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
}

/// What a configuration asks for: checked, and nothing opened yet.
pub struct Plan {
    /// What is served.
    pub plugins: Arc<Plugins>,
    /// Where everything is kept.
    pub backend: Backend,
}

impl Plan {
    /// Builds every plugin, and tells of every fault at once.
    pub fn build(settings: &mut Settings, providers: &[Registration]) -> Result<Self, StartError> {
        settings.faults.extend(settings.api.shared_tokens());
        let backend = backend(&settings.store);
        let plugins = Plugins::build(std::mem::take(&mut settings.plugins), providers);
        match (backend, plugins) {
            (Ok((backend, seal)), Ok(plugins)) if settings.faults.is_empty() => {
                let seal = seal.with_dictionaries(plugins.dictionaries());
                let backend = backend.sealed_by(seal);
                Ok(Self { plugins: Arc::new(plugins), backend })
            }
            (backend, plugins) => {
                let mut faults = std::mem::take(&mut settings.faults);
                faults.extend(backend.err());
                faults.extend(plugins.err().into_iter().flatten());
                // A secret that is not there is not malformed too.
                faults.sort_by(|left, right| left.path.cmp(&right.path));
                faults.dedup_by(|later, first| later.path == first.path);
                Err(StartError::Config(faults))
            }
        }
    }
}

fn backend(settings: &StoreSettings) -> Result<(Backend, Seal), Fault> {
    let backend: Backend = settings
        .url
        .expose()
        .parse()
        .map_err(|error: UrlError| Fault::at("store.url", error.to_string()))?;
    let seal = Seal::new(&settings.encryption_keys).map_err(|(index, error)| {
        Fault::at(format!("store.encryption_keys[{index}]"), error.to_string())
    })?;
    Ok((backend, seal))
}

impl Application {
    /// Builds everything and binds both addresses; nothing is served before it runs.
    pub async fn build(
        mut settings: Settings,
        providers: &[Registration],
    ) -> Result<Self, StartError> {
        let Plan { plugins, backend } = Plan::build(&mut settings, providers)?;
        let metrics = Arc::new(Metrics::new());
        let store = Store::open(backend, metrics.clone()).await?;
        api::announce(&metrics);
        for plugin in plugins.iter() {
            metrics.announce(plugin);
            let name = plugin.name.clone();
            let last = store.read(move |open| webhooks::last_received_at(open, &name)).await?;
            if let Some(time) = last {
                metrics.last_webhook_at(&plugin.name, time);
            }
        }
        let server = &settings.server;
        let intake = Intake {
            plugins: plugins.clone(),
            archive: Arc::new(store.clone()),
            metrics: metrics.clone(),
            max_body_bytes: server.max_body_bytes,
        };
        let prune = |retention| Pruner::new(store.clone(), retention, metrics.clone());
        let pruner = settings.store.keep_webhooks.map(prune);
        let keys = Keyring::new(settings.api.keys);
        let desk = web::Data::new(api::Desk {
            plugins,
            store: store.clone(),
            metrics: metrics.clone(),
            keys,
        });

        let (webhooks, address) = webhooks_listener(intake, server)?;
        let app = move || {
            App::new()
                .app_data(desk.clone())
                .wrap(from_fn(api::trace))
                .wrap(from_fn(http_json::request_id))
                .wrap(from_fn(http::attend))
                .configure(api::routes)
                .default_service(web::to(http_json::not_found))
        };
        let connections = connections(server, "admin", &metrics);
        let admin = http::listen(server.admin_listen, 1, connections, app);
        let (admin, admin_address) = admin.map_err(|error| StartError::Listen {
            key: "server.admin_listen",
            address: server.admin_listen,
            error,
        })?;
        let drain = server.drain;
        Ok(Self { webhooks, admin, store, address, admin_address, pruner, drain, metrics })
    }

    /// Where webhooks are taken, with the port that the system chose for port 0.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the API is.
    pub fn admin_address(&self) -> SocketAddr {
        self.admin_address
    }

    /// What stops it: a handle for each listener.
    pub fn handles(&self) -> [ServerHandle; 2] {
        [self.webhooks.handle(), self.admin.handle()]
    }

    /// Serves until a handle stops it.
    pub async fn serve(self) -> io::Result<()> {
        tracing::info!(webhooks = %self.address, admin = %self.admin_address, "listening");
        let (stop, stopped) = watch::channel(());
        let summing = tokio::spawn(self.metrics.sum_up(stopped.clone()));
        let pruning = self.pruner.map(|pruner| tokio::spawn(pruner.run(stopped)));
        let (webhooks, admin) = tokio::join!(self.webhooks, self.admin);
        drop(stop);
        if let Some(pruning) = pruning {
            // A step takes seconds at the most; a panic in it was told where it happened.
            let _ = pruning.await;
        }
        let _ = summing.await;
        self.store.close().await;
        tracing::info!("stopped");
        webhooks.and(admin)
    }

    /// Serves until a signal says to stop, then finishes what was accepted. SIGTERM leaves a load
    /// balancer time to send its requests elsewhere.
    pub async fn run_until_stopped(self) -> io::Result<()> {
        let handles = self.handles();
        let stop = stop_signal()?;
        let (store, drain) = (self.store.clone(), self.drain);
        let watch = tokio::spawn(async move {
            let signal = stop.await;
            store.drain();
            tracing::info!("stopping");
            match signal {
                Signal::Terminate => tokio::time::sleep(drain).await,
                Signal::Interrupt => {}
            }
            for handle in handles {
                handle.stop(true).await;
            }
        });
        let result = self.serve().await;
        watch.abort();
        result
    }
}

/// The listener for webhooks where `settings` say, and the address that it got. It serves once it
/// is awaited; whoever serves `intake` with another archive has the same HTTP server as the gateway.
pub fn webhooks_listener(
    intake: Intake,
    settings: &ServerSettings,
) -> Result<(Server, SocketAddr), StartError> {
    let connections = connections(settings, "webhooks", &intake.metrics);
    let intake = web::Data::new(intake);
    let app = move || {
        App::new()
            .app_data(intake.clone())
            .wrap(from_fn(http_json::request_id))
            .wrap(from_fn(http::attend))
            .configure(intake::routes)
    };
    let address = settings.listen;
    let workers = thread::available_parallelism().map_or(2, NonZeroUsize::get);
    http::listen(address, workers, connections, app).map_err(|error| StartError::Listen {
        key: "server.listen",
        address,
        error,
    })
}

/// The connections of one of the two listeners.
fn connections(settings: &ServerSettings, listener: &str, metrics: &Metrics) -> Arc<Connections> {
    let most = settings.max_connections.get();
    let limits = Limits {
        connections: http::connections_within(2 * most).div_ceil(2),
        bytes: settings.max_memory_bytes.max(http::HEAD + settings.max_body_bytes),
        request_timeout: settings.request_timeout,
        idle_timeout: settings.idle_timeout,
        min_body_rate: settings.min_body_rate,
        trusted_proxies: settings.trusted_proxies.clone(),
    };
    Connections::new(limits, listener, metrics)
}

/// What asks for a stop.
#[derive(Clone, Copy, Debug)]
pub enum Signal {
    /// SIGTERM, from a supervisor.
    Terminate,
    /// Ctrl-C, from a person.
    Interrupt,
}

/// Waits for SIGTERM or Ctrl-C, from the moment that this is called and not only when it is
/// awaited.
pub fn stop_signal() -> io::Result<impl Future<Output = Signal>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => Signal::Terminate,
            _ = interrupt.recv() => Signal::Interrupt,
        }
    })
}
