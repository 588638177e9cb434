//! Starts the real binary and talks to it as vendors, operators and strangers would.
//!
//! Nothing of Labgate is linked: signatures come from implementations of their own, and HTTP goes
//! over bare sockets, so that a request can be as wrong as the internet makes them.

#![expect(clippy::unwrap_used, reason = "what can't be set up has failed")]

mod answer;
mod binary;
mod crowd;
mod gateway;
mod home;
mod metrics;
mod model;
pub mod postgres;
mod request;
mod samples;
mod store;
mod vendor;

pub use answer::{Answer, Silence, exchange, try_exchange};
pub use binary::{Finished, labgate, path as binary};
pub use crowd::{Crowd, Sent, accepted, orders, wait_until};
pub use gateway::{Gateway, spawn_gateway};
pub use home::{Home, TOKEN};
pub use metrics::Metrics;
pub use model::same;
pub use postgres::Cluster;
pub use request::Request;
pub use samples::{lifecycle, names, order, sample, with};
pub use store::TestStore;
pub use vendor::{
    CHALLENGE, FULLSCRIPT, FULLSCRIPT_OLD, JUNCTION, JUNCTION_EU, JUNCTION_OLD, RELAY, fullscript,
    fullscript_at, junction, junction_by, now, relay, signed_by,
};
