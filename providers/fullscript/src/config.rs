//! What an operator writes under `[plugins.NAME]`.

use labgate_core::{Secret, Secrets, verify::Tolerance};
use schemars::JsonSchema;
use serde::Deserialize;

/// An app in one of Fullscript's four environments: each has its own keys and token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Signing keys, the new one first: Fullscript Integrate shows it in the app's webhook
    /// settings as "Fullscript-signature secret key". Rolling it has no overlap, so keep the old
    /// one until it falls silent.
    pub secrets: Secrets,

    /// The "Secret challenge token" of the same page. It goes out to anybody who asks, so it must
    /// not be one of the secrets.
    pub challenge_token: Secret,

    /// How old a signature may be; 5 minutes if it is left out, as Fullscript suggests.
    #[serde(default)]
    pub tolerance: Tolerance,
}
