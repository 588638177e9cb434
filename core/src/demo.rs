//! What a provider shows of itself, and how whoever shows it signs.

use std::sync::Arc;

use http::HeaderMap;
use jiff::Timestamp;

use crate::RawRequest;

/// A provider's part of `labgate demo`. It holds secrets, and so has no `Debug`.
#[derive(Clone)]
pub struct Demo {
    /// What would stand under `[plugins.NAME]`, besides `provider`. Secrets stand in lists, so
    /// that the lists of two demos joined are a configuration in the middle of a rotation.
    pub config: serde_json::Value,
    /// Webhooks to send, in order; all of them about invented people.
    pub webhooks: Vec<DemoWebhook>,
    /// Signs in the vendor's place where [`crate::verify::Verifier::sign`] can't, because a
    /// configuration holds only public keys.
    pub signer: Option<Signer>,
}

/// The headers with which the vendor would send a request under a message id at a time.
pub type Signer = Arc<dyn Fn(&RawRequest, &str, Timestamp) -> HeaderMap + Send + Sync>;

/// A webhook to show.
#[derive(Clone, Copy, Debug)]
pub struct DemoWebhook {
    /// What is going on, for the reader of the demo.
    pub story: &'static str,
    /// The body.
    pub body: &'static [u8],
}
