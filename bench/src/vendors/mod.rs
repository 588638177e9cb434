//! What vendors send in a busy hour, made and signed before the clock starts.
//!
//! Four clinics with accounts at both vendors order tests; the vendors tell of them. The mix is
//! in `clinic.rs`. Everything but the signatures and their times follows from the seed.

mod appointment;
mod catalogue;
mod clinic;
mod draw;
mod fullscript;
mod markers;
mod order;
mod person;
mod result;
mod template;
#[cfg(test)]
mod tests;

use std::thread;

use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::{signer::Signer, webhook::Webhook};
use clinic::Clinic;

/// Clinics, each of which is made by a thread of its own.
const CLINICS: usize = 4;

/// Both vendors, with all that they have told so far.
pub struct Vendors {
    clinics: Vec<Clinic>,
    signer: Signer,
    left: Vec<Webhook>,
}

impl Vendors {
    /// Vendors at the beginning: nothing was told yet.
    pub fn new(seed: u64, signer: Signer) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let clinics = (0..CLINICS).map(|_| Clinic::new(rng.random())).collect();
        Self { clinics, signer, left: Vec::new() }
    }

    /// The next webhooks, at least `count` of them, signed now: send them within five minutes.
    pub fn next(&mut self, count: usize) -> Vec<Webhook> {
        let now = Timestamp::now();
        let mut webhooks = std::mem::take(&mut self.left);
        for webhook in &mut webhooks {
            *webhook = self.signer.again(webhook, now);
        }
        let missing = count.saturating_sub(webhooks.len());
        webhooks.extend(self.tell(missing, now));
        webhooks
    }

    /// Takes back what was not sent, so that it comes first the next time.
    pub fn give_back(&mut self, left: Vec<Webhook>) {
        self.left = left;
    }

    fn tell(&mut self, count: usize, now: Timestamp) -> Vec<Webhook> {
        let each = count.div_ceil(CLINICS);
        let signer = &self.signer;
        let told: Vec<Vec<Webhook>> = thread::scope(|scope| {
            let threads: Vec<_> = self
                .clinics
                .iter_mut()
                .map(|clinic| scope.spawn(move || clinic.next(each, signer, now)))
                .collect();
            let join =
                |thread: thread::ScopedJoinHandle<_>| thread.join().expect("no clinic fails");
            threads.into_iter().map(join).collect()
        });
        let mut queues: Vec<_> = told.into_iter().map(Vec::into_iter).collect();
        let mut webhooks = Vec::with_capacity(each * CLINICS);
        for _ in 0..each {
            webhooks.extend(queues.iter_mut().filter_map(Iterator::next));
        }
        webhooks
    }
}
