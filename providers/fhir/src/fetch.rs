//! Results that a webhook only points at, asked for at the server.

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Uri, header, uri::Scheme};
use labgate_core::{
    ConfigError, Notice, Notices,
    decode::Unreadable,
    errands::{Document, ErrandContext, ErrandError, Fetch, accepted},
    notice::FetchNotice,
};
use labgate_fhir_r4::{Context, Resources};
use serde::Deserialize;

use crate::{Fhir, config::ServerAccess};

/// The server that the operator configured.
#[derive(Debug)]
pub(crate) struct Server {
    base_url: String,
    authorization: HeaderValue,
}

/// What comes along with a report: its results, the members of those that are panels, and its
/// orders (hl7.org/fhir/R4/search.html#include).
const INCLUDED: &str = "_include=DiagnosticReport:result&_include=DiagnosticReport:based-on\
                        &_include:iterate=Observation:has-member";

impl Server {
    pub(crate) fn new(api: ServerAccess) -> Result<Self, ConfigError> {
        let base_url = api.base_url.trim_end_matches('/').to_owned();
        // Credentials in an address would be printed with it.
        let fits = |address: Uri| {
            address.scheme() == Some(&Scheme::HTTPS)
                && address.query().is_none()
                && address.authority().is_some_and(|host| !host.as_str().contains('@'))
        };
        if base_url.contains('#') || !base_url.parse().is_ok_and(fits) {
            let problem = "expected an address with https:// and without a query";
            return Err(ConfigError::at("api.base_url", problem));
        }
        let authorization = format!("Bearer {}", api.token.expose().trim());
        let mut authorization = HeaderValue::try_from(authorization).map_err(|_| {
            ConfigError::at("api.token", "expected a token of visible ASCII characters")
        })?;
        authorization.set_sensitive(true);
        Ok(Self { base_url, authorization })
    }

    /// The search for what `pointer` names.
    fn request(&self, pointer: &FetchNotice) -> Result<Request<Bytes>, Unreadable> {
        let id = pointer.reference.as_str().strip_prefix("DiagnosticReport/");
        let id = id.filter(|id| is_id(id)).ok_or_else(|| {
            Unreadable::at("reference", "expected DiagnosticReport/ID with an id as in FHIR")
        })?;
        Request::get(format!("{}/DiagnosticReport?_id={id}&{INCLUDED}", self.base_url))
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::ACCEPT, Fhir::MEDIA_TYPE)
            .body(Bytes::new())
            .map_err(|_| Unreadable::at("reference", "expected part of an address"))
    }
}

/// Whether `text` can stand in a query as it is: hl7.org/fhir/R4/datatypes.html#id.
fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    !text.is_empty() && text.bytes().all(fits)
}

#[async_trait]
impl Fetch for Server {
    async fn fetch(
        &self,
        pointer: &FetchNotice,
        context: &ErrandContext<'_>,
    ) -> Result<Vec<Bytes>, ErrandError> {
        let body = accepted(context.client.send(self.request(pointer)?).await?)?;
        if is_without_report(&body) {
            return Err(ErrandError::NotFound);
        }
        Ok(vec![body])
    }

    /// The pointer knows the order, so a document that brings other reports is refused: they would
    /// be read as that order's. A result that is still not there is not asked for again: the report
    /// stays partial, and the place where it was named is drift.
    fn read(&self, pointer: &FetchNotice, document: &Document) -> Result<Notices, Unreadable> {
        let context = Context { received_at: document.fetched_at, order: None, report: None };
        let told = Resources::read(&document.body, "")?.notices(&context)?;
        if is_of_others(&told, pointer) {
            return Err(Unreadable::at(
                "entry",
                "expected a report of the order that was asked for",
            ));
        }
        let order = Some(pointer.provider_order_id.clone());
        let context = Context { order, ..context };
        let mut told = Resources::read(&document.body, "")?.notices(&context)?;
        if told.notices.iter().any(|notice| is_another_report(notice, pointer)) {
            return Err(Unreadable::at("entry", "expected only the report that was asked for"));
        }
        if told.notices.iter().any(|notice| matches!(notice, Notice::Fetch(_))) {
            told.drift.insert("DiagnosticReport.result[]".into());
        }
        told.notices.retain(|notice| match notice {
            Notice::Order(order) => order.provider_order_id == pointer.provider_order_id,
            Notice::Report(_) => true,
            Notice::Appointment(_) | Notice::Fetch(_) => false,
        });
        Ok(told)
    }
}

/// Whether the report names orders, and not the pointer's. One that the pointer knows by an
/// identifier alone may have an id here.
fn is_of_others(told: &Notices, pointer: &FetchNotice) -> bool {
    let order = &pointer.provider_order_id;
    let named = told.notices.iter().filter_map(|notice| match notice {
        Notice::Report(report) => Some(&report.provider_order_id),
        Notice::Order(_) | Notice::Appointment(_) | Notice::Fetch(_) => None,
    });
    let named: Vec<_> =
        named.filter(|named| named.as_str() != pointer.reference.as_str()).collect();
    let by_identifier = order.as_str().contains('|');
    !by_identifier && !named.is_empty() && !named.contains(&order)
}

fn is_another_report(notice: &Notice, pointer: &FetchNotice) -> bool {
    matches!(notice, Notice::Report(report)
        if report.provider_report_id != pointer.provider_report_id)
}

/// What a search found, as far as the fetch itself has to know.
#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    resource: Option<Head>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    resource_type: String,
}

/// Whether a search found nothing, which is answered with 200 all the same
/// (hl7.org/fhir/R4/http.html#search): webhooks overtake a server's index.
fn is_without_report(body: &[u8]) -> bool {
    let is_report = |entry: &Entry| {
        entry.resource.as_ref().is_some_and(|head| head.resource_type == "DiagnosticReport")
    };
    serde_json::from_slice(body).is_ok_and(|found: Found| !found.entry.iter().any(is_report))
}
