//! What is compared.

pub mod by_hand;
pub mod ceiling;

use std::{env, io, process::Command, rc::Rc};

use crate::{binary, database::Server, home::Home};

/// A system that takes webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// The gateway's HTTP server, verify, decode and map, and no store.
    Ceiling,
    /// Labgate on SQLite.
    Sqlite,
    /// Labgate on PostgreSQL.
    Postgres,
    /// A handler as a user would write it, on PostgreSQL.
    ByHand,
}

impl System {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Ceiling, Self::Sqlite, Self::Postgres, Self::ByHand];

    /// Its letter on the command line.
    pub const fn letter(self) -> char {
        match self {
            Self::Ceiling => 'a',
            Self::Sqlite => 'b',
            Self::Postgres => 'c',
            Self::ByHand => 'd',
        }
    }

    /// What it is called in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ceiling => "a ceiling",
            Self::Sqlite => "b SQLite",
            Self::Postgres => "c PostgreSQL",
            Self::ByHand => "d by hand",
        }
    }

    /// The system of that letter.
    pub fn parse(letter: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|system| letter == system.letter().to_string());
        known.ok_or_else(|| "expected one of a, b, c and d".into())
    }

    /// Whether it needs a PostgreSQL server.
    pub const fn is_on_postgres(self) -> bool {
        match self {
            Self::Ceiling | Self::Sqlite => false,
            Self::Postgres | Self::ByHand => true,
        }
    }

    /// A home for it, with an empty store.
    pub fn home(self, server: Option<&Rc<Server>>) -> io::Result<Home> {
        if self.is_on_postgres() {
            let server = server.ok_or_else(|| io::Error::other("it needs a PostgreSQL server"))?;
            return Home::on_postgres(server.database());
        }
        Home::on_sqlite()
    }

    /// What starts it at `home`.
    pub fn command(self, home: &Home) -> io::Result<Command> {
        let (program, word) = match self {
            Self::Ceiling => (env::current_exe()?, "ceiling"),
            Self::Sqlite | Self::Postgres => (binary::path()?.into(), "serve"),
            Self::ByHand => (env::current_exe()?, "by-hand"),
        };
        let mut command = Command::new(program);
        command.arg(word).arg("--config").arg(home.configuration());
        command.current_dir(home.path()).env_clear();
        Ok(command)
    }
}
