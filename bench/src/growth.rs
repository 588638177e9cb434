//! Whether a store that holds a million webhooks is as quick as an empty one.
//!
//! One gateway on SQLite is filled. At the end it takes turns with gateways on empty stores, so that
//! a slow minute of the machine falls on both.

use std::{io, time::Duration};

use clap::Args;

use crate::{
    compare::{at_least, at_most, note},
    load::Pace,
    machine,
    running::Running,
    systems::System,
    table::{Table, median, number},
};

/// Webhooks of a batch: they wait in memory, and their signatures grow old.
const BATCH: usize = 50_000;
/// How often a start is timed.
const STARTS: usize = 5;

/// How to fill a store.
#[derive(Debug, Args)]
pub struct Growth {
    /// Webhooks to send in all
    #[arg(long, default_value_t = 1_000_000)]
    webhooks: usize,
    /// Webhooks of each round in which the throughput is measured
    #[arg(long, default_value_t = 30_000)]
    round: usize,
    /// Such rounds of either; medians are shown
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Connections
    #[arg(long, default_value_t = 256)]
    connections: usize,
    /// Seconds to wait at most, before each such round, for others to leave the machine alone
    #[arg(long, default_value_t = 0.0)]
    calm: f64,
    /// Draws the webhooks
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Fills a store, and shows what that changed. Whether all that was answered with 2xx was kept.
pub fn growth(options: &Growth) -> io::Result<bool> {
    let mut grown = Running::start(System::Sqlite, None, options.seed)?;
    options.calm()?;
    let at_first = options.send(&mut grown, options.round)?;
    note(&format!("the first {}: {at_first:.0}/s", options.round))?;
    let last = options.round * options.rounds;
    while let missing @ 1.. = options.webhooks.saturating_sub(grown.ledger.len() + last) {
        let rate = options.send(&mut grown, BATCH.min(missing))?;
        note(&format!("{} sent: {rate:.0}/s", grown.ledger.len()))?;
    }

    let (mut large, mut small) = (Vec::new(), Vec::new());
    let mut fresh = None;
    for number in 1..=options.rounds {
        options.calm()?;
        large.push(options.send(&mut grown, options.round)?);
        let mut empty = Running::start(System::Sqlite, None, options.seed)?;
        options.calm()?;
        small.push(options.send(&mut empty, options.round)?);
        let (large, small) = (large[number - 1], small[number - 1]);
        note(&format!("round {number}: {large:.0}/s when full, {small:.0}/s when empty"))?;
        fresh = Some(empty);
    }
    note("comparing what is stored with what was sent")?;
    let audit = grown.audit()?;
    for fault in audit.faults.iter().take(10) {
        note(fault)?;
    }
    let peak = grown.process.usage()?.peak;
    let bytes = grown.home.store_bytes()?;
    let (grown, ready) = starts(grown)?;
    let ready_when_empty = match fresh {
        Some(fresh) => starts(fresh)?.1,
        None => 0.0,
    };
    #[expect(clippy::cast_precision_loss, reason = "no store has 2^52 bytes")]
    let each = |bytes: u64| bytes as f64 / grown.ledger.len() as f64;
    let (large, small) = (median(large).unwrap_or(0.0), median(small).unwrap_or(0.0));
    let rows = [
        ("webhooks sent, repetitions not counted", grown.ledger.len().to_string()),
        ("webhooks found", audit.stored.to_string()),
        ("webhooks/s at first", number(at_first)),
        ("webhooks/s at last", number(large)),
        ("webhooks/s of an empty store meanwhile", number(small)),
        ("start to ready ms", number(ready)),
        ("start to ready ms of a small store", number(ready_when_empty)),
        ("stored bytes/webhook", number(each(bytes))),
        ("body bytes/webhook", number(each(grown.ledger.bytes()))),
        ("peak memory MiB", number(crate::table::mebibytes(peak))),
    ];
    let mut table = Table::default();
    for (what, value) in rows {
        table.row(vec![what.into(), value]);
    }
    table.show()?;
    let mut table = Table::new(["wanted", "", "seen", ""].map(String::from).to_vec());
    let stored = each(bytes) / each(grown.ledger.bytes());
    let wanted = [
        at_least("webhooks/s when full to when empty", 0.9, Some(large / small)),
        at_most("start to ready ms", 100.0, Some(ready)),
        at_most("stored to sent bytes", 1.0, Some(stored)),
    ];
    for row in wanted.into_iter().flatten() {
        table.row(row);
    }
    table.show()?;
    Ok(audit.faults.is_empty())
}

impl Growth {
    fn send(&self, running: &mut Running, count: usize) -> io::Result<f64> {
        let round = running.send(count, self.connections, Pace::Closed, Duration::MAX)?;
        let lost = round.tally.refused + round.tally.broken;
        if lost > 0 {
            note(&format!("{lost} were not kept"))?;
        }
        if round.others > 0.1 {
            note(&format!("others had {:.0} % of the machine:", round.others * 100.0))?;
        }
        Ok(round.tally.rate())
    }

    fn calm(&self) -> io::Result<()> {
        machine::wait_until_idle(Duration::from_secs_f64(self.calm))
    }
}

/// Starts it again, a few times: milliseconds until it was ready.
fn starts(mut running: Running) -> io::Result<(Running, f64)> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        running = running.restart()?;
        times.push(running.process.ready.as_secs_f64() * 1000.0);
    }
    Ok((running, median(times).unwrap_or(0.0)))
}
