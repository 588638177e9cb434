//! The contract as the gateway sees it: without types that only the adapter knows.

use std::{fmt::Debug, sync::Arc};

use http::HeaderMap;
use jiff::Timestamp;
use schemars::{JsonSchema as _, Schema, SchemaGenerator};
use serde_json::Value;

use crate::{
    ConfigError, Demo, Identifier, Notices, Provider, RawRequest, Receipt, Reply, Retries,
    VerifiedRequest,
    decode::{Shape, Unreadable, safe},
    errands::{Fetch, Poll},
    model::OrderStatus,
    verify::{Coverage, Refusal},
};

/// What a proven webhook turned out to be.
#[derive(Debug)]
pub struct Reading {
    /// The vendor's word for the event.
    pub event_type: Identifier,
    /// The vendor's id of the event, as in [`crate::Decoded`].
    pub event_id: Option<Identifier>,
    /// What it says, or why that can't be made out.
    pub notices: Result<Notices, Unreadable>,
}

/// A built provider, ready to serve. Implemented for every [`Provider`].
pub trait DynProvider: Debug + Send + Sync {
    /// See [`Provider::KIND`].
    fn kind(&self) -> &'static str;
    /// See [`Provider::EVENT_TYPES`].
    fn event_types(&self) -> &'static [&'static str];
    /// See [`Provider::SHAPES`]; all lists as one.
    fn shapes(&self) -> Vec<(&'static str, Shape)>;
    /// See [`Provider::STATUSES`].
    fn statuses(&self) -> &'static [&'static [(&'static str, OrderStatus)]];
    /// See [`Provider::DICTIONARY`].
    fn dictionary(&self) -> &'static [u8];
    /// See [`Provider::RETRIES`].
    fn retries(&self) -> Retries;
    /// See [`Provider::RESTFUL`].
    fn is_restful(&self) -> bool;
    /// See [`Provider::CONTENT_TYPE`].
    fn content_type(&self) -> &'static str;
    /// See [`Provider::handshake`].
    fn handshake(&self, request: &RawRequest) -> Option<Reply>;
    /// Proves the sender of `request`.
    fn verify(&self, request: &RawRequest, now: Timestamp) -> Result<VerifiedRequest, Refusal>;
    /// Decodes and maps. An error means that not even the event type could be read.
    fn read(&self, request: &VerifiedRequest) -> Result<Reading, Unreadable>;
    /// See [`crate::verify::Verifier::secrets`].
    fn secrets(&self) -> usize;
    /// See [`crate::verify::Verifier::covers`].
    fn covers(&self) -> Coverage;
    /// See [`Provider::acknowledge`].
    fn acknowledge(&self, receipt: &Receipt) -> Reply;
    /// See [`crate::verify::Verifier::sign`].
    fn sign(&self, request: &RawRequest, message_id: &str, now: Timestamp) -> Option<HeaderMap>;
    /// See [`Provider::fetch`].
    fn fetch(&self) -> Option<&dyn Fetch>;
    /// See [`Provider::poll`].
    fn poll(&self) -> Option<&dyn Poll>;
}

impl<P: Provider> DynProvider for P {
    fn kind(&self) -> &'static str {
        P::KIND
    }

    fn event_types(&self) -> &'static [&'static str] {
        P::EVENT_TYPES
    }

    fn shapes(&self) -> Vec<(&'static str, Shape)> {
        P::SHAPES.concat()
    }

    fn statuses(&self) -> &'static [&'static [(&'static str, OrderStatus)]] {
        P::STATUSES
    }

    fn dictionary(&self) -> &'static [u8] {
        P::DICTIONARY
    }

    fn retries(&self) -> Retries {
        P::RETRIES
    }

    fn is_restful(&self) -> bool {
        P::RESTFUL
    }

    fn content_type(&self) -> &'static str {
        P::CONTENT_TYPE
    }

    fn handshake(&self, request: &RawRequest) -> Option<Reply> {
        Provider::handshake(self, request)
    }

    fn verify(&self, request: &RawRequest, now: Timestamp) -> Result<VerifiedRequest, Refusal> {
        VerifiedRequest::prove(request, self.verifier(), P::HEADERS, now)
    }

    fn read(&self, request: &VerifiedRequest) -> Result<Reading, Unreadable> {
        let decoded = self.decode(request)?;
        let told = decoded.payload.and_then(|payload| self.map(payload));
        Ok(Reading {
            event_type: decoded.event_type,
            event_id: decoded.event_id,
            notices: told.map(|told| told.ordered_by(request.received_at())),
        })
    }

    fn secrets(&self) -> usize {
        self.verifier().secrets()
    }

    fn covers(&self) -> Coverage {
        self.verifier().covers()
    }

    fn acknowledge(&self, receipt: &Receipt) -> Reply {
        Provider::acknowledge(self, receipt)
    }

    fn sign(&self, request: &RawRequest, message_id: &str, now: Timestamp) -> Option<HeaderMap> {
        self.verifier().sign(request, message_id, now)
    }

    fn fetch(&self) -> Option<&dyn Fetch> {
        Provider::fetch(self)
    }

    fn poll(&self) -> Option<&dyn Poll> {
        Provider::poll(self)
    }
}

/// An entry in a gateway's list of providers.
#[derive(Clone, Copy, Debug)]
pub struct Registration {
    /// See [`Provider::KIND`].
    pub kind: &'static str,
    /// Builds the provider from what stands under `[plugins.NAME]`, secrets resolved.
    pub build: fn(Value) -> Result<Arc<dyn DynProvider>, ConfigError>,
    /// The JSON Schema of that configuration; what it refers to goes to the generator.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// See [`Provider::demo`].
    pub demo: fn([u8; 32]) -> Demo,
}

impl Registration {
    /// The entry for `P`.
    pub const fn of<P: Provider>() -> Self {
        const { assert!(P::RETRIES.is_sound(), "RETRIES lists one or more 4xx, and no 410") };
        Self { kind: P::KIND, build: build::<P>, schema: P::Config::json_schema, demo: P::demo }
    }
}

fn build<P: Provider>(config: Value) -> Result<Arc<dyn DynProvider>, ConfigError> {
    let config = serde_path_to_error::deserialize(config).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        // An unknown field is quoted from the configuration's keys, which are no secret.
        let problem = if message.starts_with("unknown field `") { message } else { safe(&message) };
        ConfigError::at(if path == "." { String::new() } else { path }, problem)
    })?;
    Ok(Arc::new(P::new(config)?))
}
