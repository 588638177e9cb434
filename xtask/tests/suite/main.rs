//! What contributors get from `cargo xtask`.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod new_provider;
mod workspace;
