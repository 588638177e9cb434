//! What a vendor may do, and the example that shows how an adapter takes it.
//!
//! | a vendor may … | example |
//! | --- | --- |
//! | send many events in one request | `batch` |
//! | give its events no id | `anonymous` |
//! | sign with a private key, of which only the public one is known | `ed25519` |
//! | test the endpoint with a challenge whose answer must be computed | `challenge` |
//! | send nothing but a token to prove itself | `challenge` |
//! | sign method, path and query beside the body | `whole` |
//! | send forms in place of JSON | `form` |
//! | demand an empty acknowledgement | `quiet` |
//! | have a key for each account | `accounts` |
//! | hand out tokens for its API, and tell only part of an order's course | `tokens` |
//!
//! Each vendor is invented, tells of nothing but an order's status, and is a folder of its own: the
//! provider, its `README.md` and its `goldens/`, held to the contract by the same line as any.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod accounts;
mod anonymous;
mod batch;
mod challenge;
mod ed25519;
mod event;
mod form;
mod quiet;
mod tokens;
mod whole;
