//! What became of a run.

use std::time::Duration;

use hdrhistogram::Histogram;

/// What the sender knows of a webhook that it sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was answered with 2xx: the gateway has it.
    Kept,
    /// It was not answered, or with something else: the gateway may have it, or not.
    Unknown,
}

/// What became of a run.
#[derive(Clone, Debug)]
pub struct Tally {
    /// One for each webhook that was sent, in their order.
    pub fates: Vec<Fate>,
    /// How many were answered with 2xx.
    pub kept: u64,
    /// How many were answered with something else.
    pub refused: u64,
    /// How many were not answered, because the connection broke.
    pub broken: u64,
    /// From the first webhook to the last answer.
    pub elapsed: Duration,
    /// Microseconds to each answer with 2xx.
    pub latency: Histogram<u64>,
}

impl Tally {
    pub(super) fn new(webhooks: usize) -> Self {
        Self {
            fates: vec![Fate::Unknown; webhooks],
            kept: 0,
            refused: 0,
            broken: 0,
            elapsed: Duration::ZERO,
            latency: Histogram::new_with_bounds(1, 600_000_000, 3)
                .expect("the bounds are in order"),
        }
    }

    /// The webhook at `place` was answered with `status`, `took` after it was due and `at` after
    /// the start.
    pub(super) fn answered(&mut self, place: usize, status: u16, took: Duration, at: Duration) {
        self.elapsed = at;
        if (200..300).contains(&status) {
            self.fates[place] = Fate::Kept;
            self.kept += 1;
            let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            self.latency.saturating_record(micros);
        } else {
            self.refused += 1;
        }
    }

    pub(super) fn broken(&mut self) {
        self.broken += 1;
    }

    /// Webhooks answered with 2xx in a second.
    pub fn rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "no run has 2^52 webhooks")]
        let kept = self.kept as f64;
        kept / self.elapsed.as_secs_f64()
    }

    /// The time that a share of the answers took at most, in milliseconds: 0.99 gives p99.
    pub fn quantile(&self, share: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "no latency is 2^52 microseconds")]
        let micros = self.latency.value_at_quantile(share) as f64;
        micros / 1000.0
    }
}
