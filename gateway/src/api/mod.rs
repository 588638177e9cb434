//! What operators and consumers read: the model, the feed, kept webhooks, and how the gateway is.

mod auth;
mod endpoint;
mod error;
mod health;
mod model;
mod openapi;
mod page;
mod query;
mod webhooks;

use std::sync::Arc;

use actix_web::web;

pub use auth::Keyring;
pub use openapi::document;

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
    let not_get = || web::to(|| async { http_json::wrong_method("GET") });
    let open = |path: &str, route| web::resource(path).route(route).default_service(not_get());
    config
        .service(open("/healthz", web::get().to(http_json::healthz)))
        .service(open("/readyz", web::get().to(health::readyz)))
        .service(open("/metrics", web::get().to(health::metrics)))
        .service(open("/openapi.json", web::get().to(openapi::serve)))
        .service(open(endpoint::ORDERS.path, web::get().to(model::orders)))
        .service(open(endpoint::ORDER.path, web::get().to(model::order)))
        .service(open(endpoint::APPOINTMENTS.path, web::get().to(model::appointments)))
        .service(open(endpoint::REPORTS.path, web::get().to(model::reports)))
        .service(open(endpoint::REPORT.path, web::get().to(model::report)))
        .service(open(endpoint::EVENTS.path, web::get().to(model::events)))
        .service(open(endpoint::WEBHOOKS.path, web::get().to(webhooks::list)))
        .service(open(endpoint::WEBHOOK.path, web::get().to(webhooks::find)))
        .service(
            web::resource(endpoint::REPLAY.path)
                .route(web::post().to(webhooks::replay))
                .default_service(web::to(|| async { http_json::wrong_method("POST") })),
        );
}
