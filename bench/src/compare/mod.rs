//! All systems under the same load, in turns, and one table of what that showed.
//!
//! Each system is started once and keeps its store through all rounds. Systems take turns round by
//! round, so that a slow minute of the machine falls on all of them, and medians are shown. All get
//! the same webhooks in the same order; a faster one gets further.

mod summary;
mod targets;

use std::{
    io::{self, Write as _},
    rc::Rc,
    time::Duration,
};

use clap::Args;

use crate::{
    audit::Audit,
    database::Server,
    load::Pace,
    machine,
    running::{Round, Running},
    systems::System,
    table::median,
};
use summary::Summary;
pub(crate) use targets::{at_least, at_most};

/// How often a start is timed.
const STARTS: usize = 5;

/// How to compare.
#[derive(Debug, Args)]
pub struct Compare {
    /// Seconds of each round
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Webhooks of each round at most
    #[arg(long)]
    webhooks: Option<usize>,
    /// Rounds of each system at each number of connections; medians are shown
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Numbers of connections
    #[arg(long, value_delimiter = ',', default_values_t = [256, 16])]
    connections: Vec<usize>,
    /// Letters of systems: a ceiling, b SQLite, c PostgreSQL, d by hand
    #[arg(long, value_delimiter = ',', value_parser = System::parse, default_value = "a,b,c,d")]
    only: Vec<System>,
    /// Webhooks a second at the constant rate; if not said, half of what each system took
    #[arg(long)]
    rate: Option<f64>,
    /// Seconds to wait at most, before each round, for others to leave the machine alone
    #[arg(long, default_value_t = 0.0)]
    calm: f64,
    /// Draws the webhooks
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A system in the comparison, and what was seen of it.
struct Seen {
    system: System,
    running: Running,
    /// The empty store's process before any load, in bytes.
    idle: u64,
    /// By number of connections.
    closed: Vec<(usize, Vec<Round>)>,
    paced: Vec<Round>,
    /// Webhooks a second of the constant rate.
    rate: f64,
}

/// Compares, and shows the table. Whether all that was answered with 2xx was kept.
pub fn compare(options: &Compare) -> io::Result<bool> {
    let wanted = |system: &System| options.only.contains(system);
    let systems: Vec<System> = System::ALL.into_iter().filter(wanted).collect();
    let on_postgres = systems.iter().any(|system| system.is_on_postgres());
    let server = if on_postgres { Some(Server::start()?) } else { None };
    let start = |system: &System| Seen::start(*system, server.as_ref(), options.seed);
    let mut seen = systems.iter().map(start).collect::<io::Result<Vec<_>>>()?;

    for connections in &options.connections {
        for round in 1..=options.rounds {
            for system in &mut seen {
                system.closed(options, *connections, round)?;
            }
        }
    }
    for round in 1..=options.rounds {
        for system in &mut seen {
            system.paced(options, round)?;
        }
    }
    let summaries: Vec<Summary> = seen.into_iter().map(Seen::finish).collect::<io::Result<_>>()?;
    summary::show(&summaries, &options.connections)?;
    targets::show(&summaries)?;
    Ok(summaries.iter().all(|summary| summary.audit.faults.is_empty()))
}

impl Seen {
    fn start(system: System, server: Option<&Rc<Server>>, seed: u64) -> io::Result<Self> {
        let running = Running::start(system, server, seed)?;
        let idle = running.process.usage()?.resident;
        let (closed, paced) = (Vec::new(), Vec::new());
        Ok(Self { system, running, idle, closed, paced, rate: 0.0 })
    }

    fn round(&mut self, options: &Compare, connections: usize, pace: Pace) -> io::Result<Round> {
        machine::wait_until_idle(Duration::from_secs_f64(options.calm))?;
        let most = Duration::from_secs_f64(options.seconds);
        match options.webhooks {
            None => self.running.round(connections, pace, most),
            Some(count) => self.running.send(count, connections, pace, most),
        }
    }

    fn closed(&mut self, options: &Compare, connections: usize, number: usize) -> io::Result<()> {
        let round = self.round(options, connections, Pace::Closed)?;
        progress(self.system, &format!("{connections} connections, round {number}"), &round)?;
        match self.closed.iter_mut().find(|(known, _)| *known == connections) {
            Some((_, rounds)) => rounds.push(round),
            None => self.closed.push((connections, vec![round])),
        }
        Ok(())
    }

    fn paced(&mut self, options: &Compare, number: usize) -> io::Result<()> {
        let connections = options.connections.iter().copied().max().unwrap_or(1);
        let rounds = self.closed.iter().find(|(known, _)| *known == connections);
        let rates = rounds.into_iter().flat_map(|(_, rounds)| rounds);
        let peak = median(rates.map(|round| round.tally.rate())).unwrap_or(0.0);
        self.rate = options.rate.unwrap_or(peak / 2.0).max(1.0);
        let round = self.round(options, connections, Pace::Rate(self.rate))?;
        progress(self.system, &format!("{:.0} a second, round {number}", self.rate), &round)?;
        self.paced.push(round);
        Ok(())
    }

    /// Audits, stops and starts again.
    fn finish(self) -> io::Result<Summary> {
        let Self { system, mut running, idle, closed, paced, rate } = self;
        let peak = running.process.usage()?.peak;
        note(&format!("{}: comparing what is stored with what was sent", system.name()))?;
        let audit: Audit = running.audit()?;
        for fault in audit.faults.iter().take(10) {
            note(&format!("{}: {fault}", system.name()))?;
        }
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            running = running.restart()?;
            starts.push(running.process.ready.as_secs_f64() * 1000.0);
        }
        let ready = median(starts).unwrap_or(0.0);
        let (sent, bytes_sent) = (running.ledger.len(), running.ledger.bytes());
        running.process.stop()?;
        let stored_bytes = running.home.store_bytes()?;
        Ok(Summary {
            system,
            closed,
            paced,
            rate,
            idle,
            peak,
            ready,
            sent,
            bytes_sent,
            stored_bytes,
            audit,
        })
    }
}

fn progress(system: System, what: &str, round: &Round) -> io::Result<()> {
    let tally = &round.tally;
    let lost = tally.refused + tally.broken;
    let lost = if lost == 0 { String::new() } else { format!(", {lost} not kept") };
    let line = format!(
        "{}: {what}: {:.0}/s, p99 {:.2} ms, others {:.0} %{lost}",
        system.name(),
        tally.rate(),
        tally.quantile(0.99),
        round.others * 100.0,
    );
    note(&line)
}

/// Tells whoever waits what is going on.
pub(crate) fn note(line: &str) -> io::Result<()> {
    writeln!(io::stderr(), "{line}")
}
