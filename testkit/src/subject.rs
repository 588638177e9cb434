//! A provider under test, and requests that it takes for its vendor's.

use std::sync::Arc;

use http::HeaderMap;
use jiff::Timestamp;
use labgate_core::{
    DynProvider, Notices, RawRequest, Reading, Registration, VerifiedRequest, decode::Unreadable,
    verify::Refusal,
};
use serde_json::Value;

/// When every request of the kit arrives: 2026-08-10T00:00:00Z.
pub const ARRIVAL: Timestamp = Timestamp::constant(1_786_320_000, 0);

/// The vendor's id of every message of the kit, where the scheme has one.
pub const MESSAGE_ID: &str = "msg_2testkit";

/// A provider under test, with what the checks must know about it.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// The provider.
    pub registration: Registration,
    /// What would stand under `[plugins.NAME]` if these were its secrets.
    pub config: fn(&[&str]) -> Value,
    /// Two secrets in the middle of a rotation, the new one first.
    pub secrets: [&'static str; 2],
    /// A secret of the right form that is not the plugin's.
    pub stranger: &'static str,
    /// The folder of goldens.
    pub goldens: &'static str,
    /// Whether the signature covers the time. Where it does not, a request can be sent again for
    /// ever, and the checks hold the provider to saying so.
    pub signs_time: bool,
}

impl Subject {
    /// The provider with both of its secrets.
    pub fn provider(&self) -> Arc<dyn DynProvider> {
        self.with_secrets(&self.secrets)
    }

    /// The provider with other secrets.
    pub fn with_secrets(&self, secrets: &[&str]) -> Arc<dyn DynProvider> {
        (self.registration.build)((self.config)(secrets))
            .unwrap_or_else(|error| panic!("the subject's configuration is refused: {error}"))
    }

    /// What `body` says, or why it can't be read, wherever that shows.
    pub fn told(&self, body: &[u8]) -> Result<Notices, Unreadable> {
        self.read(body).and_then(|reading| reading.notices)
    }

    /// What the provider makes of `body`, sent by the vendor at [`ARRIVAL`].
    pub fn read(&self, body: &[u8]) -> Result<Reading, Unreadable> {
        let provider = self.provider();
        provider.read(&proven(&*provider, body))
    }
}

/// `body` as the vendor would send it at `at`.
pub(crate) fn signed(provider: &dyn DynProvider, body: &[u8], at: Timestamp) -> RawRequest {
    let unsigned = request(provider, HeaderMap::new(), body);
    let headers = provider
        .sign(&unsigned, MESSAGE_ID, at)
        .expect("the kit tests only schemes whose key the operator holds");
    RawRequest { headers, ..unsigned }
}

/// A request with these headers.
pub(crate) fn request(provider: &dyn DynProvider, headers: HeaderMap, body: &[u8]) -> RawRequest {
    let path = format!("/v1/webhooks/{}", provider.kind());
    RawRequest { headers, ..RawRequest::post(path, body.to_vec()) }
}

/// `body`, signed and proven at [`ARRIVAL`].
pub(crate) fn proven(provider: &dyn DynProvider, body: &[u8]) -> VerifiedRequest {
    verify(provider, body).expect("a provider accepts what it signs")
}

fn verify(provider: &dyn DynProvider, body: &[u8]) -> Result<VerifiedRequest, Refusal> {
    provider.verify(&signed(provider, body, ARRIVAL), ARRIVAL)
}
