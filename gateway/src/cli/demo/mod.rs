//! `labgate demo`: a gateway with a store of its own, a few webhooks, and what became of them.

mod show;

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
};

use labgate_core::{Demo, Registration, Secret};
use show::Show;
use tracing_subscriber::filter::Targets;

use super::{Failure, say};
use crate::{
    application::{Application, Plan, stop_signal},
    config::{Api, Key, Scope, Server, Settings, StoreSettings},
    telemetry,
};

pub(super) fn demo(once: bool, providers: &[Registration]) -> Result<(), Failure> {
    telemetry::init(None, &Targets::new());
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new(format!("no folder for the demo's store: {error}")))?;
    let url = format!("sqlite://{}", folder.path().join("demo.db").display());
    let token = hex::encode(rand::random::<[u8; 32]>());
    let demos: Vec<(&'static str, Demo)> =
        providers.iter().map(|provider| (provider.kind, (provider.demo)(rand::random()))).collect();
    let settings = || settings(&url, &token, &demos);
    actix_web::rt::System::new().block_on(async {
        // The show signs as the vendors would, so it needs the plugins too.
        let Plan { plugins, .. } = Plan::build(&mut settings(), providers)?;
        let application = Application::build(settings(), providers).await?;
        let (webhooks, admin) = (application.address(), application.admin_address());
        let handles = application.handles();
        let stop = stop_signal().map_err(Failure::new)?;
        let server = actix_web::rt::spawn(application.serve());

        Show::new(webhooks, admin, &token)?.run(&plugins, &demos).await?;
        if !once {
            farewell(webhooks, admin, &token);
            stop.await;
        }
        for handle in handles {
            handle.stop(true).await;
        }
        server.await.map_err(Failure::new)?.map_err(Failure::new)
    })
}

fn settings(url: &str, token: &str, demos: &[(&'static str, Demo)]) -> Settings {
    let key = Key {
        token: Secret::new(token).expect("a random token is strong"),
        scopes: vec![Scope::Read, Scope::Raw, Scope::Replay],
    };
    let plugins = demos.iter().map(|(kind, demo)| {
        let mut table = demo.config.clone();
        table["provider"] = (*kind).into();
        ((*kind).to_string(), table)
    });
    let mut settings = Settings {
        server: server(),
        store: StoreSettings {
            url: Secret::new(url).expect("a URL is no weak secret"),
            ..StoreSettings::default()
        },
        log: crate::config::Log::default(),
        api: Api { keys: BTreeMap::from([("demo".into(), key)]) },
        plugins: BTreeMap::new(),
        faults: Vec::new(),
    };
    settings.plugins.extend(plugins);
    settings
}

/// The usual addresses if they are free, else whatever is.
fn server() -> Server {
    let usual = Server::default();
    let free = |address: SocketAddr| TcpListener::bind(address).is_ok();
    if free(usual.listen) && free(usual.admin_listen) {
        return usual;
    }
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    Server { listen: any, admin_listen: any, ..usual }
}

fn farewell(webhooks: SocketAddr, admin: SocketAddr, token: &str) {
    say(&format!(
        "\nStill serving, until Ctrl-C:
  webhooks  http://{webhooks}/v1/webhooks/…
  metrics   http://{admin}/metrics
  API       http://{admin}/openapi.json

Try it:
  curl -H 'Authorization: Bearer {token}' http://{admin}/v1/orders
"
    ));
}
