//! The schemes that a new provider can start with, and the places of the templates that differ.

use clap::ValueEnum;

/// How the vendor proves who sent a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Signature {
    /// Svix and its like: an id, a time and `v1,` signatures in three headers
    StandardWebhooks,
    /// One header of the form `t=…,v1=…`, as Stripe's
    TimestampedHmac,
    /// A MAC of the body alone, in one header
    BodyHmac,
    /// A header with a token that only the vendor knows
    StaticToken,
}

impl Signature {
    /// What stands in the places of the templates that depend on it.
    pub(crate) const fn places(self) -> [(&'static str, &'static str); 5] {
        match self {
            Self::StandardWebhooks => [
                ("«verifier»", "StandardWebhooks"),
                ("«new»", " StandardWebhooks::new(&config.secrets)?"),
                ("«secrets»", "Signing secrets (`whsec_…`)"),
                ("«secret»", "labgate_core::verify::StandardWebhooks::secret_of(key)"),
                ("«quirk»", "The signature covers id, time and body."),
            ],
            Self::TimestampedHmac => [
                ("«verifier»", "TimestampedHmac"),
                ("«new»", " TimestampedHmac::new(\"acme-signature\", &config.secrets)"),
                ("«secrets»", "Signing keys"),
                ("«secret»", HEX),
                ("«quirk»", "The signature covers time and body."),
            ],
            Self::BodyHmac => [
                ("«verifier»", "BodyHmac"),
                ("«new»", " BodyHmac::new(&[\"acme-signature\"], &config.secrets)"),
                ("«secrets»", "Signing keys"),
                ("«secret»", HEX),
                ("«quirk»", "The signature covers the body and no time: it never grows old."),
            ],
            Self::StaticToken => [
                ("«verifier»", "StaticToken"),
                (
                    "«new»",
                    "\n            StaticToken::new(labgate_core::http::header::AUTHORIZATION, &config.secrets)?",
                ),
                ("«secrets»", "Tokens"),
                ("«secret»", HEX),
                ("«quirk»", "The token covers nothing: whoever sees a request can send any other."),
            ],
        }
    }
}

const HEX: &str = "labgate_core::verify::Encoding::Hex.encode(key)";
