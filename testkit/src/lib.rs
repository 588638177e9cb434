//! What every provider must be able to show, whatever its vendor. One line in a provider's
//! `tests/suite/` makes a test of each check:
//!
//! ```text
//! labgate_testkit::conformance!(Acme);
//! ```
//!
//! A check is a function that takes a [`Subject`] and panics with the reason if it does not hold.
//! It needs nothing but the provider, its `README.md` and its `goldens/`:
//!
//! | file | what stands there |
//! | --- | --- |
//! | `NAME.json` | a body, as the vendor posts it |
//! | `NAME.http` | a whole request (RFC 9112), where a body alone is not enough; handshakes too |
//! | `NAME.fetch.json`, `NAME.poll.json` | what is asked of the vendor's API, and what it answers |
//! | `NAME.notices.json` | what any of them means |
//!
//! Signatures are made at test time, so any of them can be edited. Where the vendor gives a
//! webhook no time of its own, its meaning must say `"timed_by_arrival": true`.
//!
//! Write meanings with `LABGATE_GOLDENS=rewrite cargo test -p labgate-acme`, and read them before
//! you commit them: a golden that freezes a mistake is worse than none.

pub mod config;
mod conformance;
pub mod convergence;
mod credentials;
pub mod decode;
pub mod demo;
mod documents;
pub mod fetch;
pub mod goldens;
pub mod handshake;
mod json;
pub mod leaves;
pub mod map;
mod meaning;
pub mod merge;
pub mod poll;
mod readme;
mod script;
mod secrets;
mod session;
mod subject;
pub mod verify;
pub mod words;
mod world;

pub use goldens::Golden;
#[doc(hidden)]
pub use serde_json::json;
pub use session::lent;
pub use subject::{ARRIVAL, Holder, MESSAGE_ID, Subject};
pub use world::World;
