//! What is compared.

pub mod ceiling;

use std::{env, io, process::Command};

use crate::{binary, home::Home};

/// A system that takes webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// a: the gateway's HTTP server, verify, decode and map, and no store.
    Ceiling,
    /// b: Labgate on SQLite.
    Sqlite,
}

impl System {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Ceiling, Self::Sqlite];

    /// Its letter on the command line.
    pub const fn letter(self) -> char {
        match self {
            Self::Ceiling => 'a',
            Self::Sqlite => 'b',
        }
    }

    /// What it is called in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ceiling => "ceiling",
            Self::Sqlite => "SQLite",
        }
    }

    /// A home for it.
    pub fn home(self) -> io::Result<Home> {
        match self {
            Self::Ceiling | Self::Sqlite => Home::on_sqlite(),
        }
    }

    /// What starts it at `home`.
    pub fn command(self, home: &Home) -> io::Result<Command> {
        let mut command = match self {
            Self::Ceiling => {
                let mut command = Command::new(env::current_exe()?);
                command.arg("ceiling");
                command
            }
            Self::Sqlite => {
                let mut command = Command::new(binary::path()?);
                command.arg("serve");
                command
            }
        };
        command.arg("--config").arg(home.configuration()).current_dir(home.path()).env_clear();
        Ok(command)
    }
}
