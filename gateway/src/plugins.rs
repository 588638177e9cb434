//! The providers that this gateway serves, under the names that the operator gave them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use labgate_core::{DynProvider, Registration};
use serde_json::Value;

use crate::config::Fault;

/// A provider at a route.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// The operator's name for it; it stands in the route.
    pub name: Arc<str>,
    /// What it is served by.
    pub provider: Arc<dyn DynProvider>,
}

/// Every plugin of this gateway, by name.
#[derive(Clone, Debug, Default)]
pub struct Plugins(BTreeMap<String, Plugin>);

impl Plugins {
    /// Builds each plugin of `tables`, which stand under `[plugins]` with their secrets resolved.
    /// All faults are told, not just the first. Two registrations of one kind are one.
    pub fn build(
        tables: BTreeMap<String, Value>,
        registrations: &[Registration],
    ) -> Result<Self, Vec<Fault>> {
        let mut plugins = Vec::new();
        let mut faults: Vec<Fault> = repeated_kind(registrations).into_iter().collect();
        for (name, table) in tables {
            match build(&name, table, registrations) {
                Ok(plugin) => plugins.push(plugin),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(plugins.into_iter().collect()) } else { Err(faults) }
    }

    /// The plugin of that name.
    pub fn get(&self, name: &str) -> Option<&Plugin> {
        self.0.get(name)
    }

    /// What the provider of each plugin compresses its webhooks with, by the name of the plugin.
    pub fn dictionaries(&self) -> impl Iterator<Item = (&str, &'static [u8])> {
        self.iter().map(|plugin| (&*plugin.name, plugin.provider.dictionary()))
    }

    /// Every plugin.
    pub fn iter(&self) -> impl Iterator<Item = &Plugin> {
        self.0.values()
    }
}

impl FromIterator<Plugin> for Plugins {
    fn from_iter<I: IntoIterator<Item = Plugin>>(plugins: I) -> Self {
        Self(plugins.into_iter().map(|plugin| (plugin.name.to_string(), plugin)).collect())
    }
}

/// Of two providers of one kind, one would be served for the other's vendor.
fn repeated_kind(registrations: &[Registration]) -> Option<Fault> {
    let mut known = BTreeSet::new();
    let repeated = registrations.iter().find(|registration| !known.insert(registration.kind))?;
    let problem = format!("two providers are registered as `{}`", repeated.kind);
    Some(Fault::at("plugins", problem))
}

fn build(name: &str, table: Value, registrations: &[Registration]) -> Result<Plugin, Fault> {
    let path = format!("plugins.{name}");
    if !is_name(name) {
        return Err(Fault::at(path, "expected a name of 1 to 63 of a-z, 0-9, `-` and `_`"));
    }
    let Value::Object(mut table) = table else {
        return Err(Fault::at(path, "expected a table"));
    };
    let known = || {
        let kinds: Vec<_> = registrations.iter().map(|known| format!("`{}`", known.kind)).collect();
        format!("known providers: {}", kinds.join(", "))
    };
    let Some(Value::String(kind)) = table.remove("provider") else {
        return Err(Fault::at(format!("{path}.provider"), format!("missing; {}", known())));
    };
    let registration = registrations.iter().find(|known| known.kind == kind).ok_or_else(|| {
        // Something else than a kind may be a secret in the wrong place.
        let shown = if is_name(&kind) { format!(" `{kind}`") } else { String::new() };
        Fault::at(format!("{path}.provider"), format!("unknown provider{shown}; {}", known()))
    })?;
    let provider = (registration.build)(Value::Object(table)).map_err(|error| {
        let dot = if error.field.is_empty() || error.field.starts_with('[') { "" } else { "." };
        Fault::at(format!("{path}{dot}{}", error.field), error.problem)
    })?;
    Ok(Plugin { name: name.into(), provider })
}

/// What a plugin or a kind of provider can be called.
pub(crate) fn is_name(text: &str) -> bool {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=63).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_providers_of_one_kind_stop_the_start() {
        let mut registrations = crate::providers::all();
        assert!(Plugins::build(BTreeMap::new(), &registrations).is_ok());
        let first = registrations[0];
        registrations.push(first);
        let faults = Plugins::build(BTreeMap::new(), &registrations).unwrap_err();
        let expected = Fault::at("plugins", "two providers are registered as `junction`");
        assert_eq!(faults, [expected]);
    }
}
