//! HMAC-SHA256 under any of several secrets.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use crate::{ConfigError, Secret, Secrets};

/// The keys of a plugin, at least one and the one to sign with first: what a [`super::Verifier`] of
/// your own is built on, so that it need not repeat rotation and comparison in constant time.
#[derive(Clone)]
pub struct Keys(Vec<Hmac<Sha256>>);

impl From<&Secrets> for Keys {
    /// Keys that are the secrets' text as it is.
    fn from(secrets: &Secrets) -> Self {
        Self(secrets.iter().map(|secret| hmac(secret.expose().as_bytes())).collect())
    }
}

impl Keys {
    /// Keys that the secrets encode: `key_of` decodes one, and `expected` words the error of a
    /// secret that it can't decode. A key that can be guessed is refused too. Errors name the
    /// place of the secret below `secrets`.
    pub fn decoded(
        secrets: &Secrets,
        key_of: impl Fn(&str) -> Option<Vec<u8>>,
        expected: &str,
    ) -> Result<Self, ConfigError> {
        let keys = secrets.iter().enumerate().map(|(index, secret)| {
            let refused = |problem: String| ConfigError::at(format!("secrets[{index}]"), problem);
            let key = key_of(secret.expose()).ok_or_else(|| refused(expected.into()))?;
            Secret::check(&key).map_err(|weak| refused(weak.to_string()))?;
            Ok(hmac(&key))
        });
        Ok(Self(keys.collect::<Result<_, ConfigError>>()?))
    }

    /// How many there are: what [`super::Verifier::secrets`] returns.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The MAC of the joined `parts` under the first key.
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(self.0.first().expect("secrets are at least one"), parts)
    }

    /// The index of the first key under which one of `signatures` is the MAC of the joined
    /// `parts`. Every key meets every signature, whatever matched before, so the time taken
    /// tells nothing.
    pub fn matching(&self, parts: &[&[u8]], signatures: &[Vec<u8>]) -> Option<usize> {
        let mut matched = None;
        for (index, key) in self.0.iter().enumerate().rev() {
            let expected = mac(key, parts);
            let hit = signatures
                .iter()
                .fold(Choice::from(0), |hit, signature| hit | expected.ct_eq(signature));
            if hit.into() {
                matched = Some(index);
            }
        }
        matched
    }
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn mac(key: &Hmac<Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = key.clone();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Keys({} redacted)", self.0.len())
    }
}
