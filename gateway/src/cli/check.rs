//! `labgate check`

use labgate_core::Registration;

use super::{Failure, say};
use crate::{application::Parts, config::Settings};

pub(super) fn check(mut settings: Settings, providers: &[Registration]) -> Result<(), Failure> {
    let parts = Parts::build(&mut settings, providers)?;
    for plugin in parts.plugins.iter() {
        say(&format!("plugin {}: {}", plugin.name, plugin.provider.kind()));
    }
    say("store: reached, schema up to date");
    if settings.api.keys.is_empty() {
        say("api: no key in [api.keys], so nobody can read");
    }
    Ok(())
}
