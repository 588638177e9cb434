//! All connections of a listener, within bounds.

use std::{
    cmp::Reverse,
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use prometheus::IntCounter;

use super::{
    Closing, Connection, NoRoom, TrustedProxies,
    connection::{Entry, State},
};
use crate::telemetry::Metrics;

/// What is closed at once where room runs out, as a part of all: few enough that nobody waits while
/// they are answered, and enough that looking for them costs little.
const PART: usize = 32;

/// The bounds of a listener.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Connections that are open at most.
    pub(crate) connections: usize,
    /// Bytes of requests that are in memory at most.
    pub(crate) bytes: usize,
    /// Time for a head, and for a body beyond what its rate earns it.
    pub(crate) request_timeout: Duration,
    /// Time between requests.
    pub(crate) idle_timeout: Duration,
    /// Bytes of a body in a second at least.
    pub(crate) min_body_rate: NonZeroU32,
    /// Whose word on peers counts.
    pub(crate) trusted_proxies: TrustedProxies,
}

/// The connections of a listener.
#[derive(Debug)]
pub(crate) struct Connections {
    limits: Limits,
    /// Those that are not being closed.
    open: Mutex<HashMap<u64, Arc<Entry>>>,
    /// Bytes that they hold together.
    held: AtomicUsize,
    opened: AtomicU64,
    late: IntCounter,
    crowded: IntCounter,
}

impl Connections {
    /// The connections of `listener`, of which there are none yet.
    pub(crate) fn new(limits: Limits, listener: &str, metrics: &Metrics) -> Arc<Self> {
        Arc::new(Self {
            limits,
            open: Mutex::default(),
            held: AtomicUsize::new(0),
            opened: AtomicU64::new(0),
            late: metrics.connections_closed(listener, "late"),
            crowded: metrics.connections_closed(listener, "crowded_out"),
        })
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A new connection from `address`, for which others may have to go. `None` if all of them are
    /// being served.
    pub(super) fn open(
        self: &Arc<Self>,
        address: Option<IpAddr>,
        now: Instant,
    ) -> Option<Connection> {
        let is_proxy = address.is_some_and(|it| self.limits.trusted_proxies.contains(it));
        let id = self.opened.fetch_add(1, Ordering::Relaxed);
        let entry = Arc::new(Entry::new(id, address, is_proxy, now));
        let most = self.limits.connections;
        let mut open = self.list();
        if open.len() >= most {
            let spared = most - most.div_ceil(PART);
            self.crowd_out(&mut open, now, |_| 1, |rest| rest <= spared);
        }
        if open.len() >= most {
            self.crowded.inc();
            return None;
        }
        open.insert(id, entry.clone());
        Some(Connection { connections: self.clone(), entry })
    }

    pub(super) fn remove(&self, entry: &Entry) {
        self.list().remove(&entry.id);
        self.release(std::mem::take(&mut entry.state().held));
    }

    /// Counts `bytes` more, and returns how many are held now.
    pub(super) fn take(&self, bytes: usize) -> usize {
        self.held.fetch_add(bytes, Ordering::Relaxed) + bytes
    }

    pub(super) fn release(&self, bytes: usize) {
        self.held.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Makes room for what was just taken, if `held` bytes are too many.
    pub(super) fn make_room(&self, held: usize, now: Instant) -> Result<(), NoRoom> {
        let most = self.limits.bytes;
        if held <= most {
            return Ok(());
        }
        let spared = most - most / PART;
        let mut open = self.list();
        self.crowd_out(
            &mut open,
            now,
            |state| state.held,
            |_| self.held.load(Ordering::Relaxed) <= spared,
        );
        if self.held.load(Ordering::Relaxed) <= most { Ok(()) } else { Err(NoRoom) }
    }

    /// Closes those that wait for their peers, until it is `enough` for so many to be left: first of
    /// the peer that has most by `weight`, and of its connections the slowest.
    fn crowd_out(
        &self,
        open: &mut HashMap<u64, Arc<Entry>>,
        now: Instant,
        weight: impl Fn(&State) -> usize,
        enough: impl Fn(usize) -> bool,
    ) {
        let mut peers = HashMap::<IpAddr, usize>::new();
        let mut spare = Vec::new();
        for entry in open.values() {
            let state = entry.state();
            let (peer, weight) = (entry.peer(&state), weight(&state));
            if let Some(peer) = peer {
                *peers.entry(peer).or_default() += weight;
            }
            if weight > 0 && state.is_spare() {
                let slowness = state.taken(now).as_nanos() / weight as u128;
                spare.push((peer, weight, slowness, entry.id));
            }
        }
        let total = |peer: Option<IpAddr>, alone: usize| peer.map_or(alone, |peer| peers[&peer]);
        spare.sort_by_cached_key(|(peer, weight, slowness, _)| {
            Reverse((total(*peer, *weight), *slowness))
        });
        for (.., id) in spare {
            if enough(open.len()) {
                return;
            }
            let entry = open.get(&id).expect("the list is locked").clone();
            // It may have been served since it was looked at.
            let mut state = entry.state();
            if state.is_spare() {
                self.close(&mut state, Closing::Crowded);
                drop(state);
                open.remove(&id);
            }
        }
    }

    /// Closes those whose deadline has passed.
    pub(super) fn close_late(&self, now: Instant) {
        self.list().retain(|_, entry| {
            let mut state = entry.state();
            let is_late = state.is_late(&self.limits, now);
            if is_late {
                self.close(&mut state, Closing::Late);
            }
            !is_late
        });
    }

    fn close(&self, state: &mut State, closing: Closing) {
        self.release(state.close(closing));
        let closed = match closing {
            Closing::Late => &self.late,
            Closing::Crowded => &self.crowded,
        };
        closed.inc();
    }

    fn list(&self) -> MutexGuard<'_, HashMap<u64, Arc<Entry>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
