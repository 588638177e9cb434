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
        let (mut orders, mut appointments) = (BTreeSet::new(), BTreeSet::new());
        let mut reported = BTreeSet::new();
        for told in kept.iter().flat_map(|(parcel, _)| &parcel.arrival.notices).flatten() {
            match told {
                Told::Order { order, .. } => {
                    orders.insert(Key(*order));
                }
                Told::Appointment { order, appointment, .. } => {
                    orders.insert(Key(*order));
                    appointments.insert(Key(*appointment));
                }
                Told::Report(filing) => {
                    orders.insert(Key(filing.order));
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
            orders.extend(touched.iter().copied());
            reported.extend(touched);
        }
        let orders = orders::load(connection, orders)?;
        // An order that is not there has no reports.
        reported.retain(|order| orders.contains_key(&order.0));
        Ok(Self {
            recorded_at: Timestamp::now(),
            orders,
            appointments: appointments::load(connection, appointments)?,
            reports: OrderReports::load(connection, reported)?,
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
        let Changes { orders, appointments, reports, events, tasks } = changes;
        self.orders.extend(orders);
        self.appointments.extend(appointments);
        self.reports.take(reports);
        self.events.extend(events);
        self.tasks.extend(tasks);
    }

    /// Writes everything that has changed.
    pub(super) fn save(self, connection: &mut Connection) -> Result<(), StoreError> {
        orders::save(connection, &self.orders)?;
        appointments::save(connection, &self.appointments)?;
        self.reports.save(connection, self.recorded_at)?;
        tasks::save(connection, &self.tasks)?;
        events::append(connection, self.events)
    }
}
