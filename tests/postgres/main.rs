//! What holds only with PostgreSQL behind the store, or with more than one gateway on it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod away;
mod check;
mod cluster;
mod crowded;
mod feed;
mod killed;
mod locked;
mod slow;
mod start;
mod tls;
mod together;
