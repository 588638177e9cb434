//! Log lines that strangers or an outage cause: a few of a kind are written, the rest is summed up.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Lines of one kind that are written in a window.
const WRITTEN: u32 = 5;
/// How long lines of a kind are counted before their sum is written.
const WINDOW: Duration = Duration::from_secs(10);

/// A line that may come in floods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Line {
    /// A webhook was not proven, or did not arrive.
    WebhookRejected,
    /// A request came to an address where no plugin is served.
    NotServed,
    /// A plugin can't verify anybody.
    Misconfigured,
    /// A proven webhook could not be kept.
    WebhookNotKept,
    /// A proven webhook could not be read, and was kept for later.
    WebhookQuarantined,
    /// The admin listener refused a request.
    AdminRefused,
    /// The admin listener could not answer a request.
    AdminFailed,
}

impl Line {
    /// Its message.
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::WebhookRejected => "webhook rejected",
            Self::NotServed => "no plugin at this address",
            Self::Misconfigured => "plugin misconfigured",
            Self::WebhookNotKept => "webhook not kept",
            Self::WebhookQuarantined => "webhook quarantined",
            Self::AdminRefused => "api request refused",
            Self::AdminFailed => "api request failed",
        }
    }

    /// Whether the fault is ours, and the level that of an error.
    pub(super) const fn is_ours(self) -> bool {
        match self {
            Self::Misconfigured | Self::WebhookNotKept | Self::AdminFailed => true,
            Self::WebhookRejected
            | Self::NotServed
            | Self::WebhookQuarantined
            | Self::AdminRefused => false,
        }
    }
}

/// What lines have in common that are summed up together. Both texts come from the configuration or
/// from our own lists, so there are only so many kinds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) line: Line,
    /// The plugin or the endpoint; empty if there is none.
    pub(super) about: String,
    /// Why, in one of our own words.
    pub(super) reason: &'static str,
}

/// Lines that were not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) kind: Kind,
    /// How many.
    pub(super) more: u64,
    /// In how long a time, the written ones included.
    pub(super) time: Duration,
}

/// Every kind of which a line came lately.
#[derive(Debug, Default)]
pub(super) struct Floods(Mutex<BTreeMap<Kind, Window>>);

#[derive(Debug)]
struct Window {
    started: Instant,
    written: u32,
    held: u64,
}

impl Floods {
    /// Whether the line of `kind` at `now` is written. One that is not is part of a [`Sum`] later.
    pub(super) fn admit(&self, kind: Kind, now: Instant) -> bool {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Window { started: now, written: 0, held: 0 };
        let window = windows.entry(kind).or_insert_with(fresh);
        if window.written < WRITTEN {
            window.written += 1;
            true
        } else {
            window.held += 1;
            false
        }
    }

    /// Ends the windows that are full at `now`, and returns what was not written in them.
    pub(super) fn ended(&self, now: Instant) -> Vec<Sum> {
        self.end(now, |window| now.saturating_duration_since(window.started) >= WINDOW)
    }

    /// Ends every window, however young.
    pub(super) fn all(&self, now: Instant) -> Vec<Sum> {
        self.end(now, |_| true)
    }

    fn end(&self, now: Instant, is_over: impl Fn(&Window) -> bool) -> Vec<Sum> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = windows.extract_if(.., |_, window| is_over(window));
        let sum = |(kind, window): (Kind, Window)| Sum {
            kind,
            more: window.held,
            time: now.saturating_duration_since(window.started),
        };
        over.map(sum).filter(|sum| sum.more > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(about: &str) -> Kind {
        Kind { line: Line::WebhookRejected, about: about.into(), reason: "mismatch" }
    }

    #[test]
    fn a_few_lines_are_written_and_the_rest_is_summed_up() {
        let (floods, start) = (Floods::default(), Instant::now());
        let written = (0..1000).filter(|_| floods.admit(kind("a"), start)).count();
        assert_eq!(written, 5);
        assert!(floods.admit(kind("b"), start), "kinds don't count for each other");
        assert!(floods.ended(start + WINDOW / 2).is_empty());
        let sum = Sum { kind: kind("a"), more: 995, time: WINDOW };
        assert_eq!(floods.ended(start + WINDOW), [sum]);
        assert!(floods.admit(kind("a"), start + WINDOW), "the next window");
    }

    #[test]
    fn no_line_is_lost_at_a_stop() {
        let (floods, start) = (Floods::default(), Instant::now());
        let written = (0..7).filter(|_| floods.admit(kind("a"), start)).count();
        let sums = floods.all(start + Duration::from_secs(1));
        assert_eq!((written, sums.len(), sums[0].more), (5, 1, 2));
        assert!(floods.all(start + WINDOW).is_empty());
    }

    #[test]
    fn a_window_that_is_over_takes_no_memory() {
        let (floods, start) = (Floods::default(), Instant::now());
        for about in ["a", "b", "c"] {
            floods.admit(kind(about), start);
        }
        assert!(floods.ended(start + WINDOW).is_empty());
        assert!(floods.0.lock().unwrap().is_empty());
    }
}
