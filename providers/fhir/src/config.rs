//! What an operator writes under `[plugins.NAME]`.

use labgate_core::{Secret, Secrets};
use schemars::JsonSchema;
use serde::Deserialize;

/// Subscriptions of one FHIR server that share their secrets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What the server proves itself by, the new one first. You make it up yourself: it is the
    /// value of the header in `Subscription.channel.header`, or the value of Medplum's extension
    /// `subscription-secret`.
    pub secrets: Secrets,

    /// How the server proves itself. There is no default: FHIR asks for no proof at all.
    pub signature: SenderProof,

    /// For `static_token`: the header that carries the token; `authorization` if it is left out.
    pub header: Option<String>,

    /// The server itself, where webhooks don't hold all results of a report.
    pub api: Option<ServerAccess>,
}

/// How the server proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SenderProof {
    /// A header with a token, as registered in `Subscription.channel.header`: Health Gorilla and
    /// any FHIR server. The token covers nothing: whoever sees a request can send any other.
    StaticToken,
    /// Medplum's `X-Signature`: HMAC-SHA256 of the body. It has no protection against replay but
    /// the archive's dedupe.
    BodyHmac,
}

/// Access to the server's REST API.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerAccess {
    /// What stands before `/DiagnosticReport` in its addresses; `https` only, since the token goes
    /// there.
    pub base_url: String,

    /// A bearer token that may read DiagnosticReport, Observation and ServiceRequest.
    pub token: Secret,
}
