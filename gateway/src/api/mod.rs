//! What operators and consumers read: the model, the feed, kept webhooks, and how the gateway is.

mod auth;
mod endpoint;
mod error;
mod health;
mod kept;
mod model;
mod openapi;
mod page;
mod query;
mod trace;
mod webhooks;

use std::sync::Arc;

use actix_web::web;

pub use auth::Keyring;
pub use openapi::document;
pub(crate) use trace::{announce, trace};

use crate::{http_json, plugins::Plugins, store::Store, telemetry::Metrics};

/// All that the API needs.
pub struct Desk {
    /// What is served.
    pub plugins: Arc<Plugins>,
    /// Where everything is kept.
    pub store: Store,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Who may read.
    pub keys: Keyring,
}

/// The routes of the admin listener.
pub fn routes(config: &mut web::ServiceConfig) {
    let read = |path: &str, route| http_json::resource(path, route, "GET");
    let replay = web::post().to(webhooks::replay);
    config
        .service(read("/healthz", web::get().to(http_json::healthz)))
        .service(read("/readyz", web::get().to(health::readyz)))
        .service(read("/metrics", web::get().to(health::metrics)))
        .service(read("/openapi.json", web::get().to(openapi::serve)))
        .service(read(endpoint::ORDERS.path, web::get().to(model::orders)))
        .service(read(endpoint::ORDER.path, web::get().to(model::order)))
        .service(read(endpoint::APPOINTMENTS.path, web::get().to(model::appointments)))
        .service(read(endpoint::REPORTS.path, web::get().to(model::reports)))
        .service(read(endpoint::REPORT.path, web::get().to(model::report)))
        .service(read(endpoint::EVENTS.path, web::get().to(model::events)))
        .service(read(endpoint::WEBHOOKS.path, web::get().to(webhooks::list)))
        .service(read(endpoint::WEBHOOK.path, web::get().to(webhooks::find)))
        .service(http_json::resource(endpoint::REPLAY.path, replay, "POST"));
}
