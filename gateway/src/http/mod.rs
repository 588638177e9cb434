//! What both listeners share below their routes: connections, their limits and deadlines, and peers.
//!
//! Every connection is an entry of its listener's [`Connections`], which close what is late. Other
//! limits apply only under pressure: where connections or memory run out, the peer that holds most
//! of them loses its slowest, and the newcomer stays.

mod connection;
mod connections;
mod listener;
mod open_files;
mod peer;
mod stream;

use std::{net::IpAddr, time::Instant};

use actix_web::{
    HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

pub(crate) use connection::{Closing, Connection, HEAD, NoRoom};
pub(crate) use connections::{Connections, Limits};
pub(crate) use listener::listen;
pub(crate) use open_files::connections_within;
pub(crate) use peer::TrustedProxies;

/// The peer that sent `request`: the one that a trusted proxy names, or the other end of the
/// connection.
pub(crate) fn peer(request: &HttpRequest) -> Option<IpAddr> {
    connection(request).and_then(Connection::peer)
}

/// The connection that `request` came by; only requests that a test made up have none.
pub(crate) fn connection(request: &HttpRequest) -> Option<&Connection> {
    request.conn_data()
}

/// Notes on the connection when a request has come and when it is answered; the outermost layer of
/// each listener's routes.
pub(crate) async fn attend(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let Some(connection) = request.conn_data::<Connection>().cloned() else {
        return next.call(request).await;
    };
    connection.begin(request.headers());
    let response = next.call(request).await;
    connection.answered(Instant::now());
    response
}
