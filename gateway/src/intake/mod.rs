//! A webhook comes in: receive, handshake, verify, decode, map, archive, reply.

mod corridor;
mod receive;
mod reply;

use std::{net::IpAddr, sync::Arc, time::Instant};

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use jiff::Timestamp;
use labgate_core::{Identifier, RawRequest, Reply, Retries, verify::Refusal};

pub use corridor::{read, read_aside};
use receive::ReceiveError;

use crate::{
    http_json,
    plugins::{Plugin, Plugins, is_name},
    store::{Archive, StoreError, Stored},
    telemetry::{Metrics, NOT_RECEIVED, WRONG_METHOD},
};

/// Bytes of a path that is logged at most: as long as `/v1/webhooks/` and the longest name.
const PATH: usize = 76;

/// All that intake needs.
pub struct Intake {
    /// What is served.
    pub plugins: Arc<Plugins>,
    /// Where webhooks are kept.
    pub archive: Arc<dyn Archive>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// The largest body that is read, in bytes.
    pub max_body_bytes: usize,
}

/// What became of a request. [`reply`] gives each its status code.
enum Outcome {
    /// No plugin has that name.
    UnknownPlugin,
    /// The plugin takes no such method; these it takes.
    WrongMethod(&'static str),
    /// The body could not be received.
    NotReceived(ReceiveError, Retries),
    /// The vendor only tested the endpoint.
    Handshake(Reply),
    /// The sender did not prove who it is.
    NotProven(Retries),
    /// The plugin can't verify anybody.
    Misconfigured,
    /// Proven and kept.
    Kept { plugin: Plugin, event_type: Option<Identifier>, stored: Stored },
    /// Proven, and not kept.
    Unavailable,
}

/// The routes of the webhooks listener.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/healthz")
                .route(web::get().to(http_json::healthz))
                .default_service(web::to(delivered_to_healthz)),
        )
        .route("/v1/webhooks/{plugin}", web::route().to(webhook))
        .route("/v1/webhooks/{plugin}/{below:.*}", web::route().to(webhook))
        .default_service(web::to(elsewhere));
}

/// An address where nothing is served: a vendor may have been given it by mistake.
async fn elsewhere(request: HttpRequest, intake: web::Data<Intake>) -> HttpResponse {
    intake.not_served(&request);
    http_json::not_found().await
}

async fn webhook(
    request: HttpRequest,
    payload: web::Payload,
    intake: web::Data<Intake>,
) -> HttpResponse {
    let part = |name: &str| request.match_info().get(name);
    let plugin = part("plugin").and_then(|name| intake.plugins.get(name));
    let leads_here = |plugin: &&Plugin| plugin.provider.is_restful() || part("below").is_none();
    let Some(plugin) = plugin.filter(leads_here) else {
        intake.not_served(&request);
        return reply::answer(Outcome::UnknownPlugin);
    };
    let peer = crate::http::peer(&request);
    let method = request.method();
    let delivers =
        *method == Method::POST || plugin.provider.is_restful() && *method == Method::PUT;
    if !delivers && ![Method::GET, Method::HEAD].contains(method) {
        intake.metrics.rejected(&plugin.name, WRONG_METHOD, peer);
        return reply::answer(Outcome::WrongMethod(methods(plugin)));
    }
    let received = match receive::receive(&request, payload, intake.max_body_bytes).await {
        Ok(received) => received,
        Err(error) => {
            intake.not_received(plugin, error, peer);
            return reply::answer(Outcome::NotReceived(error, plugin.provider.retries()));
        }
    };
    let started = Instant::now();
    let outcome = match plugin.provider.handshake(&received) {
        Some(reply) => Outcome::Handshake(reply),
        None if !delivers => {
            intake.metrics.rejected(&plugin.name, WRONG_METHOD, peer);
            Outcome::WrongMethod(methods(plugin))
        }
        None => intake.admit(plugin, &received, peer).await,
    };
    let response = reply::answer(outcome);
    intake.metrics.answered(&plugin.name, started.elapsed());
    response
}

/// The methods that `plugin` takes: GET and HEAD only if its vendor knocks with them, PUT only if
/// it takes us for a REST server.
fn methods(plugin: &Plugin) -> &'static str {
    let knock = RawRequest { method: http::Method::GET, ..RawRequest::post("", "") };
    let knocks = plugin.provider.handshake(&knock).is_some();
    match (knocks, plugin.provider.is_restful()) {
        (true, true) => "GET, HEAD, POST, PUT",
        (true, false) => "GET, HEAD, POST",
        (false, true) => "POST, PUT",
        (false, false) => "POST",
    }
}

/// What is posted to the path of health was meant for a plugin.
async fn delivered_to_healthz(request: HttpRequest, intake: web::Data<Intake>) -> HttpResponse {
    intake.not_served(&request);
    http_json::wrong_method("GET")
}

impl Intake {
    /// A request came to where no plugin is. Its path is logged if it could be a plugin's, so that
    /// the operator finds the mistake: anything else may be a person's name.
    fn not_served(&self, request: &HttpRequest) {
        let path = request.path();
        let is_plain = path.len() <= PATH && path.split('/').skip(1).all(is_name);
        self.metrics.not_served(is_plain.then_some(path), crate::http::peer(request));
    }

    /// A body that did not arrive may have been a genuine one: the operator hears of it.
    fn not_received(&self, plugin: &Plugin, error: ReceiveError, peer: Option<IpAddr>) {
        let [too_large, timed_out, crowded_out, broken] = NOT_RECEIVED;
        let name = &*plugin.name;
        match error {
            ReceiveError::TooLarge => self.metrics.rejected(name, too_large, peer),
            ReceiveError::TimedOut => self.metrics.rejected(name, timed_out, peer),
            ReceiveError::CrowdedOut => self.metrics.rejected(name, crowded_out, peer),
            ReceiveError::Broken => self.metrics.rejected(name, broken, peer),
            ReceiveError::NoRoom => {
                self.metrics.unavailable(name, &StoreError::Overloaded, peer);
            }
        }
    }

    /// Takes a request down the corridor.
    async fn admit(&self, plugin: &Plugin, raw: &RawRequest, peer: Option<IpAddr>) -> Outcome {
        let name = &*plugin.name;
        let proven = match plugin.provider.verify(raw, Timestamp::now()) {
            Ok(proven) => proven,
            Err(Refusal::NotProven(reason)) => {
                self.metrics.rejected(name, reason.label(), peer);
                return Outcome::NotProven(plugin.provider.retries());
            }
            Err(Refusal::Misconfigured(problem)) => {
                self.metrics.misconfigured(name, problem, peer);
                return Outcome::Misconfigured;
            }
        };
        self.metrics.proven(name, proven.proof().secret_index);
        let received_at = proven.received_at();
        let arrival = match corridor::read_aside(plugin, proven).await {
            Ok(arrival) => arrival,
            Err(error) => {
                self.metrics.unavailable(name, &error, peer);
                return Outcome::Unavailable;
            }
        };
        let event_type = arrival.event_type.clone();
        if let Ok(said) = &arrival.notices {
            self.metrics.drifted(name, &said.drift);
        }
        match self.archive.archive(arrival).await {
            Err(error) => {
                self.metrics.unavailable(name, &error, peer);
                Outcome::Unavailable
            }
            Ok(stored) => {
                self.metrics.kept(plugin, event_type.as_ref(), &stored, received_at);
                Outcome::Kept { plugin: plugin.clone(), event_type, stored }
            }
        }
    }
}

#[cfg(test)]
mod tests;
