//! What contributors let a program do: `cargo xtask new-provider`.
//!
//! It knows no crate of ours, so it runs where they don't compile.

mod kind;
mod new_provider;
mod signature;
mod standalone;

pub use kind::{Kind, TypeName};
pub use new_provider::{NewProvider, Refusal};
pub use signature::Signature;
