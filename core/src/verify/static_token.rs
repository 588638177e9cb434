//! A header whose value only the vendor knows.
//!
//! Source: FHIR R4, `Subscription.channel.header`; Health Gorilla, Redox and Docus prove
//! themselves so.

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{Coverage, Proof, Reason, Refusal, Verifier, encoding::after};
use crate::{ConfigError, RawRequest, Secret, Secrets};

/// One of several tokens as the value of a header, bare or after `Bearer` in any case.
///
/// It covers nothing: whoever sees one request can send any other. It is for vendors that offer no
/// more, behind TLS that ends at the gateway's own door.
#[derive(Clone)]
pub struct StaticToken {
    header: HeaderName,
    tokens: Vec<HeaderValue>,
    digests: Vec<[u8; 32]>,
}

/// What may stand before a token; a token is given to the vendor with or without it.
const BEARER: &str = "Bearer ";

impl StaticToken {
    /// Reads the token from `header`. What can't stand in a header is no token.
    pub fn new(header: HeaderName, secrets: &Secrets) -> Result<Self, ConfigError> {
        let tokens = secrets.iter().enumerate().map(|(index, secret)| {
            let refused = |problem: String| ConfigError::at(format!("secrets[{index}]"), problem);
            let text = secret.expose().trim();
            let mut value = HeaderValue::from_str(text)
                .map_err(|_| refused("expected a token of visible ASCII characters".into()))?;
            Secret::check(bare(text).as_bytes()).map_err(|weak| refused(weak.to_string()))?;
            value.set_sensitive(true);
            Ok(value)
        });
        let tokens = tokens.collect::<Result<Vec<_>, ConfigError>>()?;
        let digests = tokens.iter().map(|token| digest(token.to_str().unwrap_or_default()));
        let digests = digests.collect();
        Ok(Self { header, tokens, digests })
    }
}

/// Tokens of any length compare in the same time by their digests.
fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(bare(token)).into()
}

fn bare(token: &str) -> &str {
    after(BEARER, token)
}

impl Verifier for StaticToken {
    fn verify(&self, request: &RawRequest, _now: Timestamp) -> Result<Proof, Refusal> {
        let sent = digest(request.header(self.header.as_str())?);
        let mut matched = None;
        for (index, token) in self.digests.iter().enumerate().rev() {
            if token.ct_eq(&sent).into() {
                matched = Some(index);
            }
        }
        let secret_index = matched.ok_or(Reason::Mismatch)?;
        Ok(Proof { secret_index, message_id: None })
    }

    fn secrets(&self) -> usize {
        self.digests.len()
    }

    fn covers(&self) -> Coverage {
        Coverage { body: false, time: false }
    }

    fn sign(&self, _: &RawRequest, _message_id: &str, _now: Timestamp) -> Option<HeaderMap> {
        let token = self.tokens.first()?.clone();
        Some(HeaderMap::from_iter([(self.header.clone(), token)]))
    }
}

impl std::fmt::Debug for StaticToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "StaticToken({}, {} redacted)", self.header, self.digests.len())
    }
}
