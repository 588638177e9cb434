//! A backend on trial: rounds of load and kills, and what was found after each.

use std::{collections::HashSet, io, time::Duration};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use uuid::Uuid;

use super::{
    Backend, Plan,
    account::Account,
    archive::Archive,
    clients::Clients,
    feed::Feed,
    fleet::{Fleet, Strike},
    model::Model,
    orders,
};
use crate::{
    admin::Admin,
    audit,
    compare::note,
    load::{Fate, Report},
    signer::Signer,
};

/// Milliseconds of load after which a gateway is killed.
const MOMENTS: std::ops::RangeInclusive<u64> = 3..=300;
/// Orders that are compared after a restart.
const SAMPLE: usize = 20;
/// How often what is stored is read again because it has changed meanwhile: a server may still be
/// about the last commit of a gateway that is dead.
const LOOKS: usize = 5;

pub(super) struct Trial {
    fleet: Fleet,
    clients: Clients,
    plan: Plan,
    /// Draws moments and victims, and nothing else: they follow from the seed.
    moments: StdRng,
    archive: Archive,
    model: Model,
    feed: Feed,
    /// Orders that were written to and not yet compared.
    touched: HashSet<Uuid>,
    kills: usize,
    compared: usize,
}

impl Trial {
    pub(super) fn new(fleet: Fleet, plan: Plan) -> Self {
        let clients = Clients::new(plan.seed, fleet.home.signer.clone());
        Self {
            fleet,
            clients,
            plan,
            moments: StdRng::seed_from_u64(plan.seed),
            archive: Archive::default(),
            model: Model::default(),
            feed: Feed::default(),
            touched: HashSet::new(),
            kills: 0,
            compared: 0,
        }
    }

    /// Kills so many times, and tells what is wrong once something is.
    pub(super) fn run(&mut self, kills: usize) -> io::Result<Vec<String>> {
        for _ in 0..kills {
            let mut faults = self.round()?;
            faults.extend(self.check(false)?);
            if !faults.is_empty() {
                return Ok(faults);
            }
        }
        self.finish()
    }

    /// Load, a kill amid it, and a restart.
    fn round(&mut self) -> io::Result<Vec<String>> {
        let moment = Duration::from_millis(self.moments.random_range(MOMENTS));
        let victim = self.moments.random_range(0..self.fleet.size());
        let shares = self.clients.shares(self.fleet.size(), moment);
        let reports = self.fleet.strike(shares, self.plan.clients, Strike { victim, moment })?;
        self.kills += 1;
        let refused = |(place, report): (usize, &Report)| {
            let refused = report.tally.fates.iter().filter(|fate| **fate != Fate::Kept).count();
            (place != victim && refused > 0)
                .then(|| format!("the gateway that was not killed did not take {refused}"))
        };
        let faults = reports.iter().enumerate().filter_map(refused).collect();
        let kept: u64 = reports.iter().map(|report| report.tally.kept).sum();
        let sent: usize = reports.iter().map(|report| report.sent.len()).sum();
        note(&format!("kill {} after {moment:?}: {kept} of {sent} answered", self.kills))?;
        self.clients.note(reports);
        Ok(faults)
    }

    /// Sends what is still to be sent again, with nobody killed, and compares everything.
    fn finish(&mut self) -> io::Result<Vec<String>> {
        let rest = self.clients.rest();
        let report = self.fleet.send(rest, self.plan.clients)?;
        let refused = report.tally.fates.iter().filter(|fate| **fate != Fate::Kept).count();
        self.clients.note(vec![report]);
        let mut faults = self.check(true)?;
        if refused > 0 {
            faults.push(format!("{refused} were not taken when nobody was killed"));
        }
        faults.extend(self.feed.strangers(&self.model));
        faults.extend(audit::audit(&mut self.fleet.admin()?, &self.clients.ledger)?.faults);
        Ok(faults)
    }

    /// Compares what is stored with what was sent, until nothing changes meanwhile.
    fn check(&mut self, whole: bool) -> io::Result<Vec<String>> {
        for _ in 0..LOOKS {
            let mut faults = Vec::new();
            let fresh =
                self.archive.look(&mut self.fleet.admin()?, &self.clients.ledger, &mut faults)?;
            for new in fresh {
                let Some(webhook) = self.clients.unseen.remove(&new.sent) else { continue };
                let plugin = self.fleet.home.signer.plugin(webhook.kind);
                let message_id = format!("msg_{}", webhook.id.simple());
                let arrival = Signer::read(plugin, &message_id, webhook.body(), new.received_at);
                match self.model.take(arrival, new.webhook) {
                    Ok(orders) => self.touched.extend(orders),
                    Err(fault) => faults.push(fault),
                }
            }
            let mut admin = self.fleet.admin()?;
            self.touched.extend(self.feed.read(&mut admin)?);
            faults.extend_from_slice(self.feed.faults());
            for id in &self.touched {
                faults.extend(self.feed.compare(*id, &self.model));
            }
            faults.extend(if whole { self.all(&mut admin)? } else { self.some(&mut admin)? });
            if self.feed.read(&mut admin)?.is_empty() {
                self.touched.clear();
                return Ok(faults);
            }
        }
        Ok(vec!["the feed goes on, and nobody sends".into()])
    }

    /// Compares some of the orders that were just written to.
    fn some(&mut self, admin: &mut Admin) -> io::Result<Vec<String>> {
        let touched: Vec<Uuid> = self.touched.iter().copied().collect();
        let mut faults = Vec::new();
        for id in touched.sample(&mut rand::rng(), SAMPLE) {
            let found = orders::find(admin, *id)?;
            let expected = (&self.model, &self.feed);
            faults.extend(orders::compare(admin, *id, found.as_ref(), expected)?);
        }
        Ok(faults)
    }

    /// Compares every order, those that nobody has told of too.
    fn all(&mut self, admin: &mut Admin) -> io::Result<Vec<String>> {
        let found = orders::all(admin)?;
        let ids: HashSet<Uuid> = found.keys().chain(self.model.orders.keys()).copied().collect();
        self.compared = ids.len();
        let mut faults = Vec::new();
        for id in ids {
            faults.extend(self.feed.compare(id, &self.model));
            let expected = (&self.model, &self.feed);
            faults.extend(orders::compare(admin, id, found.get(&id), expected)?);
        }
        Ok(faults)
    }

    /// What it came to.
    pub(super) fn account(&self, backend: Backend, faults: Vec<String>, took: Duration) -> Account {
        Account {
            backend,
            plan: self.plan,
            kills: self.kills,
            answered: self.clients.ledger.kept(),
            stored: self.archive.len(),
            unanswered: self.clients.unanswered,
            resent: self.clients.resent,
            given_up: self.clients.given_up,
            orders: self.compared,
            events: self.feed.len(),
            took,
            faults,
        }
    }
}
