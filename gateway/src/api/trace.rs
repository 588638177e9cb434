//! What each request to the admin listener leaves behind: a count, and a line that says who saw what.

use std::{error::Error as _, sync::Arc};

use actix_web::{
    HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};
use uuid::Uuid;

use super::{Desk, endpoint::ALL, error::ApiError, openapi::OPEN};
use crate::{
    http::peer,
    http_json::Refused,
    telemetry::{AdminRefusal, Metrics},
};

/// The name of the key that a request showed.
#[derive(Clone)]
pub(super) struct Caller(pub(super) Arc<str>);

/// The record that a request is about.
#[derive(Clone, Copy)]
pub(super) struct Record(pub(super) Uuid);

/// The endpoint of requests to a path that is none of ours.
const NOWHERE: &str = "other";

/// Gives every series of the admin listener its first value.
pub(crate) fn announce(metrics: &Metrics) {
    for endpoint in ALL {
        metrics.announce_endpoint(endpoint.path, &[200, 401, 403, 404, 405, 422, 500, 503]);
    }
    for (path, ..) in OPEN {
        metrics.announce_endpoint(path, &[200, 405, 503]);
    }
    metrics.announce_endpoint(NOWHERE, &[404]);
}

/// Counts each request, and logs those that a key opened and those that were refused.
pub(crate) async fn trace(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let response = next.call(request).await?;
    let request = response.request();
    let desk: &web::Data<Desk> = request.app_data().expect("the listener is made with its desk");
    let endpoint = request.match_pattern();
    let endpoint = endpoint.as_deref().unwrap_or(NOWHERE);
    let status = response.status();
    desk.metrics.admin_request(endpoint, status.as_u16());

    let (caller, record) = {
        let noted = request.extensions();
        (noted.get::<Caller>().cloned(), noted.get::<Record>().map(|record| record.0))
    };
    let key = caller.as_ref().map(|caller| &*caller.0);
    let answer = response.response();
    let refused = answer.extensions().get::<Refused>().copied();
    if let Some(Refused(reason)) = refused {
        let error = answer.error().and_then(|error| error.as_error::<ApiError>()?.source());
        desk.metrics.admin_refused(AdminRefusal {
            endpoint,
            reason,
            is_ours: status.is_server_error(),
            key,
            record,
            error: error.map(ToString::to_string),
            peer: peer(request),
        });
    } else if let Some(key) = key {
        let (record, peer) =
            (record.map(tracing::field::display), peer(request).map(tracing::field::display));
        tracing::info!(key, endpoint, record, peer, "api");
    }
    Ok(response)
}
