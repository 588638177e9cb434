//! The HTTP client that an errand is lent.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header};

use super::ErrandError;

/// Sends requests to a vendor's API.
///
/// # Contract
///
/// It follows no redirect, so that credentials never reach a host that nobody named; it ends in
/// bounded time and takes a bounded answer; and it logs neither addresses nor bodies. An answer of
/// any status is an answer.
#[async_trait]
pub trait Client: Send + Sync {
    /// Sends `request` and gives the answer.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreachable>;
}

/// No answer came, or none in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the vendor's API can't be reached")]
pub struct Unreachable;

/// The body of a 2xx; any other status becomes the error that it stands for.
pub fn accepted(response: Response<Bytes>) -> Result<Bytes, ErrandError> {
    let status = response.status();
    match status {
        _ if status.is_success() => Ok(response.into_body()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(ErrandError::Refused),
        StatusCode::NOT_FOUND => Err(ErrandError::NotFound),
        StatusCode::TOO_MANY_REQUESTS => {
            Err(ErrandError::Throttled { retry_after: retry_after(response.headers()) })
        }
        StatusCode::REQUEST_TIMEOUT => Err(ErrandError::Unreachable),
        _ if status.is_server_error() => {
            Err(ErrandError::Failing { retry_after: retry_after(response.headers()) })
        }
        _ => Err(ErrandError::Unexpected { status: status.as_u16() }),
    }
}

/// The same for an address that an answer gave, asked without credentials: such an address is good
/// for a while, so a refusal says that its time is over.
pub fn followed(response: Response<Bytes>) -> Result<Bytes, ErrandError> {
    accepted(response).map_err(|error| match error {
        ErrandError::Refused | ErrandError::NotFound => ErrandError::Expired,
        ErrandError::Unreachable
        | ErrandError::Failing { .. }
        | ErrandError::Throttled { .. }
        | ErrandError::Expired
        | ErrandError::NotConnected
        | ErrandError::SessionAway(_)
        | ErrandError::Unexpected { .. }
        | ErrandError::Unreadable(_) => error,
    })
}

/// `Retry-After` in seconds (RFC 9110, section 10.2.3); its other form, a date, would need a clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
