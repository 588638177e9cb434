//! Retention while a gateway serves: removes what was kept long enough, now and every hour.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::watch, time::timeout};

use crate::{
    config::Retention,
    store::{
        Pruning, Store, StoreError,
        clock::{self, Reading, RetentionClock},
    },
    telemetry::Metrics,
};

/// How long it is from the end of a run to the next.
const PERIOD: Duration = Duration::from_hours(1);

/// Prunes a store again and again.
pub(crate) struct Pruner {
    store: Store,
    retention: Retention,
    metrics: Arc<Metrics>,
    period: Duration,
    clock: RetentionClock,
    read: fn() -> Reading,
}

impl Pruner {
    pub(crate) fn new(store: Store, retention: Retention, metrics: Arc<Metrics>) -> Self {
        Self {
            store,
            retention,
            metrics,
            period: PERIOD,
            clock: RetentionClock::default(),
            read: Reading::now,
        }
    }

    /// Runs at once and then after each period, until the sender of `stop` is gone. A run that
    /// fails is told, and what it left is for the next one.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<()>) {
        loop {
            let mut removed = 0;
            let outcome = self.prune(&mut removed, &mut stop).await;
            self.metrics.pruned(removed, outcome.err().as_ref());
            if stopped_within(self.period, &mut stop).await {
                return;
            }
        }
    }

    /// One run; a stop ends it after the step that it is at.
    async fn prune(
        &mut self,
        removed: &mut usize,
        stop: &mut watch::Receiver<()>,
    ) -> Result<(), StoreError> {
        let remembered = self.store.read(clock::remembered).await?;
        let judged = self.clock.judge(remembered, (self.read)(), self.retention.slack());
        self.metrics.clock_ahead(judged.ahead);
        self.store.read(move |open| clock::remember(open, judged.now)).await?;
        let mut pruning = Pruning::new(self.retention.start(judged.now));
        loop {
            let started = Instant::now();
            let page = move |open: &mut _| {
                let mut further = pruning;
                let done = further.step(open)?;
                Ok((further, done))
            };
            let (further, done) = self.store.read(page).await?;
            let Some(done) = done else { return Ok(()) };
            *removed += done.rows;
            if stopped_within(done.rest(started.elapsed()), stop).await {
                return Ok(());
            }
            pruning = further;
        }
    }
}

/// Waits so long, or until the sender of `stop` is gone.
async fn stopped_within(time: Duration, stop: &mut watch::Receiver<()>) -> bool {
    timeout(time, stop.changed()).await.is_ok()
}

#[cfg(test)]
mod tests;
