//! Kept webhooks as the API shows them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use labgate_core::VerifiedRequest;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::store::webhooks::Webhook;

/// A kept webhook without its content.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WebhookSummary {
    /// Our id.
    id: Uuid,
    /// The plugin that it came through.
    plugin: String,
    /// The vendor's word for the event; null if it could not be read that far.
    event_type: Option<String>,
    /// `accepted`, `ignored` or `quarantined`.
    outcome: String,
    /// Why it is quarantined: the field, never its content.
    reason: Option<String>,
    /// The vendor's id of the message, where it was proven.
    message_id: Option<String>,
    /// When the request that is kept arrived.
    received_at: Timestamp,
}

/// A kept webhook as it came.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WebhookContent {
    /// What is known of it.
    #[serde(flatten)]
    summary: WebhookSummary,
    /// Which of the plugin's secrets proved it, from 0.
    secret_index: usize,
    /// The headers that were kept.
    headers: Vec<(String, String)>,
    /// The body, if it is UTF-8.
    body: Option<String>,
    /// The body in base64, if it is not.
    body_base64: Option<String>,
}

impl From<Webhook> for WebhookSummary {
    fn from(webhook: Webhook) -> Self {
        let Webhook { seq: _, id, plugin, event_type, outcome, reason, message_id, received_at } =
            webhook;
        Self { id, plugin, event_type, outcome, reason, message_id, received_at }
    }
}

impl WebhookContent {
    pub(super) fn new(webhook: Webhook, content: &VerifiedRequest) -> Self {
        let (body, body_base64) = match String::from_utf8(content.body().to_vec()) {
            Ok(text) => (Some(text), None),
            Err(error) => (None, Some(STANDARD.encode(error.as_bytes()))),
        };
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into();
        Self {
            summary: webhook.into(),
            secret_index: content.proof().secret_index,
            headers: content
                .headers()
                .iter()
                .map(|(name, value)| (name.as_str().into(), text(value)))
                .collect(),
            body,
            body_base64,
        }
    }
}
