//! What an operator writes under `[plugins.NAME]`.

use labgate_core::{
    Secret, Secrets,
    verify::{TimeUnit, Tolerance},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// An account of Terra Vantage in one environment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Signing secrets, the new one first: the secret of your Terra account, which Terra gives you
    /// when Vantage is set up.
    pub secrets: Secrets,

    /// What the time in the signature counts.
    #[serde(default)]
    pub signature_time: SignatureTime,

    /// How old a signature may be; 5 minutes if it is left out.
    #[serde(default)]
    pub tolerance: Tolerance,

    /// Access to the Vantage API, from which results are fetched. Without it they are not.
    pub api: Option<Access>,
}

/// What the time in the signature counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignatureTime {
    /// Seconds since 1970, as Terra documents it.
    #[default]
    Seconds,
    /// Milliseconds since 1970, as older pages of Terra's have it.
    Milliseconds,
}

impl From<SignatureTime> for TimeUnit {
    fn from(time: SignatureTime) -> Self {
        match time {
            SignatureTime::Seconds => Self::Seconds,
            SignatureTime::Milliseconds => Self::Milliseconds,
        }
    }
}

/// Access to the Vantage API, with the credentials of all of Terra's APIs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// The `dev-id` that Terra's dashboard shows.
    pub dev_id: String,

    /// The API key beside it.
    pub key: Secret,

    /// Where the API is: `https://vantage-sandbox.tryterra.co` for the sandbox.
    #[serde(default = "production")]
    pub base_url: String,
}

fn production() -> String {
    "https://vantage.tryterra.co".into()
}
