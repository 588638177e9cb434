//! How Acme signs: HMAC-SHA256 in hex over `time.id.body`, with `T=` before the time.

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use labgate_core::{
    Provider as _, RawRequest, Secret,
    verify::{Coverage, Proof, Reason, Refusal, Verifier},
};
use sha2::Sha256;

use super::Acme;
use crate::faults::Fault;

#[derive(Debug)]
pub(crate) struct Scheme<const F: u8> {
    secrets: Vec<String>,
    pub(crate) secret: String,
}

impl<const F: u8> Scheme<F> {
    pub(crate) fn new(secrets: &[Secret]) -> Self {
        let secrets: Vec<_> = secrets.iter().map(|secret| secret.expose().to_owned()).collect();
        Self { secret: secrets.first().cloned().unwrap_or_default(), secrets }
    }

    fn signed(time: &str, id: &str, body: &[u8]) -> Vec<u8> {
        let end = body.len() - usize::from(Fault::IgnoresTheLastByte.is(F) && !body.is_empty());
        let body = if Fault::DeniesTheBody.is(F) { body } else { &body[..end] };
        [time.as_bytes(), b".", id.as_bytes(), b".", body].concat()
    }
}

impl<const F: u8> Verifier for Scheme<F> {
    fn verify(&self, request: &RawRequest, now: Timestamp) -> Result<Proof, Refusal> {
        let mut text = request.header("acme-signature")?.to_owned();
        if Fault::ReadsHeadersLoosely.is(F) {
            text = text.to_lowercase().replacen("t=", "T=", 1);
        }
        let id = request.header("acme-id")?;
        let (time, signature) = text
            .strip_prefix("T=")
            .and_then(|text| text.split_once(','))
            .ok_or(Reason::MalformedHeader)?;
        let at: i64 = time.parse().map_err(|_| Reason::MalformedHeader)?;
        if (at - now.as_second()).abs() > 300 && !Fault::IgnoresTheTime.is(F) {
            return Err(Reason::Stale.into());
        }
        let signed = Self::signed(time, id, &request.body);
        let fits = |secret: &String| hex::encode(mac(secret, &signed)) == signature;
        let mut known = self.secrets.clone();
        if Fault::TakesTheFirstSecretOnly.is(F) {
            known.truncate(1);
        }
        if Fault::TakesAStranger.is(F) {
            let left_in =
                Acme::<F>::demo(std::array::from_fn(|index| 201 + u8::try_from(index).unwrap()));
            known.push(left_in.config["secrets"][0].as_str().unwrap().into());
        }
        let secret_index = known.iter().position(fits).ok_or(Reason::Mismatch)?;
        let message_id = match F {
            _ if Fault::OneKeyForAll.is(F) => "acme",
            _ if Fault::AnotherKeyEachTime.is(F) => time,
            _ => id,
        };
        Ok(Proof { secret_index, message_id: Some(message_id.into()) })
    }

    fn secrets(&self) -> usize {
        self.secrets.len()
    }

    fn covers(&self) -> Coverage {
        Coverage { body: !Fault::DeniesTheBody.is(F), time: !Fault::DeniesTheTime.is(F) }
    }

    fn sign(&self, request: &RawRequest, id: &str, now: Timestamp) -> Option<HeaderMap> {
        let time = now.as_second().to_string();
        let mac = mac(self.secrets.first()?, &Self::signed(&time, id, &request.body));
        let value = |text: String| HeaderValue::try_from(text).ok();
        Some(HeaderMap::from_iter([
            ("acme-signature".parse().ok()?, value(format!("T={time},{}", hex::encode(mac)))?),
            ("acme-id".parse().ok()?, value(id.into())?),
        ]))
    }
}

pub(crate) fn mac(secret: &str, signed: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed);
    mac.finalize().into_bytes().to_vec()
}

/// A query's value as it was meant.
pub(crate) fn decoded(text: &str) -> Vec<u8> {
    hex::decode(text.replace('%', "")).unwrap_or_else(|_| text.into())
}
