//! Structured logs on standard error.

use std::io::IsTerminal as _;

use schemars::JsonSchema;
use serde::Deserialize;
use tracing_subscriber::{
    Layer as _, Registry, filter::Targets, fmt, layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Human,
}

/// Starts logging; without a `format`, for people on a terminal and as JSON elsewhere. Later calls
/// change nothing.
pub fn init(format: Option<LogFormat>, filter: &Targets) {
    let terminal = std::io::stderr().is_terminal();
    let format = format.unwrap_or(if terminal { LogFormat::Human } else { LogFormat::Json });
    let layer = fmt::layer().with_writer(std::io::stderr);
    let layer = match format {
        LogFormat::Json => layer.json().flatten_event(true).with_span_list(false).boxed(),
        LogFormat::Human => layer.with_ansi(terminal).boxed(),
    };
    let _ = Registry::default().with(layer.with_filter(filter.clone())).try_init();
    std::panic::set_hook(Box::new(|panic| {
        // The message of a panic may quote the value at fault; the place tells enough.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic: please report it");
    }));
}
