//! Who may read what.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpMessage as _, HttpRequest, http::header};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{endpoint::Endpoint, error::ApiError, trace::Caller};
use crate::config::{Key, Scope};

/// The keys to the API, by what is left of their tokens.
pub struct Keyring(Vec<(Arc<str>, [u8; 32], Vec<Scope>)>);

impl Keyring {
    /// Takes the keys of a configuration.
    pub fn new(keys: BTreeMap<String, Key>) -> Self {
        let held =
            |(name, key): (String, Key)| (name.into(), fingerprint(key.token.expose()), key.scopes);
        Self(keys.into_iter().map(held).collect())
    }

    /// Lets `request` through to `endpoint`, if its token opens it, and notes whose token it is.
    pub(super) fn admit(&self, request: &HttpRequest, endpoint: &Endpoint) -> Result<(), ApiError> {
        let token = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| fingerprint(token.trim()))
            .ok_or(ApiError::Unauthorized)?;
        // Fingerprints are compared, each of them, in constant time.
        let mut found = None;
        for (name, known, scopes) in &self.0 {
            if known.ct_eq(&token).into() {
                found = Some((name, scopes));
            }
        }
        let (name, scopes) = found.ok_or(ApiError::Unauthorized)?;
        request.extensions_mut().insert(Caller(name.clone()));
        if scopes.contains(&endpoint.scope) {
            Ok(())
        } else {
            Err(ApiError::Forbidden(endpoint.scope))
        }
    }
}

fn fingerprint(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
