//! FHIR: orders and results of any server that speaks FHIR R4, sent by its Subscriptions.
//!
//! Facts come from HL7's pages (hl7.org/fhir/R4/subscription.html, http.html, search.html), Health
//! Gorilla's ("Create a Subscription") and Medplum's ("Subscription Extensions"). What resources
//! say is read by [`labgate_fhir_r4`]. README.md lists resources and quirks.

mod config;
mod demo;
mod fetch;
mod payload;

pub use config::{Config, SenderProof, ServerAccess};
use fetch::Server;
use http::{HeaderName, header::AUTHORIZATION};
use labgate_core::{
    ConfigError, Decoded, Demo, Notices, Provider, Retries, VerifiedRequest,
    decode::{Shape, Unreadable},
    errands::Fetch,
    model::OrderStatus,
    verify::{BodyHmac, StaticToken, Verifier},
};
pub use payload::Payload;

/// The provider `fhir`.
#[derive(Debug)]
pub struct Fhir {
    verifier: Box<dyn Verifier>,
    server: Option<Server>,
}

impl Fhir {
    /// Source: hl7.org/fhir/R4/json.html.
    const MEDIA_TYPE: &'static str = "application/fhir+json";
}

impl Provider for Fhir {
    const KIND: &'static str = "fhir";

    /// HAPI, for one, delivers as to a FHIR server: `PUT ENDPOINT/Observation/7`.
    const RESTFUL: bool = true;

    /// Types of resources that a Subscription about labs may send; the first ones say something. Others are no drift if FHIR R4 has them, and are counted together. Source: hl7.org/fhir/R4/resourcelist.html; SubscriptionStatus is the R5
    /// backport's.
    const EVENT_TYPES: &'static [&'static str] = &[
        "Appointment",
        "Bundle",
        "DiagnosticReport",
        "Observation",
        "ServiceRequest",
        "AppointmentResponse",
        "Binary",
        "Coverage",
        "DocumentReference",
        "Encounter",
        "Location",
        "OperationOutcome",
        "Organization",
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "Provenance",
        "RequestGroup",
        "Specimen",
        "Subscription",
        "SubscriptionStatus",
        "Task",
    ];

    /// Health Gorilla tries again every 15 minutes; Medplum as often as the extension
    /// `subscription-max-attempts` says; FHIR itself leaves it open.
    const RETRIES: Retries = Retries::AfterAnyFailure;

    const CONTENT_TYPE: &'static str = Self::MEDIA_TYPE;

    const SHAPES: &'static [&'static [(&'static str, Shape)]] = &[labgate_fhir_r4::SHAPES];

    const STATUSES: &'static [&'static [(&'static str, OrderStatus)]] =
        &[labgate_fhir_r4::ORDER_STATUSES];

    type Config = Config;
    type Payload = Payload;

    fn new(config: Config) -> Result<Self, ConfigError> {
        let verifier: Box<dyn Verifier> = match (config.signature, config.header) {
            (SenderProof::StaticToken, header) => {
                let header = header.map_or(Ok(AUTHORIZATION), HeaderName::try_from);
                let header = header
                    .map_err(|_| ConfigError::at("header", "expected the name of a header"))?;
                Box::new(StaticToken::new(header, &config.secrets)?)
            }
            // Source: Medplum, "Subscription Extensions".
            (SenderProof::BodyHmac, None) => {
                Box::new(BodyHmac::new(&["x-signature"], &config.secrets))
            }
            (SenderProof::BodyHmac, Some(_)) => {
                return Err(ConfigError::at("header", "expected only with static_token"));
            }
        };
        Ok(Self { verifier, server: config.api.map(Server::new).transpose()? })
    }

    fn verifier(&self) -> &dyn Verifier {
        self.verifier.as_ref()
    }

    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<Payload>, Unreadable> {
        payload::decode(request)
    }

    fn map(&self, payload: Payload) -> Result<Notices, Unreadable> {
        payload.notices()
    }

    fn fetch(&self) -> Option<&dyn Fetch> {
        self.server.as_ref().map(|server| server as &dyn Fetch)
    }

    fn demo(key: [u8; 32]) -> Demo {
        demo::demo(&key)
    }
}
