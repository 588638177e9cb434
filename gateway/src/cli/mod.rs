//! The command line.

mod check;
mod client;
mod demo;
mod progress;
mod prune;
mod rekey;
mod replay;
mod send;
mod serve;

use std::{
    collections::HashMap,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use labgate_core::Registration;
use tracing_subscriber::filter::Targets;

use crate::{
    application::StartError,
    config::{self, Fault, Settings},
    store::KeyName,
    telemetry,
};

/// A gateway in front of every lab: it proves who sent a webhook, keeps it, and turns it into one
/// model of orders, appointments and results.
#[derive(Debug, Parser)]
#[command(name = "labgate", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve webhooks and the API until told to stop
    Serve(ConfigArgument),
    /// Read the configuration, build every plugin, reach the store; one line for each fault
    Check(ConfigArgument),
    /// Show what Labgate does, with invented data and a store that is gone afterwards
    Demo {
        /// End after the show instead of serving on
        #[arg(long)]
        once: bool,
    },
    /// Sign a payload with a plugin's first secret and post it
    Send {
        /// The plugin's name
        plugin: String,
        /// The payload; `-` for standard input
        file: PathBuf,
        /// Where to: a gateway, or the whole address of a route; this configuration's own if not said
        #[arg(long, value_name = "URL")]
        to: Option<String>,
        #[command(flatten)]
        config: ConfigArgument,
    },
    /// Read kept webhooks again, after an adapter has learnt more
    Replay {
        /// Of this plugin only
        #[arg(long)]
        plugin: Option<String>,
        /// With this outcome: accepted, ignored or quarantined
        #[arg(long, default_value = "quarantined", value_parser = crate::store::webhooks::OUTCOMES)]
        outcome: String,
        /// Only tell what would become of them
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        config: ConfigArgument,
    },
    /// Remove webhooks that were kept for as long as store.keep_webhooks says
    Prune {
        /// Only tell how many there are
        #[arg(long)]
        dry_run: bool,
        /// Go by the clock, however far it is ahead of the last run
        #[arg(long)]
        trust_clock: bool,
        #[command(flatten)]
        config: ConfigArgument,
    },
    /// Bring everything under the first key of store.encryption_keys, so that an older one can go
    Rekey {
        /// Seal values in the clear too, whoever wrote them
        #[arg(long)]
        adopt_plain: bool,
        /// Give up what this key sealed, which is lost
        #[arg(long, value_name = "KEY")]
        lost: Vec<KeyName>,
        #[command(flatten)]
        config: ConfigArgument,
    },
    /// List the providers that plugins can use
    Providers,
    /// Print the JSON Schema of plugins.toml
    Schema,
}

#[derive(Debug, clap::Args)]
struct ConfigArgument {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "plugins.toml")]
    config: PathBuf,
}

impl ConfigArgument {
    /// Reads the configuration and starts logging as it says.
    fn load(&self) -> Result<Settings, Failure> {
        load(&self.config)
    }
}

/// Why a command failed: lines for standard error.
#[derive(Debug)]
struct Failure(Vec<String>);

impl Failure {
    fn new(line: impl ToString) -> Self {
        Self(vec![line.to_string()])
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self(error.to_string().lines().map(String::from).collect())
    }
}

/// Runs the command line with these providers. This is the whole of a gateway's `main`.
pub fn run(providers: &[Registration]) -> ExitCode {
    // The allocator asks for huge pages, which hold three times the memory that is used.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    if let Err(error) = forbid_core_dumps() {
        let _ = writeln!(anstream::stderr(), "labgate: core dumps can't be switched off: {error}");
        return ExitCode::FAILURE;
    }
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Serve(config) => {
            config.load().and_then(|settings| serve::serve(settings, providers))
        }
        Command::Check(config) => {
            config.load().and_then(|settings| check::check(settings, providers))
        }
        Command::Demo { once } => demo::demo(once, providers),
        Command::Send { plugin, file, to, config } => {
            config.load().and_then(|settings| send::send(settings, providers, &plugin, &file, to))
        }
        Command::Replay { plugin, outcome, dry_run, config } => {
            config.load().and_then(|settings| {
                replay::replay(settings, providers, plugin.as_deref(), &outcome, dry_run)
            })
        }
        Command::Prune { dry_run, trust_clock, config } => config
            .load()
            .and_then(|settings| prune::prune(settings, providers, dry_run, trust_clock)),
        Command::Rekey { adopt_plain, lost, config } => {
            config.load().and_then(|settings| rekey::rekey(settings, providers, adopt_plain, &lost))
        }
        Command::Providers => {
            for provider in providers {
                say(provider.kind);
            }
            Ok(())
        }
        Command::Schema => {
            say(&format!("{:#}", config::schema(providers)));
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(lines)) => {
            for line in lines {
                let _ = writeln!(anstream::stderr(), "labgate: {line}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Keeps memory out of files: it holds keys and health data.
fn forbid_core_dumps() -> rustix::io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    // A program that the system pipes dumps to heeds no limit.
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

fn load(path: &Path) -> Result<Settings, Failure> {
    let failure = |faults: Vec<Fault>| Failure(faults.iter().map(Fault::to_string).collect());
    // A variable that is not UTF-8 is none that we could use.
    let environment: HashMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let settings = config::load(path, &environment).map_err(failure)?;
    let filter: Targets = settings.log.filter().map_err(|fault| failure(vec![fault]))?;
    telemetry::init(settings.log.format, &filter);
    Ok(settings)
}

/// Writes a line to standard output. Whoever closed it does not want it.
fn say(line: &str) {
    let _ = writeln!(anstream::stdout(), "{line}");
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, dumpable_behavior};

    #[test]
    fn the_memory_is_never_dumped() {
        super::forbid_core_dumps().unwrap();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
