//! Posting webhooks as a vendor would.

use labgate_core::RawRequest;

use super::Failure;

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// A client that speaks to one gateway.
pub(super) struct Client(reqwest::Client);

impl Client {
    pub(super) fn new() -> Result<Self, Failure> {
        // Of the two that rustls offers, ring needs the fewest tools to build.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Ok(Self(builder.build().map_err(describe)?))
    }

    /// Sends `request` to `url`, which leads to its path.
    pub(super) async fn post(
        &self,
        url: &str,
        request: RawRequest,
        content_type: &str,
    ) -> Result<Answer, Failure> {
        let post = self.0.post(url).headers(request.headers).body(request.body);
        self.send(post.header("content-type", content_type)).await
    }

    pub(super) async fn get(&self, url: &str, token: &str) -> Result<Answer, Failure> {
        self.send(self.0.get(url).bearer_auth(token)).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, Failure> {
        let response = request.send().await.map_err(describe)?;
        let status = response.status().as_u16();
        Ok(Answer { status, body: response.text().await.map_err(describe)? })
    }
}

/// The innermost cause tells most: "connection refused" rather than "error sending request".
fn describe(error: reqwest::Error) -> Failure {
    let mut cause: &dyn std::error::Error = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    Failure::new(format!("can't reach the gateway: {cause}"))
}
