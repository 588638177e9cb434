//! What is about the store's file, whatever store this run of the tests is about.

mod disk;
mod moved;
mod private;
mod ruin;
mod sealed;
