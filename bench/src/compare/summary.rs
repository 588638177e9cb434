//! What was seen of each system, as rows of the table.

use std::{io, time::Duration};

use crate::{
    audit::Audit,
    running::Round,
    systems::System,
    table::{Table, mebibytes, median, number},
};

/// All that was seen of a system.
pub(super) struct Summary {
    pub(super) system: System,
    pub(super) closed: Vec<(usize, Vec<Round>)>,
    pub(super) paced: Vec<Round>,
    /// Webhooks a second of the constant rate.
    pub(super) rate: f64,
    pub(super) idle: u64,
    pub(super) peak: u64,
    /// Milliseconds of a start on what was stored.
    pub(super) ready: f64,
    pub(super) sent: usize,
    pub(super) bytes_sent: u64,
    pub(super) stored_bytes: u64,
    pub(super) audit: Audit,
}

impl Summary {
    fn rounds(&self, connections: usize) -> &[Round] {
        let rounds = self.closed.iter().find(|(known, _)| *known == connections);
        rounds.map_or(&[], |(_, rounds)| rounds)
    }

    /// Webhooks a second.
    pub(super) fn rate(&self, connections: usize) -> Option<f64> {
        median(self.rounds(connections).iter().map(|round| round.tally.rate()))
    }

    /// Milliseconds of p99 at the constant rate.
    pub(super) fn paced_p99(&self) -> Option<f64> {
        median(self.paced.iter().map(|round| round.tally.quantile(0.99)))
    }

    /// Bytes of the store and of the bodies, for each webhook that was sent; `None` if it keeps
    /// nothing.
    pub(super) fn bytes(&self) -> Option<(f64, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "no store has 2^52 bytes")]
        let each = |bytes: u64| bytes as f64 / self.sent.max(1) as f64;
        (self.stored_bytes > 0).then(|| (each(self.stored_bytes), each(self.bytes_sent)))
    }
}

/// How to see a number in a summary.
type See = Box<dyn Fn(&Summary) -> Option<f64>>;

/// A row: what it is about, how to see it, and whether a ratio to the ceiling says anything.
type Row = (String, See, bool);

pub(super) fn show(summaries: &[Summary], connections: &[usize]) -> io::Result<()> {
    let mut titles = vec![String::new()];
    titles.extend(summaries.iter().map(|summary| summary.system.name().into()));
    let mut table = Table::new(titles);
    let mut rows: Vec<Row> = Vec::new();
    for connections in connections {
        rows.extend(closed(*connections));
    }
    rows.extend(paced());
    rows.extend(rest());
    let ceiling = summaries.iter().find(|summary| summary.system == System::Ceiling);
    for (title, see, is_ratio) in rows {
        let most = ceiling.filter(|_| is_ratio).and_then(&see);
        let cell = |summary: &Summary| match (see(summary), most) {
            (None, _) => "–".into(),
            (Some(value), Some(most)) if summary.system != System::Ceiling && most > 0.0 => {
                format!("{} ({:.2})", number(value), value / most)
            }
            (Some(value), _) => number(value),
        };
        let mut cells = vec![title];
        cells.extend(summaries.iter().map(cell));
        table.row(cells);
    }
    table.show()
}

fn of(see: impl Fn(&Summary) -> Option<f64> + 'static) -> See {
    Box::new(see)
}

fn closed(connections: usize) -> Vec<Row> {
    let title = |what: &str| format!("{connections} connections: {what}");
    let middle = move |see: fn(&Round) -> f64| {
        of(move |summary| median(summary.rounds(connections).iter().map(see)))
    };
    vec![
        (title("webhooks/s"), of(move |summary| summary.rate(connections)), true),
        (title("p50 ms"), middle(|round| round.tally.quantile(0.5)), true),
        (title("p99 ms"), middle(|round| round.tally.quantile(0.99)), true),
        (title("p99.9 ms"), middle(|round| round.tally.quantile(0.999)), true),
        (title("CPU µs/webhook"), middle(|round| micros(round.cpu)), true),
        (title("CPU µs of PostgreSQL"), postgres(connections), false),
        (title("CPU µs of the load"), middle(|round| micros(round.cpu_of_load)), false),
        (title("CPU % of others"), middle(|round| round.others * 100.0), false),
    ]
}

fn postgres(connections: usize) -> See {
    of(move |summary| {
        let rounds = summary.rounds(connections).iter();
        let cpu = median(rounds.map(|round| micros(round.cpu_of_server)));
        cpu.filter(|_| summary.system.is_on_postgres())
    })
}

/// At a constant rate, from the time at which each was due.
fn paced() -> Vec<Row> {
    let title = |what: &str| format!("constant rate: {what}");
    let middle = |see: fn(&Round) -> f64| of(move |summary| median(summary.paced.iter().map(see)));
    vec![
        (title("wanted/s"), of(|summary| Some(summary.rate)), false),
        (title("webhooks/s"), middle(|round| round.tally.rate()), false),
        (title("p50 ms"), middle(|round| round.tally.quantile(0.5)), false),
        (title("p99 ms"), of(Summary::paced_p99), false),
        (title("p99.9 ms"), middle(|round| round.tally.quantile(0.999)), false),
        (title("CPU % of others"), middle(|round| round.others * 100.0), false),
    ]
}

fn rest() -> Vec<Row> {
    vec![
        ("idle memory MiB".into(), of(|summary| Some(mebibytes(summary.idle))), true),
        ("peak memory MiB".into(), of(|summary| Some(mebibytes(summary.peak))), true),
        ("start to ready ms".into(), of(|summary| Some(summary.ready)), true),
        ("stored bytes/webhook".into(), of(|summary| summary.bytes().map(|bytes| bytes.0)), false),
        ("body bytes/webhook".into(), of(|summary| summary.bytes().map(|bytes| bytes.1)), false),
        ("webhooks sent".into(), of(|summary| Some(count(summary.sent))), false),
        ("webhooks found".into(), of(|summary| Some(count(summary.audit.stored))), false),
        ("not kept".into(), of(|summary| Some(not_kept(summary))), false),
    ]
}

/// Answered with something else than 2xx, or not at all.
fn not_kept(summary: &Summary) -> f64 {
    let closed = summary.closed.iter().flat_map(|(_, rounds)| rounds);
    let lost = |round: &Round| round.tally.refused + round.tally.broken;
    let lost: u64 = closed.chain(&summary.paced).map(lost).sum();
    count(usize::try_from(lost).unwrap_or(usize::MAX))
}

fn count(count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no run has 2^52 webhooks")]
    let count = count as f64;
    count
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
