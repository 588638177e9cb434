//! Labgate's core as its users meet it: who is let in, how notices become the model, and what is
//! told of it.

#![expect(clippy::unwrap_used, reason = "what can't be set up has failed")]

mod errands;
mod events;
mod future;
mod identifiers;
mod mending;
mod merge;
mod notices;
mod numbers;
mod redaction;
mod reports;
mod times;
mod verify;
mod words;
