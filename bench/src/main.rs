//! The command line.

use std::{
    collections::HashMap,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use labgate::{config, telemetry};
use labgate_bench::{
    compare::{self, Compare},
    count::{self, Count},
    crash::{self, Crash},
    growth::{self, Growth},
    leftovers,
    merge::{self, Merge},
    systems::{by_hand, ceiling},
    train::{self, Train},
};

/// Puts the gateway under load, and compares.
#[derive(Debug, Parser)]
#[command(name = "labgate-bench", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Put all systems under the same load, and show one table
    Compare(Compare),
    /// Fill a store, and show what that changes
    Growth(Growth),
    /// Show how the time of a webhook grows with what it says of one order
    Merge(Merge),
    /// Kill gateways amid the work, and compare what is left with what was answered
    Crash(Crash),
    /// Make a provider's dictionary out of its golden webhooks
    Train(Train),
    /// Take webhooks on one thread and keep none, for counting instructions
    Count(Count),
    /// Serve webhooks and keep none
    #[command(hide = true)]
    Ceiling(ConfigArgument),
    /// Serve webhooks as a handler by hand would
    #[command(hide = true)]
    ByHand(ConfigArgument),
}

#[derive(Debug, clap::Args)]
struct ConfigArgument {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl ConfigArgument {
    fn load(&self) -> io::Result<config::Settings> {
        let settings = config::load(&self.config, &HashMap::new())
            .map_err(|faults| io::Error::other(faults[0].to_string()))?;
        telemetry::init(
            settings.log.format,
            &settings.log.level.parse().map_err(io::Error::other)?,
        );
        Ok(settings)
    }
}

fn main() -> ExitCode {
    let well = match Cli::parse().command {
        Command::Compare(options) => leftovers::watch().and_then(|()| compare::compare(&options)),
        Command::Growth(options) => leftovers::watch().and_then(|()| growth::growth(&options)),
        Command::Merge(options) => merge::merge(&options),
        Command::Crash(options) => leftovers::watch().and_then(|()| crash::crash(&options)),
        Command::Train(options) => train::train(&options),
        Command::Count(options) => count::count(&options),
        Command::Ceiling(config) => config.load().and_then(ceiling::serve).map(|()| true),
        Command::ByHand(config) => config.load().and_then(by_hand::serve).map(|()| true),
    };
    match well {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "labgate-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
