//! All systems under the same load, in turns, and one table of what that showed.

use std::{
    io::{self, Write as _},
    time::Duration,
};

use clap::Args;

use crate::{
    load::Pace,
    running::{Round, Running},
    systems::System,
};

/// How to compare.
#[derive(Debug, Args)]
pub struct Compare {
    /// Seconds of each round
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Rounds of each system; medians are shown
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Connections, largest first
    #[arg(long, value_delimiter = ',', default_values_t = [256, 16])]
    connections: Vec<usize>,
    /// Letters of systems
    #[arg(long, value_delimiter = ',', default_values_t = ['a', 'b'])]
    only: Vec<char>,
}

/// Compares, and shows the table.
pub fn compare(options: &Compare) -> io::Result<bool> {
    let mut running = Vec::new();
    for system in System::ALL.into_iter().filter(|system| options.only.contains(&system.letter())) {
        running.push(Running::start(system, 1)?);
    }
    let most = Duration::from_secs_f64(options.seconds);
    for connections in &options.connections {
        for _ in 0..options.rounds {
            for system in &mut running {
                let round = system.round(*connections, Pace::Closed, most)?;
                show(system.system, *connections, &round)?;
            }
        }
    }
    let mut well = true;
    for system in running {
        let usage = system.process.usage()?;
        let audit = system.audit()?;
        writeln!(
            io::stdout(),
            "{}: peak {} KiB, ledger {} kept {} of {} bytes, {audit:?}",
            system.system.name(),
            usage.peak / 1024,
            system.ledger.len(),
            system.ledger.kept(),
            system.ledger.bytes()
        )?;
        well &= audit.faults.is_empty();
        let system = system.restart()?;
        writeln!(
            io::stdout(),
            "ready after {:?}, store {}",
            system.process.ready,
            system.home.store_bytes()?
        )?;
    }
    Ok(well)
}

fn show(system: System, connections: usize, round: &Round) -> io::Result<()> {
    let tally = &round.tally;
    writeln!(
        io::stdout(),
        "{} {connections}: {:.0}/s p50 {:.2} p99 {:.2} p99.9 {:.2} cpu {:?} load {:?} refused {} broken {}",
        system.name(),
        tally.rate(),
        tally.quantile(0.5),
        tally.quantile(0.99),
        tally.quantile(0.999),
        round.cpu,
        round.cpu_of_load,
        tally.refused,
        tally.broken
    )
}
