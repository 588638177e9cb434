//! `labgate check`

use labgate_core::{Registration, Secret, verify::Coverage};

use super::{Failure, say};
use crate::{
    application::{Plan, StartError},
    config::{Settings, short_secrets},
};

pub(super) fn check(mut settings: Settings, providers: &[Registration]) -> Result<(), Failure> {
    let short = short_secrets(&settings, providers);
    let plan = Plan::build(&mut settings, providers)?;
    for plugin in plan.plugins.iter() {
        let trust = trust(plugin.provider.covers());
        say(&format!("plugin {}: {}{trust}", plugin.name, plugin.provider.kind()));
    }
    for place in short {
        let enough = Secret::ENOUGH;
        say(&format!("warning: {place}: a secret of fewer than {enough} bytes can be guessed"));
    }
    say(&format!("store: {}", plan.backend.look().map_err(StartError::Store)?));
    for file in plan.backend.exposed().map_err(StartError::Store)? {
        say(&format!("store: others can use {file}; `serve` closes it to them"));
    }
    let keys = plan.backend.seal().names();
    let keys: Vec<String> = keys.map(|name| name.to_string()).collect();
    match keys.split_first() {
        None => {
            say("store: no key in store.encryption_keys, so bodies and documents are not sealed");
        }
        Some((key, [])) => say(&format!("store: sealed under the key {key}")),
        Some((key, older)) => {
            say(&format!("store: sealed under the key {key}; opens {} too", older.join(", ")));
        }
    }
    match settings.store.keep_webhooks {
        None => say("store: webhooks are kept for ever"),
        Some(retention) => say(&format!("store: webhooks are kept for {retention}")),
    }
    if settings.api.keys.is_empty() {
        say("api: no key in [api.keys], so nobody can read");
    }
    Ok(())
}

/// What an operator should know about how senders are proven.
fn trust(covered: Coverage) -> &'static str {
    match covered {
        Coverage { body: true, time: true } => "",
        Coverage { body: true, time: false } => {
            "; signatures cover no time: only the store's memory knows a request that was caught"
        }
        Coverage { body: false, .. } => {
            "; senders show a token that covers nothing: whoever sees it can send anything"
        }
    }
}
