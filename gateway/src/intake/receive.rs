//! From HTTP to [`RawRequest`], byte for byte, in bounded memory.

use std::{
    future::poll_fn,
    task::{Context, Poll},
    time::Instant,
};

use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use labgate_core::RawRequest;

use crate::http::{self as door, Closing, Connection, NoRoom};

/// Why a request could not be received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReceiveError {
    /// It is larger than the operator allows.
    TooLarge,
    /// It came too slowly.
    TimedOut,
    /// It was the slowest when others needed its memory or its connection.
    CrowdedOut,
    /// It broke off, or its framing is no HTTP.
    Broken,
    /// There is no memory for it.
    NoRoom,
}

impl From<Closing> for ReceiveError {
    fn from(closing: Closing) -> Self {
        match closing {
            Closing::Late => Self::TimedOut,
            Closing::Crowded => Self::CrowdedOut,
        }
    }
}

impl From<NoRoom> for ReceiveError {
    fn from(NoRoom: NoRoom) -> Self {
        Self::NoRoom
    }
}

/// Reads the body, which must not be longer than `limit` bytes, and copies the rest. What the body
/// takes counts for the connection until the request is answered.
pub(super) async fn receive(
    request: &HttpRequest,
    payload: web::Payload,
    limit: usize,
) -> Result<RawRequest, ReceiveError> {
    let announced = request.headers().get(actix_web::http::header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(ReceiveError::TooLarge);
    }
    let connection = door::connection(request).expect("a listener's requests have a connection");
    connection.expect_body(Instant::now());
    let body = body(payload, connection, limit).await;
    connection.serve();
    let body = body?;
    let mut headers = http::HeaderMap::with_capacity(request.headers().len());
    for (name, value) in request.headers() {
        // The server speaks `http` 0.2 and the contract 1.x: the same bytes pass over.
        let name = http::HeaderName::from_bytes(name.as_str().as_bytes());
        let value = http::HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    Ok(RawRequest {
        method: request.method().as_str().parse().map_err(|_| ReceiveError::Broken)?,
        path: request.uri().path().into(),
        query: request.query_string().into(),
        headers,
        body,
    })
}

/// Counts what has really arrived: an announcement alone costs nothing.
async fn body(
    mut payload: web::Payload,
    connection: &Connection,
    limit: usize,
) -> Result<Bytes, ReceiveError> {
    let mut body = BytesMut::new();
    let mut next = |context: &mut Context<'_>| match connection.closing(context.waker()) {
        Some(closing) => Poll::Ready(Err(ReceiveError::from(closing))),
        None => payload.poll_next_unpin(context).map(Ok),
    };
    while let Some(chunk) = poll_fn(&mut next).await? {
        let chunk = chunk.map_err(|_| ReceiveError::Broken)?;
        if body.len() + chunk.len() > limit {
            return Err(ReceiveError::TooLarge);
        }
        connection.hold(chunk.len(), Instant::now())?;
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
