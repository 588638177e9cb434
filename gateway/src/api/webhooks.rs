//! Kept webhooks.

use actix_web::{HttpRequest, web};

use super::{
    Desk, endpoint,
    error::ApiError,
    kept::{WebhookContent, WebhookSummary},
    page::Page,
    query::{Query, id},
};
use crate::{
    replay::{self, Replayed},
    store::webhooks,
};

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
    let id = id(&request, &endpoint::WEBHOOK, "webhook")?;
    let find = move |open: &mut _| Ok(webhooks::find(open, id)?.zip(webhooks::content(open, id)?));
    let (webhook, content) = desk.store.read(find).await?.ok_or(ApiError::NotFound("webhook"))?;
    Ok(web::Json(WebhookContent::new(webhook, &content)))
}

pub(super) async fn replay(
    request: HttpRequest,
    desk: web::Data<Desk>,
) -> Result<web::Json<Replayed>, ApiError> {
    desk.keys.admit(&request, &endpoint::REPLAY)?;
    let id = id(&request, &endpoint::REPLAY, "webhook")?;
    Ok(web::Json(replay::replay(&desk.store, &desk.plugins, id, false).await?))
}
