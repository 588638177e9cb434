//! The gateway without its store: what is left is the most that any store could reach.

use std::{collections::BTreeMap, io, sync::Arc};

use async_trait::async_trait;
use labgate::{
    application::{stop_signal, webhooks_listener},
    config::Settings,
    intake::Intake,
    plugins::Plugins,
    store::{Archive, Arrival, StoreError, Stored},
    telemetry::Metrics,
};
use serde_json::Value;

/// An archive that keeps nothing.
struct Nowhere;

#[async_trait]
impl Archive for Nowhere {
    async fn archive(&self, arrival: Arrival) -> Result<Stored, StoreError> {
        Ok(arrival.stored())
    }
}

/// An intake for the plugins of `tables`, which keeps nothing.
pub(crate) fn intake(tables: BTreeMap<String, Value>, max_body_bytes: usize) -> io::Result<Intake> {
    let plugins = Plugins::build(tables, &labgate::providers::all())
        .map_err(|faults| io::Error::other(faults[0].to_string()))?;
    let metrics = Arc::new(Metrics::new());
    for plugin in plugins.iter() {
        metrics.announce(plugin);
    }
    Ok(Intake { plugins: Arc::new(plugins), archive: Arc::new(Nowhere), metrics, max_body_bytes })
}

/// Serves webhooks as `settings` say, and keeps none.
pub fn serve(settings: Settings) -> io::Result<()> {
    let intake = intake(settings.plugins, settings.server.max_body_bytes)?;
    actix_web::rt::System::new().block_on(async {
        let (server, address) =
            webhooks_listener(intake, &settings.server).map_err(io::Error::other)?;
        tracing::info!(webhooks = %address, admin = %address, "listening");
        tokio::select! {
            result = server => result,
            _signal = stop_signal()? => Ok(()),
        }
    })
}
