//! Orders by their ids, with a token that is asked for once and used until it ends.

use labgate_core::{
    Notices, Secret, async_trait,
    bytes::Bytes,
    decode::{Reader, Shape, Unreadable},
    errands::{Document, ErrandContext, ErrandError, Fetch, OpenOrder, accepted},
    http::{Request, header::AUTHORIZATION, request::Builder},
    jiff::Timestamp,
    notice::{FetchNotice, FetchSubject},
    time::VendorTime,
};
use serde::Deserialize;

use crate::event;

/// The vendor has one account for each plugin, which needs no name.
const ACCOUNT: &str = "";

#[derive(Debug)]
pub(super) struct Api {
    client_secret: Secret,
}

/// The vendor's answer to who asks for a token.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_at: VendorTime,
}

/// What is kept of it: `2036-08-01T00:00:00Z TOKEN`.
fn kept(granted: &Granted) -> Result<Secret, Unreadable> {
    Secret::new(format!("{} {}", granted.expires_at.0, granted.access_token))
        .map_err(|_| Unreadable::at("access_token", "expected a longer token"))
}

/// The token that `kept` holds, if it is still good.
fn token(kept: &Secret, now: Timestamp) -> Option<Secret> {
    let (ends_at, token) = kept.expose().split_once(' ')?;
    let ends_at: Timestamp = ends_at.parse().ok()?;
    (ends_at > now).then(|| Secret::new(token).ok()).flatten()
}

fn with(request: Builder, credentials: &Secret) -> Result<Request<Bytes>, Unreadable> {
    let request = request.header(AUTHORIZATION, format!("Bearer {}", credentials.expose()));
    request
        .body(Bytes::new())
        .map_err(|_| Unreadable::at("reference", "expected part of an address"))
}

impl Api {
    pub(super) fn new(client_secret: Secret) -> Self {
        Self { client_secret }
    }

    async fn token(&self, context: &ErrandContext<'_>) -> Result<Secret, ErrandError> {
        let now = context.now;
        let read = context.session.read(ACCOUNT).await?;
        if let Some(token) = read.as_ref().and_then(|kept| token(kept, now)) {
            return Ok(token);
        }
        let mut lease = context.session.lease(ACCOUNT).await?;
        // Another errand may have asked for one while this one waited.
        if let Some(token) = lease.tokens().and_then(|kept| token(kept, now)) {
            return Ok(token);
        }
        let request = with(Request::post("https://api.tokens.example/token"), &self.client_secret)?;
        let answer = accepted(context.client.send(request).await?)?;
        let granted: Granted = Reader::default().read("", &answer, Shape::default())?;
        let kept = kept(&granted)?;
        lease.replace(kept.clone()).await?;
        token(&kept, now).ok_or(ErrandError::NotConnected)
    }
}

#[async_trait]
impl Fetch for Api {
    async fn fetch(
        &self,
        pointer: &FetchNotice,
        context: &ErrandContext<'_>,
    ) -> Result<Vec<Bytes>, ErrandError> {
        let token = self.token(context).await?;
        let address = format!("https://api.tokens.example/orders/{}", pointer.reference.as_str());
        let request = with(Request::get(address), &token)?;
        Ok(vec![accepted(context.client.send(request).await?)?])
    }

    fn read(&self, _: &FetchNotice, document: &Document) -> Result<Notices, Unreadable> {
        event::decode(&document.body)?.payload.map(event::map)
    }

    fn sweep(&self, order: &OpenOrder) -> Vec<FetchNotice> {
        let id = order.provider_order_id.clone();
        vec![FetchNotice::new(FetchSubject::Order, id.clone(), id)]
    }
}
