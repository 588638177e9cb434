//! A MAC of the body and nothing else.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::{Coverage, Proof, Reason, Refusal, Verifier, keys::Keys};
use crate::{RawRequest, Secret};

/// HMAC-SHA256 of the body in hex or base64, with or without `sha256=`, keyed with the secret's
/// text as it is, in any of several headers.
///
/// It covers neither a time nor an id: a caught request can be sent again for ever, and only the
/// archive's dedupe on the body's hash makes that harmless.
#[derive(Clone, Debug)]
pub struct BodyHmac {
    headers: Vec<HeaderName>,
    keys: Keys,
}

impl BodyHmac {
    /// Reads signatures from each of `headers`, names in lower case; one that fits is enough.
    pub fn new(headers: &[&'static str], secrets: &[Secret]) -> Self {
        Self::of(headers.iter().map(|name| HeaderName::from_static(name)).collect(), secrets)
    }

    /// Reads signatures from `header` alone, which an operator names.
    pub fn in_header(header: HeaderName, secrets: &[Secret]) -> Self {
        Self::of(vec![header], secrets)
    }

    fn of(headers: Vec<HeaderName>, secrets: &[Secret]) -> Self {
        let keys = secrets.iter().map(|secret| secret.expose().as_bytes().to_vec());
        Self { headers, keys: Keys::new(keys) }
    }
}

impl Verifier for BodyHmac {
    fn verify(&self, request: &RawRequest, _now: Timestamp) -> Result<Proof, Refusal> {
        let mut signatures = Vec::new();
        for name in self.headers.iter().filter(|name| request.headers.contains_key(*name)) {
            let text = request.header(name.as_str())?;
            let text = text.strip_prefix("sha256=").unwrap_or(text);
            signatures.extend(hex::decode(text).ok());
            signatures.extend(STANDARD.decode(text).ok());
        }
        if !self.headers.iter().any(|name| request.headers.contains_key(name)) {
            return Err(Reason::MissingHeader.into());
        }
        let secret_index =
            self.keys.matching(&[&request.body], &signatures).ok_or(Reason::Mismatch)?;
        Ok(Proof { secret_index, message_id: None })
    }

    fn secrets(&self) -> usize {
        self.keys.len()
    }

    fn covers(&self) -> Coverage {
        Coverage { body: true, time: false }
    }

    fn sign(&self, request: &RawRequest, _message_id: &str, _now: Timestamp) -> Option<HeaderMap> {
        let header = self.headers.first()?.clone();
        let value = format!("sha256={}", hex::encode(self.keys.sign(&[&request.body])?));
        Some(HeaderMap::from_iter([(header, HeaderValue::try_from(value).ok()?)]))
    }
}
