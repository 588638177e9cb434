//! Chooses the key by the account that a request claims to come from.

use http::HeaderMap;
use jiff::Timestamp;
use labgate_core::{
    Identifier, RawRequest,
    verify::{BodyHmac, Coverage, Proof, Reason, Refusal, Verifier},
};
use serde::Deserialize;

/// HMAC-SHA256 of the body, under a key of the account that the body names.
#[derive(Debug)]
pub(super) struct PerAccount(Vec<Keyring>);

#[derive(Debug)]
struct Keyring {
    account: String,
    scheme: BodyHmac,
    /// How many secrets stand before these: the operator's metrics count through all accounts.
    before: usize,
}

/// The field that `decode` reads the account from: a claim until the signature fits.
fn claimed_account(body: &[u8]) -> Option<Identifier> {
    #[derive(Deserialize)]
    struct Claim {
        account: Identifier,
    }
    serde_json::from_slice(body).ok().map(|claim: Claim| claim.account)
}

impl PerAccount {
    pub(super) fn new(schemes: Vec<(String, BodyHmac)>) -> Self {
        let keyrings = schemes.into_iter().scan(0, |count, (account, scheme)| {
            let before = *count;
            *count += scheme.secrets();
            Some(Keyring { account, scheme, before })
        });
        Self(keyrings.collect())
    }

    /// Whose keys may prove `body`. One that names no account may be anybody's: `decode` reads
    /// nothing from it, so that it waits in quarantine where it would else be refused and lost.
    fn candidates(&self, body: &[u8]) -> impl Iterator<Item = &Keyring> {
        let claimed = claimed_account(body);
        let may = move |account: &str| claimed.as_ref().is_none_or(|it| it.as_str() == account);
        self.0.iter().filter(move |keyring| may(&keyring.account))
    }
}

impl Verifier for PerAccount {
    fn verify(&self, request: &RawRequest, now: Timestamp) -> Result<Proof, Refusal> {
        let mut refusal = Reason::Mismatch.into();
        for Keyring { scheme, before, .. } in self.candidates(&request.body) {
            match scheme.verify(request, now) {
                Ok(proof) => {
                    return Ok(Proof { secret_index: before + proof.secret_index, ..proof });
                }
                Err(refused) => refusal = refused,
            }
        }
        Err(refusal)
    }

    fn secrets(&self) -> usize {
        self.0.iter().map(|keyring| keyring.scheme.secrets()).sum()
    }

    fn covers(&self) -> Coverage {
        Coverage { body: true, time: false }
    }

    fn sign(&self, request: &RawRequest, message_id: &str, now: Timestamp) -> Option<HeaderMap> {
        let claimed = self.candidates(&request.body).next();
        // Nobody here has the key of an account that is not configured; any shows the refusal.
        claimed.or(self.0.first())?.scheme.sign(request, message_id, now)
    }
}
