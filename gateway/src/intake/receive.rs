//! From HTTP to [`RawRequest`], byte for byte.

use std::time::Duration;

use actix_web::{HttpRequest, web};
use bytes::Bytes;
use labgate_core::RawRequest;

/// How long a sender may take over its body.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a request could not be received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReceiveError {
    /// It is larger than the operator allows.
    TooLarge,
    /// It did not arrive in time.
    TimedOut,
    /// It broke off, or its framing is no HTTP.
    Broken,
}

/// Reads the body, which must not be longer than `limit` bytes, and copies the rest.
pub(super) async fn receive(
    request: &HttpRequest,
    payload: web::Payload,
    limit: usize,
) -> Result<RawRequest, ReceiveError> {
    let body = tokio::time::timeout(PATIENCE, body(payload, limit))
        .await
        .map_err(|_| ReceiveError::TimedOut)??;
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

async fn body(payload: web::Payload, limit: usize) -> Result<Bytes, ReceiveError> {
    match payload.to_bytes_limited(limit).await {
        Err(_) => Err(ReceiveError::TooLarge),
        Ok(Err(_)) => Err(ReceiveError::Broken),
        Ok(Ok(body)) => Ok(body),
    }
}
