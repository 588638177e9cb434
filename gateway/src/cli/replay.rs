//! `labgate replay`

use std::sync::Arc;

use labgate_core::Registration;

use super::{Failure, say};
use crate::{
    application::{Plan, StartError},
    config::Settings,
    replay,
    store::{
        Store,
        webhooks::{self, Filter},
    },
    telemetry::Metrics,
};

/// How many webhooks are listed at once.
const PAGE: i64 = 500;

pub(super) fn replay(
    mut settings: Settings,
    providers: &[Registration],
    plugin: Option<&str>,
    outcome: &str,
    dry_run: bool,
) -> Result<(), Failure> {
    let Plan { plugins, backend } = Plan::build(&mut settings, providers)?;
    if let Some(name) = plugin.filter(|name| plugins.get(name).is_none()) {
        return Err(Failure::new(format!("no plugin `{name}` in the configuration")));
    }
    let runtime = actix_web::rt::Runtime::new().map_err(Failure::new)?;
    runtime.block_on(async {
        let store = Store::open(backend, Arc::new(Metrics::new()));
        let store = store.await.map_err(StartError::Store)?;
        let mut filter = Filter {
            plugin: plugin.map(String::from),
            outcome: Some(outcome.into()),
            before: None,
            limit: PAGE,
        };
        let (mut count, mut failed) = (0, 0);
        loop {
            let page = filter.clone();
            let listed = store.read(move |open| webhooks::list(open, &page)).await;
            let listed = listed.map_err(Failure::new)?;
            for webhook in &listed {
                let told = replay::replay(&store, &plugins, webhook.id, dry_run).await;
                let line = match told {
                    Ok(told) => {
                        let reason = told.reason.map(|reason| format!(" ({reason})"));
                        format!("{}{}", told.outcome, reason.unwrap_or_default())
                    }
                    Err(error) => {
                        failed += 1;
                        error.to_string()
                    }
                };
                say(&format!("{} {}: {line}", webhook.id, webhook.plugin));
            }
            count += listed.len();
            let Some(last) = listed.last() else { break };
            filter.before = Some(last.seq);
        }
        say(&format!("{count} webhooks {}", if dry_run { "tried" } else { "read again" }));
        if failed == 0 { Ok(()) } else { Err(Failure::new(format!("{failed} could not be read"))) }
    })
}
