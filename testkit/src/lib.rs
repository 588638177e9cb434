//! What every provider must be able to show, whatever its vendor: [`conformance!`] makes tests of
//! the checks in this crate.
//!
//! A check is a function that takes a [`Subject`] and panics with the reason if it does not hold.

pub mod config;
mod conformance;
pub mod convergence;
mod credentials;
pub mod decode;
pub mod demo;
pub mod fetch;
pub mod goldens;
pub mod handshake;
mod json;
pub mod map;
mod meaning;
pub mod merge;
pub mod poll;
mod readme;
mod script;
mod secrets;
mod subject;
pub mod verify;
mod world;

pub use goldens::Golden;
#[doc(hidden)]
pub use serde_json::json;
pub use subject::{ARRIVAL, Holder, MESSAGE_ID, Subject};
pub use world::World;
