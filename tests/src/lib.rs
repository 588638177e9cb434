//! Starts the real binary and talks to it as vendors, operators and strangers would.
//!
//! Nothing of Labgate is linked: signatures come from implementations of their own, and HTTP goes
//! over bare sockets, so that a request can be as wrong as the internet makes them.

#![expect(clippy::unwrap_used, reason = "what can't be set up has failed")]

mod answer;
mod binary;
mod gateway;
mod home;
mod metrics;
pub mod postgres;
mod request;
mod samples;
mod store;
mod vendor;

pub use answer::{Answer, exchange};
pub use binary::{Finished, labgate};
pub use gateway::{Gateway, spawn_gateway};
pub use home::{Home, TOKEN};
pub use metrics::Metrics;
pub use postgres::Cluster;
pub use request::Request;
pub use samples::{order, sample, with};
pub use store::TestStore;
pub use vendor::{
    CHALLENGE, FULLSCRIPT, FULLSCRIPT_OLD, JUNCTION, JUNCTION_EU, JUNCTION_OLD, RELAY, fullscript,
    fullscript_at, junction, junction_by, now, relay,
};
