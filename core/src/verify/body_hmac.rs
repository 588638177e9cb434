//! A MAC of the body and nothing else.

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::{Coverage, Encoding, Keys, Proof, Reason, Refusal, Verifier, encoding::after};
use crate::RawRequest;

/// HMAC-SHA256 of the body in hex or base64, with or without a word before it, in any of several
/// headers. Keys are the secrets' text as it is, unless [`Keys::decoded`] made them.
///
/// It covers neither a time nor an id: a caught request can be sent again for ever, and only the
/// archive's dedupe on the body's hash makes that harmless.
#[derive(Clone, Debug)]
pub struct BodyHmac {
    headers: Vec<HeaderName>,
    word: &'static str,
    encoding: Encoding,
    keys: Keys,
}

impl BodyHmac {
    /// Reads signatures from each of `headers`, names in lower case; one that fits is enough.
    pub fn new(headers: &[&'static str], keys: impl Into<Keys>) -> Self {
        let headers = headers.iter().map(|name| HeaderName::from_static(name)).collect();
        Self::of(headers, keys.into())
    }

    /// Reads signatures from `header` alone, which an operator names.
    pub fn in_header(header: HeaderName, keys: impl Into<Keys>) -> Self {
        Self::of(vec![header], keys.into())
    }

    fn of(headers: Vec<HeaderName>, keys: Keys) -> Self {
        Self { headers, word: "sha256=", encoding: Encoding::Hex, keys }
    }

    /// The same with `word` before the MAC in place of `sha256=`, up to the MAC's first character:
    /// `HMAC-SHA256 ` ends in a space, and is then known in any case. It may be absent.
    #[must_use]
    pub fn after(self, word: &'static str) -> Self {
        Self { word, ..self }
    }

    /// The same for a vendor that writes the MAC so. It decides what is written; either encoding
    /// is read, since no text is the MAC of one body in hex and of another in base64.
    #[must_use]
    pub fn written_in(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }
}

impl Verifier for BodyHmac {
    fn verify(&self, request: &RawRequest, _now: Timestamp) -> Result<Proof, Refusal> {
        let mut signatures = Vec::new();
        for name in self.headers.iter().filter(|name| request.headers.contains_key(*name)) {
            let text = after(self.word, request.header(name.as_str())?);
            let encodings = [Encoding::Hex, Encoding::Base64];
            signatures.extend(encodings.iter().filter_map(|encoding| encoding.decode(text)));
        }
        if !self.headers.iter().any(|name| request.headers.contains_key(name)) {
            return Err(Reason::MissingHeader.into());
        }
        let secret_index =
            self.keys.matching(&[&request.body], &signatures).ok_or(Reason::Mismatch)?;
        Ok(Proof { secret_index, message_id: None })
    }

    fn secrets(&self) -> usize {
        self.keys.count()
    }

    fn covers(&self) -> Coverage {
        Coverage { body: true, time: false }
    }

    fn sign(&self, request: &RawRequest, _message_id: &str, _now: Timestamp) -> Option<HeaderMap> {
        let header = self.headers.first()?.clone();
        let mac = self.encoding.encode(&self.keys.sign(&[&request.body]));
        let value = HeaderValue::try_from(format!("{}{mac}", self.word)).ok()?;
        Some(HeaderMap::from_iter([(header, value)]))
    }
}
