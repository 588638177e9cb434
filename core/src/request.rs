//! A request as it arrived, before anyone vouched for it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method};

/// An inbound request, byte for byte.
///
/// It carries all that a vendor may sign: method, path and query as they came over the wire,
/// every header with its repetitions, and the untouched body.
#[derive(Clone)]
pub struct RawRequest {
    /// The HTTP method.
    pub method: Method,
    /// The path, not decoded.
    pub path: String,
    /// What followed `?`, not decoded; empty if nothing did.
    pub query: String,
    /// Every header, repeated ones included.
    pub headers: HeaderMap,
    /// The body as received.
    pub body: Bytes,
}

/// Why a header could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    /// It is not there.
    Missing,
    /// It is there twice, or is not visible ASCII: whoever reads it could be made to read
    /// something else than whoever signed it.
    Malformed,
}

impl RawRequest {
    /// `body`, posted to `path` without any header.
    pub fn post(path: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    /// The one value of header `name`.
    pub fn header(&self, name: &str) -> Result<&str, HeaderFault> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().ok_or(HeaderFault::Missing)?;
        match (values.next(), value.to_str()) {
            (None, Ok(text)) => Ok(text),
            (Some(_), _) | (None, Err(_)) => Err(HeaderFault::Malformed),
        }
    }
}

impl fmt::Debug for RawRequest {
    /// Leaves out headers, query and body: they hold signatures and patients.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RawRequest")
            .field("method", &self.method)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
