//! `t=<unix time>,v1=<hex>`: a header that carries the time and the MAC together.
//!
//! Source: fullscript.dev, "Webhook security"; Terra's and Stripe's scheme is the same.

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::{Coverage, Keys, Proof, Reason, Refusal, TimeUnit, Tolerance, Verifier};
use crate::RawRequest;

/// HMAC-SHA256 in hex over `{t}.{body}`. Keys are the secrets' text as it is, unless
/// [`Keys::decoded`] made them.
#[derive(Clone, Debug)]
pub struct TimestampedHmac {
    header: &'static str,
    unit: TimeUnit,
    tolerance: Tolerance,
    keys: Keys,
}

impl TimestampedHmac {
    /// Reads the signature from `header`, a name in lower case; its time is in seconds.
    pub fn new(header: &'static str, keys: impl Into<Keys>) -> Self {
        let (unit, tolerance) = (TimeUnit::default(), Tolerance::default());
        Self { header, unit, tolerance, keys: keys.into() }
    }

    /// The same with times in `unit`.
    #[must_use]
    pub fn counting(self, unit: TimeUnit) -> Self {
        Self { unit, ..self }
    }

    /// The same for signatures of another age.
    #[must_use]
    pub fn within(self, tolerance: Tolerance) -> Self {
        Self { tolerance, ..self }
    }
}

impl Verifier for TimestampedHmac {
    /// Fields may come in any order, with spaces around them, `v1` several times (rotation) and
    /// unknown ones among them; `t` exactly once, since it is signed.
    fn verify(&self, request: &RawRequest, now: Timestamp) -> Result<Proof, Refusal> {
        let mut time = None;
        let mut signatures = Vec::new();
        for field in request.header(self.header)?.split(',') {
            match field.trim().split_once('=') {
                Some(("t", text)) if time.is_none() => time = Some(text),
                Some(("t", _)) | None => return Err(Reason::MalformedHeader.into()),
                Some(("v1", hex)) => signatures.push(hex),
                Some(_) => {}
            }
        }
        let time = time.ok_or(Reason::MalformedHeader)?;
        self.tolerance.check(time, self.unit, now)?;
        if signatures.is_empty() {
            return Err(Reason::UnknownVersion.into());
        }
        let decoded: Vec<Vec<u8>> =
            signatures.into_iter().filter_map(|text| hex::decode(text).ok()).collect();
        let signed = [time.as_bytes(), b".", &request.body];
        let secret_index = self.keys.matching(&signed, &decoded).ok_or(Reason::Mismatch)?;
        Ok(Proof { secret_index, message_id: None })
    }

    fn secrets(&self) -> usize {
        self.keys.count()
    }

    fn covers(&self) -> Coverage {
        Coverage::FULL
    }

    fn sign(&self, request: &RawRequest, _message_id: &str, now: Timestamp) -> Option<HeaderMap> {
        let time = self.unit.text(now);
        let mac = self.keys.sign(&[time.as_bytes(), b".", &request.body]);
        let value = format!("t={time},v1={}", hex::encode(mac));
        let header = HeaderName::from_static(self.header);
        Some(HeaderMap::from_iter([(header, HeaderValue::try_from(value).ok()?)]))
    }
}
