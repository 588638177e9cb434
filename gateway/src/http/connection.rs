//! One connection: what it waits for, since when, and what it holds in memory.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::{Duration, Instant},
};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::{Connections, Limits, peer::group};

/// Most bytes of a head that the server's parser holds before it refuses it.
pub(crate) const HEAD: usize = 128 * 1024;
/// So many bytes beyond a request are its framing, and not the next one's.
const FRAMING: usize = 8 * 1024;

/// What a connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing, since its last request was answered.
    Idle,
    /// It sends the head of a request, or has never sent one.
    Head,
    /// It sends the body.
    Body,
    /// It waits for us.
    Served,
    /// It does not take the answer.
    Answer,
}

/// Why a connection is closed before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    /// A deadline has passed, or its body came too slowly.
    Late,
    /// Others needed its place or its memory.
    Crowded,
}

/// All memory for requests is taken, by requests that have come whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom;

/// A connection, as its stream and its requests share it.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(super) connections: Arc<Connections>,
    pub(super) entry: Arc<Entry>,
}

/// A connection, as its listener's list knows it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: u64,
    /// The other end.
    address: Option<IpAddr>,
    /// Whether that is a trusted proxy, whose connections are not one peer's.
    is_proxy: bool,
    state: Mutex<State>,
}

/// What changes.
#[derive(Debug)]
pub(super) struct State {
    phase: Phase,
    /// When the phase began, or last went on.
    since: Instant,
    /// The peer of the request at hand, as a trusted proxy names it.
    forwarded: Option<IpAddr>,
    /// Bytes of the request in memory.
    pub(super) held: usize,
    /// Bytes over the wire that no request has taken yet.
    unread: usize,
    closing: Option<Closing>,
    waker: Option<Waker>,
}

impl Entry {
    pub(super) fn new(id: u64, address: Option<IpAddr>, is_proxy: bool, now: Instant) -> Self {
        let state = State {
            phase: Phase::Head,
            since: now,
            forwarded: None,
            held: 0,
            unread: 0,
            closing: None,
            waker: None,
        };
        Self { id, address, is_proxy, state: Mutex::new(state) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The peer that its place and its bytes count for: none for a proxy that waits.
    pub(super) fn peer(&self, state: &State) -> Option<IpAddr> {
        state.forwarded.or(self.address.filter(|_| !self.is_proxy)).map(group)
    }
}

impl State {
    /// Whether its deadline has passed.
    pub(super) fn is_late(&self, limits: &Limits, now: Instant) -> bool {
        let taken = self.taken(now);
        match self.phase {
            Phase::Idle => taken > limits.idle_timeout,
            Phase::Head | Phase::Answer => taken > limits.request_timeout,
            Phase::Body => {
                let earned = self.held as u64 * 1000 / u64::from(limits.min_body_rate.get());
                taken > limits.request_timeout + Duration::from_millis(earned)
            }
            Phase::Served => false,
        }
    }

    /// Whether it may be closed to make room: not while the delay is ours.
    pub(super) fn is_spare(&self) -> bool {
        self.phase != Phase::Served
    }

    /// How long it has taken so far.
    pub(super) fn taken(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since)
    }

    /// Closes it: its reads end, its writes fail. Returns the bytes that it held.
    pub(super) fn close(&mut self, closing: Closing) -> usize {
        self.closing = Some(closing);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
        std::mem::take(&mut self.held)
    }
}

impl Connection {
    /// The peer of the request at hand.
    pub(crate) fn peer(&self) -> Option<IpAddr> {
        self.entry.state().forwarded.or(self.entry.address)
    }

    /// Why it is being closed, if it is. Otherwise `waker` is woken when that changes.
    pub(crate) fn closing(&self, waker: &Waker) -> Option<Closing> {
        let mut state = self.entry.state();
        if state.closing.is_none() && !state.waker.as_ref().is_some_and(|it| it.will_wake(waker)) {
            state.waker = Some(waker.clone());
        }
        state.closing
    }

    /// Bytes came over the wire.
    pub(super) fn received(&self, bytes: usize, now: Instant) {
        let mut state = self.entry.state();
        state.unread += bytes;
        match state.phase {
            Phase::Idle => {
                (state.phase, state.since) = (Phase::Head, now);
                self.hold_head(state, bytes, now);
            }
            Phase::Head => self.hold_head(state, bytes, now),
            // A body is counted where it is kept, and what follows it once it is answered.
            Phase::Body | Phase::Served | Phase::Answer => {}
        }
    }

    fn hold_head(&self, state: MutexGuard<'_, State>, bytes: usize, now: Instant) {
        let bytes = bytes.min(HEAD.saturating_sub(state.held));
        // A head for which there is no room is small, and its request is refused if it has a body.
        let _ = self.grow(state, bytes, now);
    }

    /// Bytes were taken by the other side.
    pub(super) fn sent(&self, now: Instant) {
        let mut state = self.entry.state();
        match state.phase {
            Phase::Answer => (state.phase, state.since) = (Phase::Idle, now),
            Phase::Idle => state.since = now,
            Phase::Head | Phase::Body | Phase::Served => {}
        }
    }

    /// Bytes are to be sent and the other side takes none.
    pub(super) fn stalled(&self, now: Instant) {
        let mut state = self.entry.state();
        match state.phase {
            Phase::Idle => (state.phase, state.since) = (Phase::Answer, now),
            Phase::Answer | Phase::Head | Phase::Body | Phase::Served => {}
        }
    }

    /// A head is whole, and its bytes are not counted any more.
    pub(super) fn begin(&self, headers: &HeaderMap) {
        let proxies = &self.connections.limits().trusted_proxies;
        let forwarded = if self.entry.is_proxy { proxies.forwarded(headers) } else { None };
        let mut state = self.entry.state();
        (state.phase, state.forwarded) = (Phase::Served, forwarded);
        let line = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len();
        state.unread = state.unread.saturating_sub(headers.iter().map(line).sum());
        self.connections.release(std::mem::take(&mut state.held));
    }

    /// The body is awaited from now on.
    pub(crate) fn expect_body(&self, now: Instant) {
        let mut state = self.entry.state();
        (state.phase, state.since) = (Phase::Body, now);
    }

    /// The body is whole, or is not awaited any more.
    pub(crate) fn serve(&self) {
        self.entry.state().phase = Phase::Served;
    }

    /// `bytes` more of the body are kept, until it is answered.
    pub(crate) fn hold(&self, bytes: usize, now: Instant) -> Result<(), NoRoom> {
        let mut state = self.entry.state();
        state.unread = state.unread.saturating_sub(bytes);
        self.grow(state, bytes, now)
    }

    fn grow(
        &self,
        mut state: MutexGuard<'_, State>,
        bytes: usize,
        now: Instant,
    ) -> Result<(), NoRoom> {
        if state.closing.is_some() {
            return Ok(());
        }
        state.held += bytes;
        let held = self.connections.take(bytes);
        drop(state);
        self.connections.make_room(held, now)
    }

    /// The request is answered, as far as we are concerned. What came beyond it is the next one's.
    pub(super) fn answered(&self, now: Instant) {
        let mut state = self.entry.state();
        if state.unread <= FRAMING {
            state.unread = 0;
        }
        let next = state.unread.min(HEAD);
        state.phase = if next == 0 { Phase::Idle } else { Phase::Head };
        (state.since, state.forwarded) = (now, None);
        self.connections.release(std::mem::take(&mut state.held));
        if next > 0 {
            self.hold_head(state, next, now);
        }
    }

    /// It is gone.
    pub(super) fn gone(&self) {
        self.connections.remove(&self.entry);
    }
}
