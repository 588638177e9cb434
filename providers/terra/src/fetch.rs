//! Results, which Terra keeps behind a link of 15 minutes.
//!
//! Source: Vantage API, "Get presigned URL for test results" and "Acknowledge results receipt".

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header::AUTHORIZATION, uri::Scheme};
use labgate_core::{
    ConfigError, Identifier, Notice, Notices,
    decode::{Reader, Shape, Unread, Unreadable},
    errands::{Document, ErrandContext, ErrandError, Fetch, accepted, followed},
    notice::FetchNotice,
};
use labgate_fhir_r4::{Context, Resources};
use serde::Deserialize;

use crate::Access;

/// Where results are, and by which credentials they are asked for.
#[derive(Debug)]
pub(crate) struct Results {
    base_url: Uri,
    authorization: HeaderValue,
}

/// The answer that leads to results.
#[derive(Deserialize)]
struct Link {
    download_url: String,
}

const LINK: Shape = Shape {
    unread: &[Unread::because(
        "the address is followed at once, and says itself what it leads to",
        &["expires_at", "format"],
    )],
    dispensable: &[],
};

/// What of a fetched document is left alone besides.
pub(crate) const SHAPES: &[(&str, Shape)] = &[(
    "Patient",
    Shape {
        unread: &[Unread::because("the webhook says more of the test taker", &["name"])],
        dispensable: &[],
    },
)];

/// What the API knows results by, and a report is known by: `ITEM/TEST_TAKER`.
pub(crate) fn reference(
    item: &Identifier,
    test_taker: &Identifier,
) -> Result<Identifier, Unreadable> {
    let both = Identifier::new(format!("{item}/{test_taker}"));
    both.ok_or_else(|| Unreadable::at("data.test_taker.test_taker_id", "expected a shorter id"))
}

impl Results {
    pub(crate) fn new(access: Access) -> Result<Self, ConfigError> {
        // RFC 7617, section 2: what stands before the first colon is the user.
        if access.dev_id.is_empty() || access.dev_id.contains(':') {
            return Err(ConfigError::at("api.dev_id", "expected an id without a colon"));
        }
        let base_url = https(&access.base_url)
            .filter(|address| address.query().is_none())
            .ok_or_else(|| ConfigError::at("api.base_url", "expected `https://HOST`"))?;
        let credentials =
            BASE64_STANDARD.encode(format!("{}:{}", access.dev_id, access.key.expose()));
        let mut authorization = HeaderValue::try_from(format!("Basic {credentials}"))
            .expect("base64 can stand in a header");
        authorization.set_sensitive(true);
        Ok(Self { base_url, authorization })
    }

    /// A request of the API for what `pointer` names, `action` being the end of its path.
    fn request(
        &self,
        method: Method,
        pointer: &FetchNotice,
        action: &str,
    ) -> Result<Request<Bytes>, Unreadable> {
        let unusable = || Unreadable::at("reference", "expected two numbers with a slash between");
        let (item, taker) = pointer.reference.as_str().split_once('/').ok_or_else(unusable)?;
        let (item, taker): (u64, u64) =
            item.parse().ok().zip(taker.parse().ok()).ok_or_else(unusable)?;
        let base = self.base_url.to_string();
        let base = base.trim_end_matches('/');
        let request = Request::builder()
            .method(method)
            .uri(format!("{base}/api/v1/results/{item}{action}?test_taker_id={taker}"))
            .header(AUTHORIZATION, self.authorization.clone())
            .body(Bytes::new());
        Ok(request.expect("numbers behind an address are an address"))
    }
}

#[async_trait]
impl Fetch for Results {
    /// Asks for the link with our credentials, and for what it leads to without them.
    async fn fetch(
        &self,
        pointer: &FetchNotice,
        context: &ErrandContext<'_>,
    ) -> Result<Vec<Bytes>, ErrandError> {
        let answer = context.client.send(self.request(Method::GET, pointer, "")?).await?;
        let link: Link = Reader::default().read("", &accepted(answer)?, LINK)?;
        let mut download = Request::new(Bytes::new());
        *download.uri_mut() = https(&link.download_url)
            .ok_or_else(|| Unreadable::at("download_url", "expected an address under https"))?;
        let document = followed(context.client.send(download).await?)?;
        Ok(vec![document])
    }

    /// The document need not know the item's id, so what it says is said of the pointer's order; but
    /// it is refused if it names another patient than the test taker. Of the patient the webhook
    /// told more. What it leaves out can't be asked for one by one.
    fn read(&self, pointer: &FetchNotice, document: &Document) -> Result<Notices, Unreadable> {
        let order = &pointer.provider_order_id;
        let context = Context {
            received_at: document.fetched_at,
            order: Some(order.clone()),
            report: pointer.provider_report_id.clone(),
        };
        let mut told = Resources::read(&document.body, "")?.notices(&context)?;
        let taker = pointer.reference.as_str().split_once('/').map(|(_, taker)| taker);
        if told.notices.iter().filter_map(patient).any(|id| Some(id) != taker) {
            return Err(Unreadable::at("subject", "expected the test taker who was asked for"));
        }
        told.notices.retain_mut(|notice| match notice {
            Notice::Order(notice) => {
                notice.details.patient = None;
                notice.provider_order_id == *order
            }
            Notice::Report(_) => true,
            Notice::Appointment(_) | Notice::Fetch(_) => false,
        });
        Ok(told)
    }

    /// Terra: only an explicit act of the end user may bring this about, never a backend's own.
    async fn acknowledge(
        &self,
        pointer: &FetchNotice,
        context: &ErrandContext<'_>,
    ) -> Result<(), ErrandError> {
        let answer =
            context.client.send(self.request(Method::POST, pointer, "/acknowledge")?).await?;
        accepted(answer).map(drop)
    }
}

/// The id of the patient whom a notice names.
fn patient(notice: &Notice) -> Option<&str> {
    match notice {
        Notice::Order(order) => {
            order.details.patient.as_ref()?.expose().provider_patient_id.as_deref()
        }
        Notice::Appointment(_) | Notice::Report(_) | Notice::Fetch(_) => None,
    }
}

fn https(address: &str) -> Option<Uri> {
    let address: Uri = address.parse().ok()?;
    // Credentials in an address would be printed with it.
    let plain = address.authority().is_some_and(|host| !host.as_str().contains('@'));
    (plain && address.scheme() == Some(&Scheme::HTTPS)).then_some(address)
}
