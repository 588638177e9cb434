//! Standard Webhooks, the scheme of Svix and so of Junction.
//!
//! Source: the Standard Webhooks specification, "Signature scheme"; Svix documentation,
//! "Verifying webhooks manually".

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::{Coverage, Encoding, Keys, Proof, Reason, Refusal, TimeUnit, Tolerance, Verifier};
use crate::{ConfigError, RawRequest, Secrets};

/// `v1,` and the base64 of HMAC-SHA256 over `{id}.{timestamp}.{body}`; any of several
/// space-separated signatures, under any of several `whsec_` secrets.
#[derive(Clone, Debug)]
pub struct StandardWebhooks {
    tolerance: Tolerance,
    keys: Keys,
}

/// What a secret starts with.
const PREFIX: &str = "whsec_";

/// Header names by family: Svix's own first, then the specification's.
const FAMILIES: [[&str; 3]; 2] = [
    ["svix-id", "svix-timestamp", "svix-signature"],
    ["webhook-id", "webhook-timestamp", "webhook-signature"],
];

impl StandardWebhooks {
    /// Takes secrets as the vendor's dashboard shows them: base64, with or without `whsec_`, and
    /// with or without padding, which the vendors' own libraries don't demand.
    pub fn new(secrets: &Secrets) -> Result<Self, ConfigError> {
        let keys = Keys::decoded(secrets, Self::key_of, "expected `whsec_` and base64")?;
        Ok(Self { tolerance: Tolerance::default(), keys })
    }

    /// The same for signatures of another age.
    #[must_use]
    pub fn within(self, tolerance: Tolerance) -> Self {
        Self { tolerance, ..self }
    }

    /// The key that `secret` encodes; `None` if it encodes none.
    pub fn key_of(secret: &str) -> Option<Vec<u8>> {
        let text = secret.trim();
        Encoding::Base64.decode(text.strip_prefix(PREFIX).unwrap_or(text))
    }

    /// A secret for tests and the demo: `whsec_` and the base64 of `key`.
    pub fn secret_of(key: &[u8]) -> String {
        format!("{PREFIX}{}", Encoding::Base64.encode(key))
    }
}

impl Verifier for StandardWebhooks {
    fn verify(&self, request: &RawRequest, now: Timestamp) -> Result<Proof, Refusal> {
        let [id, timestamp, signature] = FAMILIES
            .into_iter()
            .find(|[id, ..]| request.headers.contains_key(*id))
            .ok_or(Reason::MissingHeader)?;
        let (id, timestamp) = (request.header(id)?, request.header(timestamp)?);
        let signatures = request.header(signature)?;
        if id.is_empty() {
            return Err(Reason::MalformedHeader.into());
        }
        self.tolerance.check(timestamp, TimeUnit::Seconds, now)?;

        let known: Vec<&str> =
            signatures.split(' ').filter_map(|entry| entry.strip_prefix("v1,")).collect();
        if known.is_empty() {
            return Err(Reason::UnknownVersion.into());
        }
        let decoded: Vec<Vec<u8>> =
            known.into_iter().filter_map(|text| Encoding::Base64.decode(text)).collect();
        let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", &request.body];
        let secret_index = self.keys.matching(&signed, &decoded).ok_or(Reason::Mismatch)?;
        Ok(Proof { secret_index, message_id: Some(id.into()) })
    }

    fn secrets(&self) -> usize {
        self.keys.count()
    }

    fn covers(&self) -> Coverage {
        Coverage::FULL
    }

    fn sign(&self, request: &RawRequest, message_id: &str, now: Timestamp) -> Option<HeaderMap> {
        let timestamp = now.as_second().to_string();
        let mac = self.keys.sign(&[
            message_id.as_bytes(),
            b".",
            timestamp.as_bytes(),
            b".",
            &request.body,
        ]);
        let values =
            [message_id.into(), timestamp, format!("v1,{}", Encoding::Base64.encode(&mac))];
        FAMILIES[0]
            .into_iter()
            .zip(values)
            .map(|(name, value)| {
                Some((HeaderName::from_static(name), HeaderValue::try_from(value).ok()?))
            })
            .collect()
    }
}
