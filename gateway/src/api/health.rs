//! How the gateway is.

use actix_web::{HttpResponse, http::StatusCode, web};

use super::Desk;
use crate::{http_json::refusal, store::webhooks};

/// Webhooks are taken.
pub(super) async fn readyz(desk: web::Data<Desk>) -> HttpResponse {
    if desk.store.is_ready().await {
        HttpResponse::Ok().json(serde_json::json!({ "status": "ready" }))
    } else {
        refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "not_ready",
            "webhooks are not taken; the log says why",
        )
    }
}

/// Everything that is counted. What is quarantined is asked of the store, since other gateways
/// may share it; if the store is away, the last known number stands.
pub(super) async fn metrics(desk: web::Data<Desk>) -> HttpResponse {
    for plugin in desk.plugins.iter() {
        let name = plugin.name.clone();
        let count = desk.store.read(move |open| webhooks::quarantined(open, &name)).await;
        let Ok(count) = count else { break };
        desk.metrics.set_quarantined(&plugin.name, count);
    }
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(desk.metrics.render())
}
