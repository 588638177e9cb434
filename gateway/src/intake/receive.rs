//! From HTTP to [`RawRequest`], byte for byte, in a bounded room.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use labgate_core::RawRequest;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a sender may take over its body.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many bytes a place in the room stands for.
const PLACE: usize = 1024;

/// Why a request could not be received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReceiveError {
    /// It is larger than the operator allows.
    TooLarge,
    /// It did not arrive in time.
    TimedOut,
    /// It broke off, or its framing is no HTTP.
    Broken,
    /// The room is full of other bodies.
    NoRoom,
}

/// The memory that bodies may take, all requests together: whoever sends many of them slowly gets
/// no more than this.
#[derive(Clone)]
pub struct Room(Arc<Semaphore>);

impl Room {
    /// A room for so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.div_ceil(PLACE))))
    }

    /// Room for `bytes` more, unless it is full.
    pub(super) fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let places = u32::try_from(bytes.div_ceil(PLACE)).ok()?;
        self.0.clone().try_acquire_many_owned(places).ok()
    }
}

/// A request, and the room that its body takes.
pub(super) struct Received {
    pub(super) request: RawRequest,
    _room: Option<OwnedSemaphorePermit>,
}

/// Reads the body, which must not be longer than `limit` bytes, and copies the rest.
pub(super) async fn receive(
    request: &HttpRequest,
    payload: web::Payload,
    room: &Room,
    limit: usize,
) -> Result<Received, ReceiveError> {
    let announced = request.headers().get(actix_web::http::header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(ReceiveError::TooLarge);
    }
    let (body, taken) = tokio::time::timeout(PATIENCE, body(payload, room, limit))
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
    let request = RawRequest {
        method: request.method().as_str().parse().map_err(|_| ReceiveError::Broken)?,
        path: request.uri().path().into(),
        query: request.query_string().into(),
        headers,
        body,
    };
    Ok(Received { request, _room: taken })
}

/// Takes room for what has really arrived: an announcement alone costs nothing.
async fn body(
    mut payload: web::Payload,
    room: &Room,
    limit: usize,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), ReceiveError> {
    let mut body = BytesMut::new();
    let mut taken: Option<OwnedSemaphorePermit> = None;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| ReceiveError::Broken)?;
        if body.len() + chunk.len() > limit {
            return Err(ReceiveError::TooLarge);
        }
        let more = room.take(chunk.len()).ok_or(ReceiveError::NoRoom)?;
        match &mut taken {
            Some(taken) => taken.merge(more),
            None => taken = Some(more),
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body.freeze(), taken))
}
