//! HMAC-SHA256 under any of several secrets.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// The keys of a plugin, the one to sign with first.
#[derive(Clone)]
pub(super) struct Keys(Vec<Hmac<Sha256>>);

impl Keys {
    pub(super) fn new(keys: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let hmac =
            |key: Vec<u8>| Hmac::new_from_slice(&key).expect("HMAC takes a key of any length");
        Self(keys.into_iter().map(hmac).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The MAC of the joined `parts` under the first key.
    pub(super) fn sign(&self, parts: &[&[u8]]) -> Option<[u8; 32]> {
        self.0.first().map(|key| mac(key, parts))
    }

    /// The index of the first key under which one of `signatures` is the MAC of the joined
    /// `parts`. Every key meets every signature, whatever matched before, so the time taken
    /// tells nothing.
    pub(super) fn matching(&self, parts: &[&[u8]], signatures: &[Vec<u8>]) -> Option<usize> {
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
