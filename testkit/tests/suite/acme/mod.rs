//! Acme: a vendor that nobody knows, with one fault at a time.

mod api;
mod config;
mod payload;
mod scheme;

use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use config::Config;
use labgate_core::{
    ConfigError, Decoded, Demo, DemoWebhook, Notices, Provider, RawRequest, Receipt, Reply,
    Retries, VerifiedRequest,
    decode::{Shape, Unreadable},
    errands::{Fetch, Poll},
    model::OrderStatus,
    verify::Verifier,
};
use payload::Payload;
use serde_json::json;

use self::{api::Api, scheme::Scheme};
use crate::faults::Fault;

/// The provider `acme` with the fault `F`.
pub(crate) struct Acme<const F: u8> {
    scheme: Scheme<F>,
    api: Option<Api<F>>,
    shown: String,
    read: AtomicUsize,
    done: std::sync::Mutex<bool>,
}

impl<const F: u8> Provider for Acme<F> {
    const KIND: &'static str = "acme";
    const EVENT_TYPES: &'static [&'static str] = &["order.changed", "result.ready"];
    const SHAPES: &'static [&'static [(&'static str, Shape)]] = &[&[("", payload::BODY)]];
    const STATUSES: &'static [&'static [(&'static str, OrderStatus)]] =
        if Fault::CancelsAsDone.is(F) {
            &[payload::STATUSES_THAT_END_WELL]
        } else {
            &[payload::STATUSES]
        };
    const RETRIES: Retries = Retries::AfterAnyFailure;

    type Config = Config<F>;
    type Payload = Payload;

    fn new(config: Config<F>) -> Result<Self, ConfigError> {
        let config = config.0;
        if config.secrets.is_empty() && !Fault::TakesNoSecrets.is(F) {
            return Err(ConfigError::at("secrets", "expected at least one secret"));
        }
        if let Some(short) = config.secrets.iter().find(|secret| secret.expose().len() < 16) {
            let value = if Fault::QuotesAValue.is(F) { short.expose() } else { "it" };
            return Err(ConfigError::at("secrets", format!("{value} is too short")));
        }
        let shown = if Fault::ShowsTheSecret.is(F) { config.secrets[0].expose() } else { "…" };
        Ok(Self {
            shown: shown.to_owned(),
            scheme: Scheme::new(&config.secrets),
            api: config.api.map(|address| Api { address, key: config.api_key.expose().into() }),
            read: AtomicUsize::new(0),
            done: std::sync::Mutex::new(false),
        })
    }

    fn verifier(&self) -> &dyn Verifier {
        &self.scheme
    }

    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
        payload::decode::<F>(request)
    }

    fn map(&self, payload: Payload) -> Result<Notices, Unreadable> {
        let before = self.read.fetch_add(1, Ordering::Relaxed);
        let mut done = self.done.lock().unwrap();
        let late = *done && !payload.is_done();
        *done |= payload.is_done();
        if (Fault::Tires.is(F) && before >= 3) || (Fault::RemembersOrders.is(F) && late) {
            return Ok(Notices::default());
        }
        let mut told = payload.told(if Fault::Counts.is(F) { before } else { 0 });
        if Fault::SaysNothing.is(F) {
            told.notices.clear();
        }
        Ok(told)
    }

    fn handshake(&self, request: &RawRequest) -> Option<Reply> {
        if Fault::AnswersWebhooks.is(F) && !request.body.is_empty() {
            return Some(Reply::Empty);
        }
        let challenge = request.query.strip_prefix("challenge=")?.to_owned();
        let posted = request.method == http::Method::POST;
        Some(Reply::Text(match F {
            _ if !posted => challenge.into(),
            _ if Fault::EchoesTheSecret.is(F) => {
                format!("{challenge} {}", self.scheme.secret).into()
            }
            _ if Fault::SignsWhateverIsAsked.is(F) => {
                let asked = scheme::decoded(&challenge);
                format!("{challenge} {}", hex::encode(scheme::mac(&self.scheme.secret, &asked)))
                    .into()
            }
            _ => challenge.into(),
        }))
    }

    fn acknowledge(&self, receipt: &Receipt) -> Reply {
        Reply::Json(receipt.to_json())
    }

    fn fetch(&self) -> Option<&dyn Fetch> {
        self.api.as_ref().map(|api| api as &dyn Fetch)
    }

    fn poll(&self) -> Option<&dyn Poll> {
        self.api.as_ref().map(|api| api as &dyn Poll)
    }

    fn demo(key: [u8; 32]) -> Demo {
        let body: &[u8] = if Fault::ShowsWhatItCantRead.is(F) {
            b"{}"
        } else {
            include_bytes!("goldens/order.json")
        };
        let mut webhooks = vec![DemoWebhook { story: "an order is placed", body }];
        if Fault::ShowsNothing.is(F) {
            webhooks.clear();
        }
        Demo {
            config: json!({ "secrets": [hex::encode(&key[..16])], "api_key": hex::encode(&key[16..]) }),
            webhooks,
            signer: None,
        }
    }
}

impl<const F: u8> std::fmt::Debug for Acme<F> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.shown)
    }
}
