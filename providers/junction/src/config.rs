//! What an operator writes under `[plugins.NAME]`.

use labgate_core::{Secrets, verify::Tolerance};
use schemars::JsonSchema;
use serde::Deserialize;

/// A Junction team in one environment: each team, environment and endpoint has its own secret.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Signing secrets, the new one first: Junction's dashboard shows them under Webhooks, then
    /// the endpoint, then Signing Secret. After a rotation Junction signs with both for 24 hours.
    pub secrets: Secrets,

    /// How requests are signed.
    #[serde(default)]
    pub signature: Signature,

    /// For `body_hmac`: the header in which your relay signs, `x-hookdeck-signature` for example,
    /// in place of the three that are read otherwise.
    pub signature_header: Option<String>,

    /// For `standard_webhooks`: how old a signature may be; 5 minutes if it is left out. A relay
    /// that holds requests back without signing them anew needs more.
    pub tolerance: Option<Tolerance>,
}

/// How requests are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// As Junction signs: Standard Webhooks in `svix-*` or `webhook-*` headers.
    #[default]
    StandardWebhooks,
    /// HMAC-SHA256 of the body in `x-webhook-signature`, `x-junction-signature` or `x-signature`,
    /// for senders that relay Junction's events. It has no protection against replay but the
    /// archive's dedupe.
    BodyHmac,
}
