//! Tokens that a vendor hands out, kept between errands.

use async_trait::async_trait;

use crate::Secret;

/// A small store for the tokens of one plugin, sealed, that all its errands on all gateways share.
///
/// What is kept for an account is one text in a form that the adapter chooses: an access token with
/// the time when it ends, and the refresh tokens that may still be good. `account` is the vendor's
/// word for the account (Fullscript: the clinic), or empty where the plugin has only one.
///
/// # Contract
///
/// 1. [`read`](Self::read) what is kept, and use it while it lasts; a token is not asked for anew
///    for each errand.
/// 2. Once it has ended, or the vendor refuses it, [`lease`](Self::lease) the account. If what the
///    lease [`holds`](SessionLease::tokens) differs from what was read, another errand has renewed
///    it: drop the lease and go on with that.
/// 3. Otherwise ask the vendor, and [`replace`](SessionLease::replace) before the first use of the
///    answer: a token that was used and not kept locks the operator out. The old refresh token
///    stays in the text until the new one was good once, since the answer may have been lost.
/// 4. Where the vendor takes none of them any more, the errand ends in
///    [`super::ErrandError::NotConnected`].
#[async_trait]
pub trait Session: Send + Sync {
    /// What was last kept for `account`; `None` if nothing ever was.
    async fn read(&self, account: &str) -> Result<Option<Secret>, SessionAway>;

    /// Waits until no other errand holds the lease of `account`, on whichever gateway. It ends when
    /// it is dropped, and by itself when its holder is gone.
    async fn lease(&self, account: &str) -> Result<Box<dyn SessionLease + '_>, SessionAway>;
}

/// The sole right to renew the tokens of an account.
#[async_trait]
pub trait SessionLease: Send + Sync {
    /// What is kept now, read under the lease.
    fn tokens(&self) -> Option<&Secret>;

    /// Keeps `tokens` in place of what was kept. They are on disk when it returns. It fails, and
    /// changes nothing, if the lease has ended meanwhile.
    async fn replace(&mut self, tokens: Secret) -> Result<(), SessionAway>;
}

/// The session's store does not answer, or not in time, or the lease has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session can't be read or kept")]
pub struct SessionAway;
