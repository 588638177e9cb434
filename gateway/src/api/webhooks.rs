//! Kept webhooks.

use actix_web::{HttpRequest, web};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::{Desk, endpoint, error::ApiError, model::id, page::Page, query::Query};
use crate::{
    replay::{self, Replayed},
    store::webhooks::{self, Webhook},
};

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
    /// When it arrived first.
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

pub(super) async fn list(
    request: HttpRequest,
    desk: web::Data<Desk>,
) -> Result<web::Json<Page<WebhookSummary>>, ApiError> {
    desk.keys.admit(&request, &endpoint::WEBHOOKS)?;
    let query = Query::read(&request, &endpoint::WEBHOOKS)?;
    let limit = query.limit()?;
    let outcome = query.text("outcome");
    if let Some(word) = &outcome
        && !webhooks::OUTCOMES.contains(&word.as_str())
    {
        let problem = format!("`outcome`: expected one of {}", webhooks::OUTCOMES.join(", "));
        return Err(ApiError::BadParameter(problem));
    }
    let filter = webhooks::Filter {
        plugin: query.text("plugin"),
        outcome,
        before: query.cursor()?,
        limit: limit + 1,
    };
    let rows = desk.store.read(move |open| webhooks::list(open, &filter)).await?;
    let rows = rows.into_iter().map(|webhook| (webhook.seq, webhook.into())).collect();
    Ok(web::Json(Page::new(rows, limit)))
}

pub(super) async fn find(
    request: HttpRequest,
    desk: web::Data<Desk>,
) -> Result<web::Json<WebhookContent>, ApiError> {
    desk.keys.admit(&request, &endpoint::WEBHOOK)?;
    let id = id(&request, "webhook")?;
    let find = move |open: &mut _| Ok(webhooks::find(open, id)?.zip(webhooks::content(open, id)?));
    let (webhook, content) = desk.store.read(find).await?.ok_or(ApiError::NotFound("webhook"))?;
    let body = content.body().to_vec();
    let (body, body_base64) = match String::from_utf8(body) {
        Ok(text) => (Some(text), None),
        Err(error) => (None, Some(STANDARD.encode(error.as_bytes()))),
    };
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(web::Json(WebhookContent {
        summary: webhook.into(),
        secret_index: content.proof().secret_index,
        headers: content
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().into(), text(value)))
            .collect(),
        body,
        body_base64,
    }))
}

pub(super) async fn replay(
    request: HttpRequest,
    desk: web::Data<Desk>,
) -> Result<web::Json<Replayed>, ApiError> {
    desk.keys.admit(&request, &endpoint::REPLAY)?;
    let id = id(&request, "webhook")?;
    Ok(web::Json(replay::replay(&desk.store, &desk.plugins, id, false).await?))
}
