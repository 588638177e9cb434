//! The outside of the house: what vendors, operators and strangers see of a real gateway.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod accepted;
mod access;
mod bodies;
mod canary;
mod check;
mod commands;
mod connections;
mod convergence;
mod door;
mod durability;
mod earlier;
mod environment;
mod filters;
mod headers;
mod heavy;
mod ignored;
mod kept;
mod labels;
mod late;
mod links;
mod metrics;
mod model;
mod neighbours;
mod openapi;
mod pages;
mod paths;
mod quarantine;
mod refused;
mod repeated;
mod replay;
mod retention;
mod routes;
mod sealed;
mod secrets;
mod send;
mod sqlite;
mod stop;
mod traces;
mod values;
mod vendors;
