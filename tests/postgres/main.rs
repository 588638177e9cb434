//! What holds only with PostgreSQL behind the store, or with more than one gateway on it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod cluster;
