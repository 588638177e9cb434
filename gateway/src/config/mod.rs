//! `plugins.toml`: what this gateway serves, and where.
//!
//! A configuration is read once, at the start, and whatever is wrong with it is told then, one
//! line for each fault, without the value that is at fault.

mod load;
mod retention;
mod schema;
mod secrets;
mod settings;
mod weak;

use std::fmt;

pub use load::load;
pub use retention::Retention;
pub use schema::schema;
pub use settings::{Api, Key, Log, Scope, Server, Settings, StoreSettings};
pub(crate) use weak::short_secrets;

/// Something wrong with a configuration. Neither text holds a configured value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: `plugins.junction.secrets[0]`.
    pub path: String,
    /// What.
    pub problem: String,
}

impl Fault {
    /// A fault at `path`.
    pub fn at(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { path: path.into(), problem: problem.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.problem)
    }
}

#[cfg(test)]
mod tests;
