//! `cargo xtask`: what contributors let a program do.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use xtask::{Kind, NewProvider, Signature};

/// What contributors let a program do
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the crate of a new provider in providers/
    NewProvider {
        /// The word for it in plugins.toml: lower-case letters, digits, `_`
        kind: Kind,
        /// How its vendor proves who sent a webhook
        #[arg(long)]
        signature: Signature,
    },
}

fn main() -> ExitCode {
    let Command::NewProvider { kind, signature } = Cli::parse().command;
    let provider = NewProvider { kind, signature };
    match provider.make(&root()) {
        Ok(()) => {
            let _ = write!(io::stdout(), "{}", provider.next());
            ExitCode::SUCCESS
        }
        Err(refusal) => {
            let _ = writeln!(io::stderr(), "xtask: {refusal}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace, from whichever of its folders `cargo xtask` was called.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask is a folder of the workspace").into()
}
