//! `cargo xtask`: what contributors let a program do.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use xtask::{Kind, NewProvider, Signature, TypeName};

/// What contributors let a program do
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the crate of a new provider, in providers/ unless it is to stand alone
    NewProvider {
        /// The word for it in plugins.toml: lower-case letters, digits, `_`
        kind: Kind,
        /// How its vendor proves who sent a webhook
        #[arg(long)]
        signature: Signature,
        /// The type's name in code, as in `LetsGetChecked`; made of the kind if it is left out
        #[arg(long, value_name = "TYPE")]
        name: Option<TypeName>,
        /// Make it at PATH, as a workspace of its own: a provider that you keep to yourself
        #[arg(long, value_name = "PATH")]
        standalone: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let Command::NewProvider { kind, signature, name, standalone } = Cli::parse().command;
    let type_name = name.unwrap_or_else(|| kind.type_name());
    // Relative to where the author is, and not to the workspace.
    let standalone = standalone.map(|path| std::path::absolute(&path).unwrap_or(path));
    let provider = NewProvider { kind, type_name, signature, standalone };
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
