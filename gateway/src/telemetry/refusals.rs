//! What was refused or could not be kept: counted each time, and logged as far as a flood allows.
//!
//! A line says who asked, for what, and why it was refused. Nothing of it is a stranger's text but a
//! path that could be a plugin's.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;
use tracing::field::display;
use uuid::Uuid;

use super::{
    Metrics,
    flood::{Kind, Line, Sum},
};

/// How often ended windows are looked for.
const TICK: Duration = Duration::from_secs(1);

/// A request that the admin listener did not answer as it was asked.
pub(crate) struct AdminRefusal<'a> {
    /// The pattern of its path.
    pub(crate) endpoint: &'a str,
    /// One of our own words.
    pub(crate) reason: &'static str,
    /// Whether the fault is ours.
    pub(crate) is_ours: bool,
    /// The name of its key, if it showed one.
    pub(crate) key: Option<&'a str>,
    /// The record that it asked for.
    pub(crate) record: Option<Uuid>,
    /// What failed.
    pub(crate) error: Option<String>,
    /// Who asked.
    pub(crate) peer: Option<IpAddr>,
}

impl Metrics {
    /// A request got no further than the door: its sender was not proven, or its body did not
    /// arrive. `reason` is one of our own words.
    pub fn rejected(&self, plugin: &str, reason: &'static str, peer: Option<IpAddr>) {
        self.webhooks.with_label_values(&[plugin, "rejected"]).inc();
        self.rejections.with_label_values(&[plugin, reason]).inc();
        let line = Line::WebhookRejected;
        if self.is_written(line, plugin, reason) {
            tracing::warn!(plugin, reason, peer = peer.map(display), "{}", line.message());
        }
    }

    /// No plugin is served where a request came to: the address in a vendor's dashboard may be
    /// mistyped. `path` is only given if it could be a plugin's.
    pub fn not_served(&self, path: Option<&str>, peer: Option<IpAddr>) {
        self.unknown_plugin.inc();
        let line = Line::NotServed;
        if self.is_written(line, "", "unknown_plugin") {
            let reason = "unknown_plugin";
            tracing::warn!(path, reason, peer = peer.map(display), "{}", line.message());
        }
    }

    /// A plugin can't verify anybody.
    pub fn misconfigured(&self, plugin: &str, problem: &str, peer: Option<IpAddr>) {
        self.webhooks.with_label_values(&[plugin, "unavailable"]).inc();
        let line = Line::Misconfigured;
        if self.is_written(line, plugin, "misconfigured") {
            tracing::error!(plugin, problem, peer = peer.map(display), "{}", line.message());
        }
    }

    /// A webhook could not be kept, and the sender was told to come back.
    pub fn unavailable(&self, plugin: &str, error: &dyn std::error::Error, peer: Option<IpAddr>) {
        self.webhooks.with_label_values(&[plugin, "unavailable"]).inc();
        let line = Line::WebhookNotKept;
        if self.is_written(line, plugin, "unavailable") {
            tracing::error!(plugin, %error, peer = peer.map(display), "{}", line.message());
        }
    }

    /// A proven webhook could not be read: `reason` names the field and not its content.
    pub(super) fn quarantined_one(&self, plugin: &str, event_type: &str, reason: &str) {
        let line = Line::WebhookQuarantined;
        if self.is_written(line, plugin, "quarantined") {
            tracing::warn!(plugin, event_type, reason, "{}", line.message());
        }
    }

    /// The admin listener answered a request to the path with that pattern.
    pub(crate) fn admin_request(&self, endpoint: &str, status: u16) {
        self.admin_requests.with_label_values(&[endpoint, &status.to_string()]).inc();
    }

    /// Gives the series of an endpoint their first value.
    pub(crate) fn announce_endpoint(&self, endpoint: &str, statuses: &[u16]) {
        for status in statuses {
            self.admin_requests.with_label_values(&[endpoint, &status.to_string()]);
        }
    }

    /// The admin listener refused or failed a request.
    pub(crate) fn admin_refused(&self, refusal: AdminRefusal<'_>) {
        let AdminRefusal { endpoint, reason, is_ours, key, record, error, peer } = refusal;
        let line = if is_ours { Line::AdminFailed } else { Line::AdminRefused };
        if !self.is_written(line, endpoint, reason) {
            return;
        }
        let (record, peer, message) = (record.map(display), peer.map(display), line.message());
        if is_ours {
            tracing::error!(endpoint, reason, key, record, error, peer, "{message}");
        } else {
            tracing::warn!(endpoint, reason, key, record, peer, "{message}");
        }
    }

    fn is_written(&self, line: Line, about: &str, reason: &'static str) -> bool {
        self.floods.admit(Kind { line, about: about.into(), reason }, Instant::now())
    }

    /// Sums floods up until `stopped`, and what is left then.
    pub(crate) async fn sum_up(self: Arc<Self>, mut stopped: watch::Receiver<()>) {
        while tokio::time::timeout(TICK, stopped.changed()).await.is_err() {
            self.floods.ended(Instant::now()).iter().for_each(write);
        }
        self.floods.all(Instant::now()).iter().for_each(write);
    }
}

fn write(sum: &Sum) {
    let Sum { kind: Kind { line, about, reason }, more, time } = sum;
    let (plugin, endpoint) = match line {
        Line::NotServed => (None, None),
        Line::AdminRefused | Line::AdminFailed => (None, Some(about)),
        Line::WebhookRejected
        | Line::Misconfigured
        | Line::WebhookNotKept
        | Line::WebhookQuarantined => (Some(about), None),
    };
    let (seconds, message) = (time.as_secs(), line.message());
    if line.is_ours() {
        tracing::error!(plugin, endpoint, reason, more, "{message}: {more} more in {seconds} s");
    } else {
        tracing::warn!(plugin, endpoint, reason, more, "{message}: {more} more in {seconds} s");
    }
}
