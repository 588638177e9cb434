//! The contract and the vocabulary of Labgate: what a lab provider must offer, and what its
//! webhooks become.
//!
//! A webhook walks one corridor, and the types are its walls:
//!
//! ```text
//! RawRequest ── verify ──▶ VerifiedRequest ── decode ──▶ Payload ── map ──▶ Notices ── merge ──▶ Order, Appointment, Report
//! ```
//!
//! Nothing here does I/O, reads a clock or knows a runtime: bytes, secrets and the time of
//! arrival are arguments. Start reading at [`Provider`].
//!
//! | module | what stands there |
//! | --- | --- |
//! | [`provider`] | the trait that an adapter implements |
//! | [`request`], [`verify`] | a request as it arrived, and as it was proven |
//! | [`decode`] | reading a vendor's JSON without ever repeating its content |
//! | [`notice`] | what a webhook says, in our words |
//! | [`model`] | the unified model, in the words of FHIR R4 |
//! | [`merge`] | how notices become the model, whatever order they come in |
//! | [`errands`] | what a provider asks of its vendor's API afterwards |

pub mod decimal;
pub mod decode;
mod dedupe;
pub mod demo;
pub mod errands;
mod future;
pub mod identifier;
pub mod merge;
pub mod model;
pub mod notice;
pub mod phi;
pub mod provider;
mod reference;
pub mod registration;
pub mod reply;
pub mod request;
pub mod secret;
mod secrets;
pub mod time;
pub mod verify;

/// Crates whose types are part of the contract: a provider that names them through here can't mix
/// versions, and a private one need not depend on them.
pub use async_trait::async_trait;
pub use {bytes, http, jiff};

pub use decimal::Decimal;
pub use dedupe::dedupe_key;
pub use demo::{Demo, DemoWebhook};
pub use identifier::Identifier;
pub use notice::{Notice, Notices};
pub use phi::Phi;
pub use provider::{ConfigError, Decoded, Provider};
pub use reference::Reference;
pub use registration::{DynProvider, Reading, Registration};
pub use reply::{Receipt, Reply, Retries};
pub use request::RawRequest;
pub use secret::{Secret, WeakSecret};
pub use secrets::{NoSecret, Secrets};
pub use verify::VerifiedRequest;
