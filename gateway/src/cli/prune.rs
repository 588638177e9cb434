//! `labgate prune`

use jiff::Timestamp;
use labgate_core::Registration;

use super::{Failure, progress::walk, say};
use crate::{
    application::{Plan, StartError},
    config::Settings,
    store::Pruning,
};

pub(super) fn prune(
    mut settings: Settings,
    providers: &[Registration],
    dry_run: bool,
) -> Result<(), Failure> {
    let Plan { backend, .. } = Plan::build(&mut settings, providers)?;
    let Some(retention) = settings.store.keep_webhooks else {
        return Err(Failure::new("store.keep_webhooks: not set, so webhooks are kept for ever"));
    };
    let mut store = backend.open().map_err(StartError::Store)?;
    let end = Pruning::end(&mut store).map_err(Failure::new)?;
    let pruning = Pruning::new(retention.start(Timestamp::now()));
    let mut pruning = if dry_run { pruning.only_counting() } else { pruning };
    let count = walk(end, || pruning.step(&mut store))?;
    if !dry_run {
        store.settle().map_err(Failure::new)?;
    }
    say(&format!("{count} webhooks {}", if dry_run { "would be removed" } else { "removed" }));
    Ok(())
}
