//! Tokens as a script keeps them: in memory, for one errand at a time.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use labgate_core::{
    Secret,
    errands::{Client, ErrandContext, Session, SessionAway, SessionLease},
};

use crate::ARRIVAL;

/// What is kept for each account.
#[derive(Debug, Default)]
pub(crate) struct ScriptedSession(Mutex<BTreeMap<String, Secret>>);

impl ScriptedSession {
    /// Keeps `texts`, by account.
    pub(crate) fn holding(texts: &BTreeMap<String, String>) -> Self {
        let tokens = texts.iter().map(|(account, text)| {
            let token =
                Secret::new(text.clone()).expect("a script keeps tokens of 8 bytes or more");
            (account.clone(), token)
        });
        Self(Mutex::new(tokens.collect()))
    }

    /// What an errand is lent: this, and `client`.
    pub(crate) fn with<'a>(&'a self, client: &'a dyn Client) -> ErrandContext<'a> {
        ErrandContext { client, session: self, now: ARRIVAL }
    }

    /// What is kept now, by account.
    pub(crate) fn kept(&self) -> BTreeMap<String, String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().map(|(account, token)| (account.clone(), token.expose().into())).collect()
    }

    fn of(&self, account: &str) -> Option<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }
}

#[async_trait]
impl Session for ScriptedSession {
    async fn read(&self, account: &str) -> Result<Option<Secret>, SessionAway> {
        Ok(self.of(account))
    }

    async fn lease(&self, account: &str) -> Result<Box<dyn SessionLease + '_>, SessionAway> {
        let (tokens, account) = (self.of(account), account.to_owned());
        Ok(Box::new(Lease { session: self, account, tokens }))
    }
}

struct Lease<'a> {
    session: &'a ScriptedSession,
    account: String,
    tokens: Option<Secret>,
}

#[async_trait]
impl SessionLease for Lease<'_> {
    fn tokens(&self) -> Option<&Secret> {
        self.tokens.as_ref()
    }

    async fn replace(&mut self, tokens: Secret) -> Result<(), SessionAway> {
        self.tokens = Some(tokens.clone());
        let mut kept = self.session.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(self.account.clone(), tokens);
        Ok(())
    }
}

/// What an errand is lent in a test of a provider without tokens: `client`, at [`ARRIVAL`].
pub fn lent(client: &dyn Client) -> ErrandContext<'_> {
    ErrandContext { client, session: &NoSession, now: ARRIVAL }
}

/// A session that holds nothing and keeps nothing.
struct NoSession;

#[async_trait]
impl Session for NoSession {
    async fn read(&self, _account: &str) -> Result<Option<Secret>, SessionAway> {
        Ok(None)
    }

    async fn lease(&self, _account: &str) -> Result<Box<dyn SessionLease + '_>, SessionAway> {
        Err(SessionAway)
    }
}
