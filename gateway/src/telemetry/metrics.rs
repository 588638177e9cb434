//! Every metric, and the log line that goes with it: what is worth counting is told in one place.
//!
//! Labels are bounded: plugins by the configuration, event types and reasons by our own lists,
//! drift by places in our types. Nobody who is not proven can create one.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use labgate_core::{Identifier, decode::Drift, verify::Reason};
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder, core::Collector, process_collector::ProcessCollector,
};

use super::flood::Floods;
use crate::{
    plugins::Plugin,
    store::{StoreError, Stored},
};

/// The outcomes of a webhook, as `labgate_webhooks_total` names them.
const OUTCOMES: [&str; 6] =
    ["accepted", "duplicate", "ignored", "quarantined", "rejected", "unavailable"];

/// Why a body did not arrive, as `labgate_rejections_total` names it.
pub const NOT_RECEIVED: [&str; 4] = ["too_large", "timed_out", "crowded_out", "broken"];
/// A request by a method that the plugin does not take, as `labgate_rejections_total` names it.
pub const WRONG_METHOD: &str = "wrong_method";

/// From a tenth of a millisecond to ten seconds.
const SECONDS: [f64; 12] =
    [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];
/// From a lone webhook to a full batch.
const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// All of Labgate's metrics.
pub struct Metrics {
    registry: Registry,
    pub(super) webhooks: IntCounterVec,
    pub(super) rejections: IntCounterVec,
    pub(super) unknown_plugin: IntCounter,
    pub(super) admin_requests: IntCounterVec,
    pub(super) floods: Floods,
    events_by_type: IntCounterVec,
    secret_used: IntCounterVec,
    unknown_values: IntCounterVec,
    quarantined: IntGaugeVec,
    last_webhook: IntGaugeVec,
    intake_seconds: HistogramVec,
    commit_seconds: Histogram,
    commit_batch_size: Histogram,
    pruned: IntCounter,
    clock_ahead: IntGauge,
    connections_closed: IntCounterVec,
}

impl Metrics {
    /// A fresh set, registered with a registry of its own.
    pub fn new() -> Self {
        let registry = Registry::new();
        let count = |name: &str, help: &str| register(&registry, IntCounter::new(name, help));
        let counter = |name: &str, help: &str, labels: &[&str]| {
            register(&registry, IntCounterVec::new(Opts::new(name, help), labels))
        };
        let gauge = |name: &str, help: &str, labels: &[&str]| {
            register(&registry, IntGaugeVec::new(Opts::new(name, help), labels))
        };
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
            register(&registry, Histogram::with_opts(options))
        };
        let intake = HistogramOpts::new(
            "labgate_intake_seconds",
            "From the last byte of a webhook to its answer",
        )
        .buckets(SECONDS.to_vec());
        let metrics = Self {
            webhooks: counter(
                "labgate_webhooks_total",
                "Webhooks by what became of them",
                &["plugin", "outcome"],
            ),
            rejections: counter(
                "labgate_rejections_total",
                "Requests to a plugin that were refused, by reason",
                &["plugin", "reason"],
            ),
            unknown_plugin: count(
                "labgate_unknown_plugin_total",
                "Requests to the webhooks listener at an address where no plugin is served",
            ),
            admin_requests: counter(
                "labgate_admin_requests_total",
                "Requests to the admin listener by the pattern of their path",
                &["endpoint", "status"],
            ),
            floods: Floods::default(),
            events_by_type: counter(
                "labgate_events_by_type_total",
                "Proven webhooks by the vendor's event type",
                &["plugin", "event_type"],
            ),
            secret_used: counter(
                "labgate_secret_used_total",
                "Webhooks proven by each secret, by its place in the configuration",
                &["plugin", "secret"],
            ),
            unknown_values: counter(
                "labgate_unknown_values_total",
                "Places where a vendor said something that the adapter does not know",
                &["plugin", "field"],
            ),
            quarantined: gauge(
                "labgate_quarantined",
                "Proven webhooks that could not be read and wait for a replay",
                &["plugin"],
            ),
            last_webhook: gauge(
                "labgate_last_webhook_timestamp_seconds",
                "When the last proven webhook was kept",
                &["plugin"],
            ),
            intake_seconds: register(&registry, HistogramVec::new(intake, &["plugin"])),
            commit_seconds: histogram(
                "labgate_commit_seconds",
                "Time to write a batch and sync it to disk",
                &SECONDS,
            ),
            commit_batch_size: histogram(
                "labgate_commit_batch_size",
                "Webhooks that shared a transaction",
                &SIZES,
            ),
            pruned: count(
                "labgate_webhooks_pruned_total",
                "Webhooks that were kept long enough and are removed",
            ),
            clock_ahead: register(
                &registry,
                IntGauge::new(
                    "labgate_retention_clock_ahead_seconds",
                    "How far the clock is ahead of what retention believes, 0 if it believes it",
                ),
            ),
            connections_closed: counter(
                "labgate_connections_closed_total",
                "Connections that were closed because they were late, or crowded out by others",
                &["listener", "reason"],
            ),
            registry: registry.clone(),
        };
        let build_info = gauge("labgate_build_info", "Always 1", &["version"]);
        build_info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let process = Box::new(ProcessCollector::for_self());
        registry.register(process).expect("each metric is registered once");
        metrics
    }

    /// Gives every series of `plugin` its first value, so that alerts can tell zero from absent.
    pub fn announce(&self, plugin: &Plugin) {
        let name = &*plugin.name;
        for outcome in OUTCOMES {
            self.webhooks.with_label_values(&[name, outcome]);
        }
        let reasons = Reason::ALL.map(Reason::label);
        for reason in reasons.iter().chain(&NOT_RECEIVED).chain(&[WRONG_METHOD]) {
            self.rejections.with_label_values(&[name, *reason]);
        }
        for event_type in plugin.provider.event_types().iter().chain(&[OTHER]) {
            self.events_by_type.with_label_values(&[name, *event_type]);
        }
        for index in 0..plugin.provider.secrets() {
            self.secret_used.with_label_values(&[name, &index.to_string()]);
        }
        self.quarantined.with_label_values(&[name]);
        self.intake_seconds.with_label_values(&[name]);
    }

    /// Counts the connections of `listener` that are closed for `reason`.
    pub(crate) fn connections_closed(&self, listener: &str, reason: &'static str) -> IntCounter {
        self.connections_closed.with_label_values(&[listener, reason])
    }

    /// A sender was proven by the secret at `index`.
    pub fn proven(&self, plugin: &str, index: usize) {
        self.secret_used.with_label_values(&[plugin, &index.to_string()]).inc();
    }

    /// A vendor said something that the adapter does not know.
    pub fn drifted(&self, plugin: &str, drift: &Drift) {
        for field in drift {
            self.unknown_values.with_label_values(&[plugin, field]).inc();
        }
    }

    /// A webhook was kept.
    pub fn kept(
        &self,
        plugin: &Plugin,
        event_type: Option<&Identifier>,
        stored: &Stored,
        received_at: Timestamp,
    ) {
        let (name, outcome) = (&*plugin.name, stored.label());
        let event_type = label_of(plugin, event_type);
        self.webhooks.with_label_values(&[name, outcome]).inc();
        self.events_by_type.with_label_values(&[name, event_type]).inc();
        self.last_webhook_at(name, received_at);
        match stored.reason() {
            None => tracing::debug!(plugin = name, event_type, outcome, "webhook kept"),
            Some(reason) => self.quarantined_one(name, event_type, &reason),
        }
    }

    /// How long a webhook took from its last byte to its answer.
    pub fn answered(&self, plugin: &str, took: Duration) {
        self.intake_seconds.with_label_values(&[plugin]).observe(took.as_secs_f64());
    }

    /// A batch is on disk.
    pub fn committed(&self, batch: usize, took: Duration) {
        self.commit_seconds.observe(took.as_secs_f64());
        self.commit_batch_size.observe(f64::from(u32::try_from(batch).unwrap_or(u32::MAX)));
    }

    /// A run of retention begins; the clock is so far `ahead` of what it believes.
    pub fn clock_ahead(&self, ahead: Option<SignedDuration>) {
        self.clock_ahead.set(ahead.map_or(0, |ahead| ahead.as_secs()));
        if let Some(ahead) = ahead {
            tracing::warn!(
                seconds = ahead.as_secs(),
                "the clock is ahead of the last run of retention, which goes on by its own time and \
                 removes less; if the clock is right: `labgate prune --trust-clock`"
            );
        }
    }

    /// A run of retention is over; `failure` ended it before its time.
    pub fn pruned(&self, count: usize, failure: Option<&StoreError>) {
        self.pruned.inc_by(u64::try_from(count).unwrap_or_default());
        match failure {
            Some(error) => {
                tracing::warn!(count, %error, "webhooks not pruned to the end; tried again later");
            }
            None if count > 0 => tracing::info!(count, "webhooks pruned"),
            None => tracing::debug!("no webhook to prune"),
        }
    }

    /// How many webhooks of `plugin` are quarantined.
    pub fn set_quarantined(&self, plugin: &str, count: i64) {
        self.quarantined.with_label_values(&[plugin]).set(count);
    }

    /// When the last webhook of `plugin` was kept.
    pub fn last_webhook_at(&self, plugin: &str, time: Timestamp) {
        self.last_webhook.with_label_values(&[plugin]).set(time.as_second());
    }

    /// Everything, in Prometheus' text format.
    pub fn render(&self) -> String {
        let mut text = String::new();
        TextEncoder::new()
            .encode_utf8(&self.registry.gather(), &mut text)
            .expect("a String takes any text");
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// The label of event types that a provider does not list.
const OTHER: &str = "other";

fn label_of(plugin: &Plugin, event_type: Option<&Identifier>) -> &'static str {
    let known = plugin.provider.event_types().iter();
    let known = known.copied().find(|known| Some(*known) == event_type.map(Identifier::as_str));
    known.unwrap_or(OTHER)
}

fn register<C: Collector + Clone + 'static>(
    registry: &Registry,
    collector: prometheus::Result<C>,
) -> C {
    let collector = collector.expect("names, labels and buckets of metrics are ours");
    registry.register(Box::new(collector.clone())).expect("each metric is registered once");
    collector
}
