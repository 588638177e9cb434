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
    order_reports::ReportDraft,
    orders::{self, OrderDocument},
    parcel::Told,
    tasks,
    unit_of_work::UnitOfWork,
};

/// What a webhook changed.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) orders: Vec<(Uuid, OrderDocument)>,
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
    appointments: HashMap<Uuid, Draft<AppointmentHistory>>,
    pointers: HashSet<&'a FetchNotice>,
    changes: Changes,
}

impl<'a> Merging<'a> {
    pub(super) fn new(known: &'a UnitOfWork, origin: &'a Origin) -> Self {
        let (orders, appointments) = (HashMap::new(), HashMap::new());
        let (pointers, changes) = (HashSet::new(), Changes::default());
        Self { known, origin, orders, appointments, pointers, changes }
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

    fn absorb(&mut self, told: &'a Told) -> Result<(), Unreadable> {
        let received_at = self.origin.received_at;
        match told {
            Told::Order { order, notice } => {
                let history = self.order(*order, &notice.provider_order_id);
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
                self.changes.reports.file(&self.known.reports, self.origin, filing)
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
        self.order(order, provider_id).mention(at);
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
            Told::Order { order, .. } => self.settle_order(*order),
            Told::Appointment { order, appointment, .. } => {
                self.settle_order(*order);
                self.settle_appointment(*appointment);
            }
            Told::Report(filing) => {
                self.settle_order(filing.order);
                self.settle_reports(&filing.name());
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
    }

    fn settle_appointment(&mut self, id: Uuid) {
        let draft = self.appointments.remove(&id);
        let before = self.known.appointments.get(&id);
        if let Some((appointment, change)) =
            draft.and_then(|draft| appointments::settle(id, draft, before))
        {
            self.record(change);
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
