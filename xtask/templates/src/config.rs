//! What an operator writes under `[plugins.NAME]`.

use labgate_core::Secrets;
use schemars::JsonSchema;
use serde::Deserialize;

/// What one account at Acme is configured by. These comments are the operator's reference.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// «secrets», the new one first: what the vendor calls it, and the page that shows it.
    pub secrets: Secrets,
}
