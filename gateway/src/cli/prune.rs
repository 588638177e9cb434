//! `labgate prune`

use labgate_core::Registration;

use super::{Failure, progress::walk, say};
use crate::{
    application::{Plan, StartError},
    config::Settings,
    store::{
        Pruning,
        clock::{self, Reading, RetentionClock},
    },
};

pub(super) fn prune(
    mut settings: Settings,
    providers: &[Registration],
    dry_run: bool,
    trust_clock: bool,
) -> Result<(), Failure> {
    let Plan { backend, .. } = Plan::build(&mut settings, providers)?;
    let Some(retention) = settings.store.keep_webhooks else {
        return Err(Failure::new("store.keep_webhooks: not set, so webhooks are kept for ever"));
    };
    let mut store = backend.open().map_err(StartError::Store)?;
    let reading = Reading::now();
    let remembered =
        if trust_clock { None } else { clock::remembered(&mut store).map_err(Failure::new)? };
    let judged = RetentionClock::default().judge(remembered, reading, retention.slack());
    let end = Pruning::end(&mut store).map_err(Failure::new)?;
    let pruning = Pruning::new(retention.start(judged.now));
    let mut pruning = if dry_run { pruning.only_counting() } else { pruning };
    let count = walk(end, || pruning.step(&mut store))?;
    if !dry_run {
        let remember = if trust_clock { clock::trust } else { clock::remember };
        remember(&mut store, judged.now).map_err(Failure::new)?;
        store.settle().map_err(Failure::new)?;
    }
    say(&format!("{count} webhooks {}", if dry_run { "would be removed" } else { "removed" }));
    let Some(ahead) = judged.ahead else { return Ok(()) };
    Err(Failure::new(format!(
        "the clock is {ahead:#} ahead of the last run, or of the newest webhook if there was none: \
         counted from {:.0}; if the clock is right: --trust-clock",
        judged.now
    )))
}
