//! What is private about this gateway: the adapter of the house's own laboratory. It is a library
//! so that its tests can reach it.

mod house;

pub use house::{Config, House, Payload};
