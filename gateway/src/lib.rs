//! Labgate: a gateway in front of every lab that a digital-health company works with.
//!
//! The binary is three lines on this library, and so is a gateway with providers of your own:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     labgate::run(&labgate::providers::all())
//! }
//! ```
//!
//! | module | what happens there |
//! | --- | --- |
//! | [`intake`] | a webhook comes in, is proven, read, kept, and answered |
//! | [`store`] | the archive |
//! | [`api`] | what operators and consumers read |
//! | [`config`], [`plugins`] | what this gateway serves |
//! | [`telemetry`] | logs and metrics |
//! | [`application`] | both listeners, from start to stop |
//! | [`cli`] | the command line |

pub mod api;
pub mod application;
pub mod cli;
pub mod config;
mod http;
mod http_json;
pub mod intake;
pub mod plugins;
pub mod providers;
mod pruner;
pub mod replay;
pub mod store;
pub mod telemetry;
#[cfg(test)]
mod test;

pub use cli::run;

/// A webhook is read on one thread and written on another, and its thousand small pieces are freed
/// there: the system's allocator makes the two wait for each other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
