//! What one webhook changes, before any of it counts.
//!
//! All notices of the webhook are merged into drafts, and then each order, appointment and report
//! is compared once with what it was: the feed reports what the webhook changed, whatever shares
//! its batch, and however many of its notices are about one thing.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use labgate_core::{
    Identifier,
    decode::Unreadable,
    merge::{AppointmentHistory, OrderHistory},
    notice::FetchNotice,
};
use uuid::Uuid;

use super::{
    appointments::{self, AppointmentDocument},
    arrival::Origin,
    budget,
    document::{Draft, Subject},
    events::{self, Change},
    links::Links,
    order_reports::ReportDraft,
    orders::{self, OrderDocument},
    parcel::{Filing, Told},
    tasks,
    unit_of_work::UnitOfWork,
};

/// What a webhook changed.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) orders: Vec<(Uuid, OrderDocument)>,
    /// Orders that lead to others from now on.
    pub(super) links: Links,
    pub(super) appointments: Vec<(Uuid, AppointmentDocument)>,
    pub(super) reports: ReportDraft,
    pub(super) events: Vec<events::Row>,
    pub(super) tasks: Vec<tasks::Row>,
}

/// A webhook on its way into the model.
pub(super) struct Merging<'a> {
    known: &'a UnitOfWork,
    origin: &'a Origin,
    orders: HashMap<Uuid, Draft<OrderHistory>>,
    /// Which known orders turned out to be each order, and the names that they have.
    merged: HashMap<Uuid, Vec<(Uuid, &'a Identifier)>>,
    appointments: HashMap<Uuid, Draft<AppointmentHistory>>,
    pointers: HashSet<&'a FetchNotice>,
    changes: Changes,
}

impl<'a> Merging<'a> {
    pub(super) fn new(known: &'a UnitOfWork, origin: &'a Origin) -> Self {
        let (orders, merged, appointments) = (HashMap::new(), HashMap::new(), HashMap::new());
        let (pointers, changes) = (HashSet::new(), Changes::default());
        Self { known, origin, orders, merged, appointments, pointers, changes }
    }

    /// Sets aside what the webhook reported when it was read before, and does not report now.
    pub(super) fn set_aside(&mut self, said: &[Told]) {
        let reported: BTreeSet<Uuid> = said.iter().filter_map(Told::report).collect();
        let reports = &mut self.changes.reports;
        reports.set_aside(&self.known.reports, self.origin.webhook, &reported);
    }

    /// Merges what the webhook says.
    pub(super) fn merge(mut self, said: &'a [Told]) -> Result<Changes, Unreadable> {
        for told in said {
            self.claim(told)?;
        }
        for told in said {
            self.absorb(told)?;
        }
        for told in said {
            self.settle(told);
        }
        // What it only set aside.
        for name in self.changes.reports.open() {
            self.settle_reports(&name);
        }
        Ok(self.changes)
    }

    /// The order that `id` leads to.
    fn canonical(&self, id: Uuid) -> Uuid {
        self.changes.links.canonical_over(&self.known.links, id)
    }

    /// Makes every further name of an order lead to it, before anything is merged that was said
    /// under any of them. The first claim of a name stands.
    fn claim(&mut self, told: &'a Told) -> Result<(), Unreadable> {
        let Told::Order { order, aliases, notice } = told else { return Ok(()) };
        let order = self.canonical(*order);
        for (alias, name) in aliases.iter().zip(&notice.aliases) {
            if *alias != order && self.canonical(*alias) == *alias {
                self.changes.links.add(*alias, order);
                self.order(order, &notice.provider_order_id).claim(name);
                self.fold(*alias, name, order)?;
            }
        }
        Ok(())
    }

    /// Makes all that was said under a name part of the order that it leads to now.
    fn fold(&mut self, alias: Uuid, name: &'a Identifier, order: Uuid) -> Result<(), Unreadable> {
        let known = self.known.orders.get(&alias);
        let draft = self.orders.remove(&alias).map(|draft| draft.history);
        if let Some(said) = draft.or_else(|| known.map(|known| known.history.clone())) {
            let history = self.order(order, name);
            history.fold(said);
            budget::statuses(history.timeline().len())?;
        }
        let earlier = self.merged.remove(&alias).unwrap_or_default();
        let merged = self.merged.entry(order).or_default();
        merged.extend(earlier);
        if known.is_some() {
            merged.push((alias, name));
        } else {
            self.changes.orders.push((alias, orders::alias(subject(self.origin, name))));
        }
        self.changes.reports.fold(&self.known.reports, alias, order)
    }

    fn absorb(&mut self, told: &'a Told) -> Result<(), Unreadable> {
        let received_at = self.origin.received_at;
        match told {
            Told::Order { order, notice, .. } => {
                let history = self.order(self.canonical(*order), &notice.provider_order_id);
                history.tell(notice, received_at);
                budget::statuses(history.timeline().len())
            }
            Told::Appointment { order, appointment, notice } => {
                self.mention(*order, &notice.provider_order_id, notice.latest_at());
                let history = self.appointment(*appointment, &notice.provider_appointment_id);
                history.tell(notice, received_at);
                budget::statuses(history.timeline().len())
            }
            Told::Report(filing) => {
                let notice = &filing.report.notice;
                self.mention(filing.order, &notice.provider_order_id, notice.reported_at);
                let name = self.name(filing);
                self.changes.reports.file(&self.known.reports, self.origin, name, filing)
            }
            Told::Fetch(pointer) => {
                if self.pointers.insert(pointer) {
                    self.changes.tasks.push(tasks::Row::new(self.origin, pointer));
                }
                Ok(())
            }
        }
    }

    /// Takes in that something which belongs to an order was reported, and makes the order if it is
    /// not there: appointments and results may come before it, and nothing waits for its parent.
    fn mention(&mut self, order: Uuid, provider_id: &Identifier, at: Timestamp) {
        self.order(self.canonical(order), provider_id).mention(at);
    }

    /// Which report of its order it is a version of.
    fn name(&self, filing: &Filing) -> (Uuid, Option<Identifier>) {
        (self.canonical(filing.order), filing.report.notice.provider_report_id.clone())
    }

    fn order(&mut self, id: Uuid, provider_id: &Identifier) -> &mut OrderHistory {
        let (known, origin) = (self.known.orders.get(&id), self.origin);
        let draft = self.orders.entry(id);
        &mut draft.or_insert_with(|| Draft::of(known, subject(origin, provider_id))).history
    }

    fn appointment(&mut self, id: Uuid, provider_id: &Identifier) -> &mut AppointmentHistory {
        let (known, origin) = (self.known.appointments.get(&id), self.origin);
        let draft = self.appointments.entry(id);
        &mut draft.or_insert_with(|| Draft::of(known, subject(origin, provider_id))).history
    }

    /// Compares what a notice is about with what it was, at the first notice that is about it.
    fn settle(&mut self, told: &Told) {
        match told {
            Told::Order { order, .. } => self.settle_order(self.canonical(*order)),
            Told::Appointment { order, appointment, .. } => {
                self.settle_order(self.canonical(*order));
                self.settle_appointment(*appointment);
            }
            Told::Report(filing) => {
                let name = self.name(filing);
                self.settle_order(name.0);
                self.settle_reports(&name);
            }
            Told::Fetch(_) => {}
        }
    }

    fn settle_order(&mut self, id: Uuid) {
        let draft = self.orders.remove(&id);
        let settled = draft.and_then(|draft| orders::settle(draft, self.known.orders.get(&id)));
        if let Some((order, change)) = settled {
            self.record(change);
            self.changes.orders.push((id, order));
        }
        for (merged, name) in self.merged.remove(&id).unwrap_or_default() {
            self.record(orders::merged(id, merged, name));
        }
    }

    fn settle_appointment(&mut self, id: Uuid) {
        let draft = self.appointments.remove(&id);
        let before = self.known.appointments.get(&id);
        if let Some((appointment, change)) =
            draft.and_then(|draft| appointments::settle(id, draft, before))
        {
            self.record(Change { order_id: self.canonical(change.order_id), ..change });
            self.changes.appointments.push((id, appointment));
        }
    }

    fn settle_reports(&mut self, name: &(Uuid, Option<Identifier>)) {
        for change in self.changes.reports.settle(&self.known.reports, name) {
            self.record(change);
        }
    }

    fn record(&mut self, change: Change) {
        self.changes.events.extend(events::rows(self.origin, change));
    }
}

fn subject(origin: &Origin, provider_id: &Identifier) -> Subject {
    Subject { plugin: origin.plugin.clone(), provider_id: provider_id.clone() }
}
