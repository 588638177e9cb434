//! What a user would write by hand with the same libraries: verify, parse, and one transaction for
//! each webhook on PostgreSQL.
//!
//! It does less than the gateway: it knows no statuses, no late or amended results and no people,
//! and keeps what it can't read nowhere.

mod model;
mod proof;
mod tables;

use std::{io, sync::Arc};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use diesel_async::{
    AsyncPgConnection, SimpleAsyncConnection as _,
    pooled_connection::{AsyncDieselConnectionManager, deadpool::Pool},
};
use labgate::{application::stop_signal, config::Settings};
use serde_json::{Value, json};

use model::Message;
use proof::Secrets;

/// Connections to PostgreSQL.
const POOL: usize = 16;

struct Handler {
    secrets: Secrets,
    pool: Pool<AsyncPgConnection>,
}

/// Serves webhooks as `settings` say.
pub fn serve(settings: Settings) -> io::Result<()> {
    let secrets = Secrets::read(&settings.plugins)
        .ok_or_else(|| io::Error::other("a plugin has no secret"))?;
    let url = settings.store.url.expose();
    let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new(url);
    let pool = Pool::builder(manager).max_size(POOL).build().map_err(io::Error::other)?;
    actix_web::rt::System::new().block_on(async {
        let mut connection = pool.get().await.map_err(io::Error::other)?;
        connection.batch_execute(tables::CREATE).await.map_err(io::Error::other)?;
        drop(connection);
        let handler = web::Data::from(Arc::new(Handler { secrets, pool }));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(handler.clone())
                .route("/healthz", web::get().to(HttpResponse::Ok))
                .route("/v1/webhooks/{plugin}", web::post().to(webhook))
        })
        .disable_signals()
        .bind(settings.server.listen)?;
        let address = server.addrs()[0];
        tracing::info!(webhooks = %address, admin = %address, "listening");
        tokio::select! {
            result = server.run() => result,
            _signal = stop_signal()? => Ok(()),
        }
    })
}

async fn webhook(
    request: HttpRequest,
    plugin: web::Path<String>,
    body: web::Bytes,
    handler: web::Data<Handler>,
) -> HttpResponse {
    let Some(id) = handler.secrets.verify(&plugin, &request, &body) else {
        tracing::warn!(plugin = %plugin, "webhook rejected");
        return HttpResponse::Unauthorized().json(json!({ "error": "bad signature" }));
    };
    let message = serde_json::from_slice::<Value>(&body).ok();
    let Some(message) = message.and_then(|body| Message::read(&plugin, id, body)) else {
        return HttpResponse::BadRequest().json(json!({ "error": "bad body" }));
    };
    let Ok(mut connection) = handler.pool.get().await else {
        return HttpResponse::ServiceUnavailable().finish();
    };
    match tables::keep(&mut connection, &plugin, &message, &body).await {
        Ok(is_new) => {
            let event_type = &message.event_type;
            tracing::info!(plugin = %plugin, event_type, is_new, "webhook kept");
            HttpResponse::Ok().json(json!({ "received": true, "duplicate": !is_new }))
        }
        Err(error) => {
            tracing::error!(%error, "webhook not kept");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}
