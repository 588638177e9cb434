//! Who sends: vendors, who send again what was not answered, and sometimes what was.

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use uuid::Uuid;

use crate::{
    ledger::Ledger,
    load::{Fate, Report},
    signer::Signer,
    vendors::Vendors,
    webhook::Webhook,
};

/// How many in a hundred of those that were not answered are never sent again.
const NEVER: u32 = 25;
/// How many in a hundred of those that were answered are sent again all the same.
const ANYWAY: u32 = 2;
/// How many new webhooks come at the end.
const LAST: usize = 300;
/// How many rounds later something is sent again at most.
const LATER: usize = 3;

pub(super) struct Clients {
    vendors: Vendors,
    signer: Signer,
    rng: StdRng,
    /// All that was sent.
    pub(super) ledger: Ledger,
    /// What was sent and was not yet seen in the archive.
    pub(super) unseen: HashMap<Uuid, Webhook>,
    /// What is sent again, and in which round.
    later: Vec<(usize, Webhook)>,
    round: usize,
    /// Webhooks a second that a gateway was seen to take, to know how many to make.
    pace_seen: f64,
    /// Deliveries that were not answered, or with something else.
    pub(super) unanswered: usize,
    /// Deliveries of what was sent in an earlier round.
    pub(super) resent: usize,
    /// Of those that were not answered, how many are never sent again.
    pub(super) given_up: usize,
}

impl Clients {
    pub(super) fn new(seed: u64, signer: Signer) -> Self {
        Self {
            vendors: Vendors::new(seed, signer.clone()),
            signer,
            rng: StdRng::seed_from_u64(!seed),
            ledger: Ledger::default(),
            unseen: HashMap::new(),
            later: Vec::new(),
            round: 0,
            pace_seen: 4000.0,
            unanswered: 0,
            resent: 0,
            given_up: 0,
        }
    }

    /// More than each of `gateways` takes in `most`; neighbours go to different ones.
    pub(super) fn shares(&mut self, gateways: usize, most: Duration) -> Vec<Vec<Webhook>> {
        self.round += 1;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is small")]
        let each = (self.pace_seen * 1.5 * most.as_secs_f64()).ceil() as usize + 100;
        let mut webhooks = self.vendors.next(each * gateways);
        for again in self.due(self.round) {
            let place = self.rng.random_range(0..=webhooks.len() / 2);
            webhooks.insert(place, again);
        }
        let mut shares = vec![Vec::with_capacity(webhooks.len() / gateways + 1); gateways];
        for (place, webhook) in webhooks.into_iter().enumerate() {
            shares[place % gateways].push(webhook);
        }
        shares
    }

    /// All that is still to be sent again, and what comes after it: life goes on.
    pub(super) fn rest(&mut self) -> Vec<Webhook> {
        let mut rest = self.due(usize::MAX);
        rest.extend(self.vendors.next(LAST).into_iter().take(LAST));
        rest
    }

    fn due(&mut self, round: usize) -> Vec<Webhook> {
        let now = Timestamp::now();
        let (due, later) = self.later.drain(..).partition(|(due, _)| *due <= round);
        self.later = later;
        let due: Vec<(usize, Webhook)> = due;
        due.iter().map(|(_, webhook)| self.signer.again(webhook, now)).collect()
    }

    /// Takes down what became of a round, and who sends what again.
    pub(super) fn note(&mut self, reports: Vec<Report>) {
        let mut left = Vec::new();
        for report in &reports {
            for webhook in &report.sent {
                match self.ledger.find(webhook.id) {
                    Some(_) => self.resent += 1,
                    None => drop(self.unseen.insert(webhook.id, webhook.clone())),
                }
            }
        }
        for report in reports {
            self.ledger.note(&report);
            if report.tally.kept > 100 {
                self.pace_seen = report.tally.rate();
            }
            for (webhook, fate) in report.sent.into_iter().zip(report.tally.fates) {
                self.decide(webhook, fate);
            }
            left.extend(report.left);
        }
        self.vendors.give_back(left);
    }

    fn decide(&mut self, webhook: Webhook, fate: Fate) {
        self.unanswered += usize::from(fate == Fate::Unknown);
        let draw = self.rng.random_range(0..100);
        let again = match fate {
            Fate::Kept => draw < ANYWAY,
            Fate::Unknown => draw >= NEVER,
        };
        if again {
            self.later.push((self.round + self.rng.random_range(1..=LATER), webhook));
        } else if fate == Fate::Unknown {
            self.given_up += 1;
        }
    }
}
