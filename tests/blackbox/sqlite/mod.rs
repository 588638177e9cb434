//! What is about the store's file, whatever store this run of the tests is about.

mod disk;
mod ruin;
mod sealed;
