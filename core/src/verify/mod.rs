//! Who sent this? The only room in which a [`RawRequest`] becomes a [`VerifiedRequest`].
//!
//! The schemes below are reviewed once and shared by every provider. All of them try every
//! secret, compare in constant time, and tell the sender nothing about what failed.

mod body_hmac;
mod encoding;
mod keys;
mod standard_webhooks;
mod static_token;
mod timestamped_hmac;
mod tolerance;

use std::{collections::BTreeSet, fmt::Debug};

use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;

pub use body_hmac::BodyHmac;
pub use encoding::Encoding;
pub use keys::Keys;
pub use standard_webhooks::StandardWebhooks;
pub use static_token::StaticToken;
pub use timestamped_hmac::TimestampedHmac;
pub use tolerance::{NotTolerance, TimeUnit, Tolerance};

use crate::{RawRequest, request::HeaderFault};

/// A way to prove who sent a request.
///
/// # Contract
///
/// Implementors prove the raw bytes before anything parses them, by a key that only the vendor
/// holds or shares with the operator; they try every configured secret and compare in constant
/// time. They read no clock: `now` is an argument. All that a vendor may sign stands in the
/// request: method, path and query as they came over the wire, headers, body. [`Keys`],
/// [`Encoding`] and [`Tolerance`] do what is the same in every scheme of HMAC-SHA256.
///
/// Where each account of a vendor has a key of its own, a verifier may look into the request for
/// the account, to choose the key. It is a claim until the signature fits, and the place that it
/// was read from must be one that [`crate::Provider::decode`] reads it from too: inside the signed
/// bytes, or in a header that is kept. A request that names no account may be tried under every
/// key, so that it is kept in quarantine, if `decode` demands the account.
pub trait Verifier: Debug + Send + Sync {
    /// Proves `request`, or says why it can't be proven.
    fn verify(&self, request: &RawRequest, now: Timestamp) -> Result<Proof, Refusal>;

    /// How many secrets are configured: each has a metric from the start, so that an old one can
    /// be seen to be silent.
    fn secrets(&self) -> usize;

    /// What the proof covers: what it leaves out, whoever catches a request can change.
    fn covers(&self) -> Coverage;

    /// The headers with which the vendor would send `request` now, signed with the first secret;
    /// `None` where only the vendor holds the key. It serves `labgate send`, the demo and tests.
    fn sign(&self, request: &RawRequest, message_id: &str, now: Timestamp) -> Option<HeaderMap>;
}

/// What a proof covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Every byte of the body.
    pub body: bool,
    /// The time of sending, so that a caught request is refused after some minutes. Without it
    /// only the archive's dedupe makes a repetition harmless.
    pub time: bool,
}

impl Coverage {
    /// Body and time.
    pub const FULL: Self = Self { body: true, time: true };
}

/// What a [`Verifier`] found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Which of the configured secrets fits, from 0: operators watch the old one fall silent.
    pub secret_index: usize,
    /// The vendor's id of this message, if the signature covers it; it stays the same when the
    /// vendor sends the message again.
    pub message_id: Option<String>,
}

/// Why a request does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The sender did not prove who it is. The reason is for the operator's metrics only.
    #[error("not proven: {}", .0.label())]
    NotProven(Reason),
    /// The plugin can't verify anybody as it is configured: our fault, not the sender's. The
    /// text is for the operator's log and holds no secret.
    #[error("misconfigured: {0}")]
    Misconfigured(&'static str),
}

/// Why a signature was not accepted; each is the value of a metric label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A header of the scheme is not there.
    MissingHeader,
    /// A header is repeated, or not of the form that the scheme prescribes.
    MalformedHeader,
    /// The time of signing lies further back than the tolerance.
    Stale,
    /// The time of signing lies ahead of our clock by more than the tolerance.
    Future,
    /// No signature is of a version that we know.
    UnknownVersion,
    /// No signature fits any secret.
    Mismatch,
}

impl Reason {
    /// Every reason, so that a dashboard has all its rows before the first forgery.
    pub const ALL: [Self; 6] = [
        Self::MissingHeader,
        Self::MalformedHeader,
        Self::Stale,
        Self::Future,
        Self::UnknownVersion,
        Self::Mismatch,
    ];

    /// The metric label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::MissingHeader => "missing_header",
            Self::MalformedHeader => "malformed_header",
            Self::Stale => "stale",
            Self::Future => "future",
            Self::UnknownVersion => "unknown_version",
            Self::Mismatch => "mismatch",
        }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::NotProven(reason)
    }
}

impl From<HeaderFault> for Refusal {
    fn from(fault: HeaderFault) -> Self {
        Self::NotProven(match fault {
            HeaderFault::Missing => Reason::MissingHeader,
            HeaderFault::Malformed => Reason::MalformedHeader,
        })
    }
}

/// A request whose sender is proven: the only thing that a provider can decode.
///
/// There is no way to one but a [`Verifier`], or the archive that kept one:
///
/// ```compile_fail
/// use labgate_core::{Provider, RawRequest};
///
/// fn skip<P: Provider>(provider: &P, request: &RawRequest) {
///     let _ = provider.decode(request); // a RawRequest is not a VerifiedRequest
/// }
/// ```
///
/// ```compile_fail
/// # use labgate_core::VerifiedRequest;
/// let forged = VerifiedRequest { body: Default::default(), ..todo!() }; // its fields are private
/// ```
#[derive(Clone)]
pub struct VerifiedRequest {
    body: Bytes,
    headers: HeaderMap,
    proof: Proof,
    received_at: Timestamp,
}

impl VerifiedRequest {
    /// Headers that are kept for every provider.
    const ALWAYS_KEPT: [&str; 2] = ["content-type", "user-agent"];

    /// Lets `verifier` prove `request` at `now`, and keeps its body and the headers in `kept`.
    ///
    /// Other headers are dropped here, so that decoding a kept webhook again sees exactly what
    /// decoding it the first time saw.
    pub fn prove(
        request: &RawRequest,
        verifier: &dyn Verifier,
        kept: &[&str],
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let proof = verifier.verify(request, now)?;
        let mut headers = HeaderMap::new();
        let names: BTreeSet<&str> = Self::ALWAYS_KEPT.iter().chain(kept).copied().collect();
        for name in names {
            for value in request.headers.get_all(name) {
                let name: http::HeaderName = name.parse().expect("kept headers have valid names");
                headers.append(name, value.clone());
            }
        }
        // Archives count microseconds; what is read again must carry the very same time.
        let received_at = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        Ok(Self { body: request.body.clone(), headers, proof, received_at })
    }

    /// A request that was proven before, out of the archive that kept it.
    ///
    /// Only the store may call this: it vouches that the bytes passed [`Self::prove`].
    pub fn from_archive(
        body: Bytes,
        headers: HeaderMap,
        proof: Proof,
        received_at: Timestamp,
    ) -> Self {
        Self { body, headers, proof, received_at }
    }

    /// The body as received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The headers that were kept.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How the sender was proven.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// When the request arrived: the time of notices whose vendor gives none.
    pub fn received_at(&self) -> Timestamp {
        self.received_at
    }
}

impl Debug for VerifiedRequest {
    /// Leaves out the body: it holds a patient.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("VerifiedRequest")
            .field("body_bytes", &self.body.len())
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}
