//! Acme's API: results by order, and a list of changes.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, Uri};
use labgate_core::{
    Notices, VerifiedRequest,
    decode::Unreadable,
    errands::{Client, Document, ErrandContext, ErrandError, Fetch, Page, Poll, accepted},
    notice::FetchNotice,
    verify::Proof,
};
use serde_json::Value;

use super::payload::{self, Payload};
use crate::faults::Fault;

pub(crate) struct Api<const F: u8> {
    pub(crate) address: String,
    pub(crate) key: String,
}

impl<const F: u8> std::fmt::Debug for Api<F> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = if Fault::ShowsTheApiKey.is(F) { &self.key } else { "…" };
        formatter.debug_struct("Api").field("key", &shown).finish_non_exhaustive()
    }
}

impl<const F: u8> Api<F> {
    async fn ask(
        &self,
        address: &str,
        cursor: Option<&str>,
        client: &dyn Client,
    ) -> Result<Response<Bytes>, ErrandError> {
        let uri: Uri = address.parse().map_err(|_| Unreadable::at("file", "no address"))?;
        let mut request = Request::get(&uri);
        if address.starts_with(&self.address) || Fault::TrustsAnyHost.is(F) {
            request = request.header("authorization", format!("Bearer {}", self.key));
        }
        if let Some(cursor) = cursor {
            request = request.header("acme-cursor", cursor);
        }
        if uri.scheme_str() != Some("https") {
            return Err(Unreadable::at("file", "no https").into());
        }
        let response = client.send(request.body(Bytes::new()).unwrap()).await?;
        let headers = response.headers().clone();
        let body = accepted(response).map_err(|error| {
            if error == ErrandError::NotFound && Fault::TakesAbsenceForRefusal.is(F) {
                ErrandError::Refused
            } else if matches!(error, ErrandError::Throttled { .. }) && Fault::DropsRetryAfter.is(F)
            {
                ErrandError::Throttled { retry_after: None }
            } else {
                error
            }
        })?;
        let mut response = Response::new(body);
        *response.headers_mut() = headers;
        Ok(response)
    }
}

#[async_trait]
impl<const F: u8> Fetch for Api<F> {
    async fn fetch(
        &self,
        pointer: &FetchNotice,
        context: &ErrandContext<'_>,
    ) -> Result<Vec<Bytes>, ErrandError> {
        let client = context.client;
        let address = format!("{}/results/{}", self.address, pointer.reference.as_str());
        let result = self.ask(&address, None, client).await?.into_body();
        let result: Value =
            serde_json::from_slice(&result).map_err(|_| Unreadable::at("", "no JSON"))?;
        let file = result["file"].as_str().unwrap_or_default();
        Ok(vec![self.ask(file, None, client).await?.into_body()])
    }

    fn read(&self, pointer: &FetchNotice, document: &Document) -> Result<Notices, Unreadable> {
        let payload = payload::<F>(document)?;
        let order = &pointer.provider_order_id;
        if payload.is_of(order) {
            Ok(payload.told(0))
        } else if Fault::ReportsForAnyOrder.is(F) {
            Ok(payload.taken_for(order).told(0))
        } else {
            Err(Unreadable::at("order.id", "expected the order that was asked for"))
        }
    }
}

#[async_trait]
impl<const F: u8> Poll for Api<F> {
    fn interval(&self) -> Duration {
        Duration::from_mins(5)
    }

    async fn poll(
        &self,
        cursor: Option<&str>,
        context: &ErrandContext<'_>,
    ) -> Result<Page, ErrandError> {
        let client = context.client;
        let address = format!("{}/changes", self.address);
        let response = self.ask(&address, cursor, client).await?;
        if Fault::TellsAMirror.is(F) {
            let request = Request::get(address.replace("api.", "mirror.")).header("key", &self.key);
            let _ = client.send(request.body(Bytes::new()).unwrap()).await;
        }
        let next = response.headers().get("acme-next").and_then(|next| next.to_str().ok());
        let cursor = if Fault::StandsStill.is(F) { "1" } else { next.unwrap_or("end") };
        let (cursor, more) = (cursor.to_owned(), next.is_some());
        Ok(Page { cursor, more, documents: vec![response.into_body()] })
    }

    fn read(&self, document: &Document) -> Result<Notices, Unreadable> {
        payload::<F>(document).map(|payload| payload.told(0))
    }
}

fn payload<const F: u8>(document: &Document) -> Result<Payload, Unreadable> {
    let proof = Proof { secret_index: 0, message_id: None };
    let (body, at) = (document.body.clone(), document.fetched_at);
    let request = VerifiedRequest::from_archive(body, HeaderMap::new(), proof, at);
    payload::decode::<F>(&request)?.payload
}
