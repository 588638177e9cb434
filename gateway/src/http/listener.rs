//! An HTTP server on one address whose connections are within bounds.
//!
//! Actix's own `HttpServer` bounds connections by not accepting any more, and knows no deadline for
//! a second head or for an answer that is not read, so its parts are put together here.

use std::{
    fmt,
    future::ready,
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_http::{HttpService, KeepAlive, Request, Response, body::MessageBody};
use actix_server::{Server, ServerBuilder};
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config,
};
use actix_web::dev::AppConfig;
use tokio::{
    net::{TcpSocket, TcpStream},
    time::MissedTickBehavior,
};

use super::{Connections, stream::Stream};

/// Connections that wait to be accepted: a burst of so many costs nobody a second.
const BACKLOG: u32 = 4096;
/// Seconds in which requests that were accepted are finished after a signal to stop.
const SHUTDOWN: u64 = 20;
/// Seconds in which a peer may read its answer where its request was not read to the end.
const LINGER: Duration = Duration::from_secs(1);
/// How often late connections are looked for: often, so that few are closed at once.
const LOOK: Duration = Duration::from_millis(250);

/// A server for `app` at `address` on so many threads, and the address that it got. It serves once it
/// is awaited.
pub(crate) fn listen<F, I, S, B>(
    address: SocketAddr,
    workers: usize,
    connections: Arc<Connections>,
    app: F,
) -> io::Result<(Server, SocketAddr)>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<actix_web::Error> + 'static,
    S::InitError: fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    let listener = bind(address)?;
    let address = listener.local_addr()?;
    // Some are closed and not gone yet. Beyond that nothing is accepted, rather than run out of files.
    let most = connections.limits().connections;
    let builder = ServerBuilder::new()
        .workers(workers)
        .max_concurrent_connections((most + most / 2).div_ceil(workers))
        .disable_signals()
        .shutdown_timeout(SHUTDOWN);
    let stopping = builder.graceful_shutdown_signal();
    let late = Arc::downgrade(&connections);
    actix_web::rt::spawn(async move {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while let Some(connections) = late.upgrade() {
            connections.close_late(Instant::now());
            drop(connections);
            look.tick().await;
        }
    });
    let server = builder.listen(address.to_string(), listener, move || {
        let (connections, stopping) = (connections.clone(), stopping.clone());
        let app = app().into_factory().map_err(|error| error.into().error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            // Deadlines are the connections' own.
            .keep_alive(KeepAlive::Os)
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(LINGER)
            .local_addr(address)
            .on_connect_ext(|stream: &Stream, data| {
                data.insert(stream.connection().clone());
            })
            .h1(map_config(app, |()| AppConfig::default()));
        fn_service(move |stream: TcpStream| {
            let peer = stream.peer_addr().ok();
            let connection = connections.open(peer.map(|peer| peer.ip()), Instant::now());
            let stream = connection.map(|connection| (Stream::new(stream, connection), peer));
            ready(stream.ok_or_else(|| io::Error::from(io::ErrorKind::QuotaExceeded).into()))
        })
        .and_then(http)
    })?;
    Ok((server.run(), address))
}

fn bind(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}
