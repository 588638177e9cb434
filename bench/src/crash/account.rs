//! What a trial came to, in a line; and where something is wrong, what.

use std::{fmt, time::Duration};

use super::{Backend, Plan};

/// Faults that are shown at most.
const SHOWN: usize = 20;

/// What a trial came to.
#[derive(Clone, Debug)]
pub struct Account {
    /// What was killed.
    pub backend: Backend,
    /// How.
    pub plan: Plan,
    /// How often.
    pub kills: usize,
    /// Webhooks that were answered with 2xx.
    pub answered: usize,
    /// Webhooks that are stored.
    pub stored: usize,
    /// Deliveries that were not answered, or with something else.
    pub unanswered: usize,
    /// Deliveries of what was sent in an earlier round.
    pub resent: usize,
    /// Of those, how many were never sent again.
    pub given_up: usize,
    /// Orders whose state was compared at the end.
    pub orders: usize,
    /// Events in the feed.
    pub events: usize,
    /// How long all of it took.
    pub took: Duration,
    /// What is wrong; empty if all is well.
    pub faults: Vec<String>,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, answered, stored, unanswered, resent, given_up, orders, .. } = self;
        let (name, events, seconds) = (self.backend.name(), self.events, self.took.as_secs_f64());
        write!(
            f,
            "{name}: {kills} kills, {answered} webhooks answered, {stored} stored, {unanswered} \
             deliveries unanswered, {resent} resent, {given_up} given up, {orders} orders \
             compared, {events} events read, {seconds:.1} s"
        )?;
        if self.faults.is_empty() {
            return write!(f, ": all is well");
        }
        let Plan { clients, seed, .. } = self.plan;
        write!(f, "\n{name}: with {clients} clients and seed {seed}, after kill {kills}:")?;
        for fault in self.faults.iter().take(SHOWN) {
            write!(f, "\n  {fault}")?;
        }
        match self.faults.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}
