//! What a batch changes: loaded at once, merged in memory, saved at once.

use std::{
    collections::{BTreeSet, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
};

use jiff::Timestamp;
use labgate_core::decode::Unreadable;
use uuid::Uuid;

use super::{
    Cause, Connection, StoreError,
    appointments::{self, AppointmentDocument},
    arrival::Origin,
    events,
    key::Key,
    links::Links,
    merging::{Changes, Merging},
    order_reports::OrderReports,
    orders::{self, OrderDocument},
    parcel::{Parcel, Told},
    reports, tasks,
};

/// Everything that a batch may touch, after the webhooks that are merged.
pub(super) struct UnitOfWork {
    recorded_at: Timestamp,
    pub(super) orders: HashMap<Uuid, OrderDocument>,
    pub(super) links: Links,
    pub(super) appointments: HashMap<Uuid, AppointmentDocument>,
    pub(super) reports: OrderReports,
    events: Vec<events::Row>,
    tasks: Vec<tasks::Row>,
}

impl UnitOfWork {
    /// Loads and holds what `kept` webhooks tell of.
    pub(super) fn load(
        connection: &mut Connection,
        kept: &[(&Parcel, Uuid)],
    ) -> Result<Self, StoreError> {
        let (mut named, mut appointments) = (BTreeSet::new(), BTreeSet::new());
        let (mut reported, mut claims) = (BTreeSet::new(), Vec::new());
        for told in kept.iter().flat_map(|(parcel, _)| &parcel.arrival.notices).flatten() {
            match told {
                Told::Order { order, aliases, .. } => {
                    named.insert(Key(*order));
                    claims.extend(aliases.iter().map(|alias| (*order, *alias)));
                }
                Told::Appointment { order, appointment, .. } => {
                    named.insert(Key(*order));
                    appointments.insert(Key(*appointment));
                }
                Told::Report(filing) => {
                    named.insert(Key(filing.order));
                    reported.insert(Key(filing.order));
                }
                Told::Fetch(_) => {}
            }
        }
        let replayed = |(parcel, webhook): &(&Parcel, Uuid)| {
            (parcel.arrival.cause != Cause::Delivery).then_some(Key(*webhook))
        };
        let replays: Vec<_> = kept.iter().filter_map(replayed).collect();
        if !replays.is_empty() {
            // A reading that is set aside may have told of other orders.
            let touched = reports::orders_of_webhooks(connection, replays)?;
            named.extend(touched.iter().copied());
            reported.extend(touched);
        }
        let ids = claims.iter().map(|(_, alias)| Key(*alias)).chain(named.iter().copied());
        let (orders, links) = orders::load(connection, ids.collect())?;
        let mut reported: BTreeSet<Uuid> =
            reported.into_iter().map(|Key(order)| links.canonical(order)).collect();
        for (order, alias) in claims {
            let (order, alias) = (links.canonical(order), links.canonical(alias));
            // What is known under the alias, or becomes known before it is claimed.
            if order != alias && (orders.contains_key(&alias) || named.contains(&Key(alias))) {
                reported.extend([order, alias]);
            }
        }
        // An order that is not there has no reports.
        let reported = reported.iter().filter_map(|order| Some((*order, orders.get(order)?)));
        let filed = reported.flat_map(|(order, known)| {
            let ids = orders::ids(order, &known.subject, &known.history);
            ids.into_iter().map(move |id| (id, order))
        });
        let filed = filed.collect();
        Ok(Self {
            recorded_at: Timestamp::now(),
            orders,
            links,
            appointments: appointments::load(connection, appointments)?,
            reports: OrderReports::load(connection, &filed)?,
            events: Vec::new(),
            tasks: Vec::new(),
        })
    }

    /// Merges what a webhook says: all of it, or if that is too much or the merge fails, nothing.
    pub(super) fn merge(&mut self, parcel: &Parcel, webhook: Uuid) -> Result<(), Unreadable> {
        let arrival = &parcel.arrival;
        let Ok(said) = &arrival.notices else { return Ok(()) };
        let origin = Origin {
            plugin: arrival.plugin.clone(),
            webhook,
            received_at: arrival.request.received_at(),
            recorded_at: self.recorded_at,
        };
        // A mistake of ours must not cost the webhook, nor those that share its batch: it is kept,
        // and read again after the fix. Nothing that it left half-done counts.
        let merged = catch_unwind(AssertUnwindSafe(|| {
            let mut merging = Merging::new(self, &origin);
            if arrival.cause != Cause::Delivery {
                merging.set_aside(said);
            }
            merging.merge(said)
        }));
        let changes =
            merged.unwrap_or_else(|_| Err(Unreadable::at("", "the merge failed on it")))?;
        self.take(changes);
        Ok(())
    }

    fn take(&mut self, changes: Changes) {
        let Changes { orders, links, appointments, reports, events, tasks } = changes;
        self.orders.extend(orders);
        for alias in links.aliases() {
            if let Some(known) = self.orders.get_mut(&alias) {
                known.changed = true;
            }
        }
        self.links.take(links);
        self.appointments.extend(appointments);
        self.reports.take(reports);
        self.events.extend(events);
        self.tasks.extend(tasks);
    }

    /// Writes everything that has changed.
    pub(super) fn save(self, connection: &mut Connection) -> Result<(), StoreError> {
        orders::save(connection, &self.orders, &self.links)?;
        appointments::save(connection, &self.appointments)?;
        self.reports.save(connection, self.recorded_at)?;
        tasks::save(connection, &self.tasks)?;
        events::append(connection, self.events)
    }
}
