//! Many clients at once, and whoever watches how far they are.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{Answer, Gateway, Request, Silence, junction, order};

/// Requests that clients share among themselves: each is sent once, by whoever is free.
#[derive(Debug)]
pub struct Crowd<'a> {
    requests: &'a [Request],
    next: AtomicUsize,
    done: Mutex<usize>,
    news: Condvar,
}

/// What became of a request.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its place among the requests.
    pub index: usize,
    /// The answer, if there was one.
    pub answer: Result<Answer, Silence>,
    /// How long it took.
    pub took: Duration,
}

/// `count` webhooks, each of an order of its own by the name of its message.
pub fn orders(count: usize) -> Vec<Request> {
    let names = (0..count).map(|index| format!("order-{index}"));
    names.map(|name| junction(&name, order(&name))).collect()
}

/// The names of those of [`orders`] that were accepted.
pub fn accepted(sent: &[Sent]) -> BTreeSet<String> {
    let accepted = sent.iter().filter(|sent| sent.status() == 200);
    accepted.map(|sent| format!("order-{}", sent.index)).collect()
}

impl Gateway {
    /// Fails unless it keeps each of [`orders`] that was `accepted`, and whatever else it keeps of
    /// them, exactly once, and tells of it exactly once.
    pub fn keeps_once(&self, accepted: &BTreeSet<String>) {
        let texts = |items: &[Value], field: &str| -> Vec<String> {
            items.iter().map(|item| item[field].as_str().unwrap().into()).collect()
        };
        let kept = texts(&self.all("/v1/webhooks"), "message_id");
        let once: BTreeSet<_> = kept.iter().cloned().collect();
        assert_eq!(once.len(), kept.len(), "something is kept twice");
        let lost: Vec<_> = accepted.difference(&once).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        let orders = texts(&self.all("/v1/orders"), "provider_order_id");
        assert_eq!(orders.len(), once.len());
        assert_eq!(orders.into_iter().collect::<BTreeSet<_>>(), once);
        let told = texts(&self.feed(), "order_id");
        assert_eq!(told.len(), once.len(), "one event for each order");
        assert_eq!(told.into_iter().collect::<BTreeSet<_>>().len(), once.len());
    }
}

impl Sent {
    /// The status code; 0 without an answer.
    pub fn status(&self) -> u16 {
        self.answer.as_ref().map_or(0, |answer| answer.status)
    }

    /// Whether it was kept before, as the answer says.
    pub fn is_duplicate(&self) -> bool {
        self.answer.as_ref().is_ok_and(|answer| answer.json()["duplicate"] == true)
    }
}

impl<'a> Crowd<'a> {
    /// A crowd that has not begun.
    pub fn new(requests: &'a [Request]) -> Self {
        Self { requests, next: AtomicUsize::new(0), done: Mutex::new(0), news: Condvar::new() }
    }

    /// Sends everything, as many at once as there are `clients`, each to the address that `to`
    /// gives for its place. Ends when all is answered, or after what was on its way at [`stop`].
    ///
    /// [`stop`]: Self::stop
    pub fn run(&self, clients: usize, to: impl Fn(usize) -> SocketAddr + Sync) -> Vec<Sent> {
        let client = || {
            let mut sent = Vec::new();
            loop {
                let index = self.next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = self.requests.get(index) else { return sent };
                let started = Instant::now();
                let answer = request.try_send(to(index));
                sent.push(Sent { index, answer, took: started.elapsed() });
                *self.done.lock().unwrap() += 1;
                self.news.notify_all();
            }
        };
        let mut sent: Vec<_> = thread::scope(|scope| {
            let clients: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
            clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
        });
        sent.sort_by_key(|sent| sent.index);
        sent
    }

    /// Waits until so many have been answered.
    pub fn wait_for(&self, count: usize) {
        let patience = Duration::from_mins(1);
        let done = self.done.lock().unwrap();
        let (done, waited) =
            self.news.wait_timeout_while(done, patience, |done| *done < count).unwrap();
        assert!(!waited.timed_out(), "{} of {count} were answered", *done);
    }

    /// Lets nobody send another one.
    pub fn stop(&self) {
        self.next.store(self.requests.len(), Ordering::Relaxed);
    }
}

/// Waits until `condition` holds, which is asked again and again.
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "{what}: it never came");
        thread::yield_now();
    }
}
