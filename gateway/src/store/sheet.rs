//! What a batch changes: loaded at once, merged in memory, saved at once.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use labgate_core::Identifier;
use uuid::Uuid;

use super::{
    Cause, Connection, StoreError,
    appointments::{self, AppointmentDocument},
    arrival::Origin,
    document::{Document, Subject},
    events::{self, Change},
    key::Key,
    orders::{self, OrderDocument},
    parcel::{Filing, Parcel, Told},
    reports::{self, Shelf},
    seal::Seal,
    tasks,
};

/// Everything that a batch may touch, as it stands and as it becomes.
pub(super) struct Sheet {
    seal: Arc<Seal>,
    recorded_at: Timestamp,
    orders: HashMap<Uuid, OrderDocument>,
    appointments: HashMap<Uuid, AppointmentDocument>,
    reports: Shelf,
    events: Vec<events::Row>,
    tasks: Vec<tasks::Row>,
}

impl Sheet {
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
            seal: connection.seal(),
            recorded_at: Timestamp::now(),
            orders,
            appointments: appointments::load(connection, appointments)?,
            reports: Shelf::load(connection, reported)?,
            events: Vec::new(),
            tasks: Vec::new(),
        })
    }

    /// Merges what a webhook says.
    pub(super) fn enter(&mut self, parcel: &Parcel, webhook: Uuid) {
        let arrival = &parcel.arrival;
        let Ok(told) = &arrival.notices else { return };
        let origin = Origin {
            plugin: arrival.plugin.clone(),
            webhook,
            received_at: arrival.request.received_at(),
            recorded_at: self.recorded_at,
        };
        if arrival.cause != Cause::Delivery {
            let reported: BTreeSet<Uuid> = told.iter().filter_map(Told::report).collect();
            self.reports.set_aside(webhook, &reported);
        }
        for told in told {
            self.apply(&origin, parcel.id, told);
        }
    }

    fn apply(&mut self, origin: &Origin, packed_for: Uuid, told: &Told) {
        match told {
            Told::Order { order, notice } => {
                let subject = subject(origin, &notice.provider_order_id);
                let document = self.orders.entry(*order).or_insert_with(|| Document::new(subject));
                let change = orders::change(document, |history| history.tell(notice));
                self.record(origin, change);
            }
            Told::Appointment { order, appointment, notice } => {
                self.mention(origin, *order, &notice.provider_order_id, notice.latest_at());
                let subject = subject(origin, &notice.provider_appointment_id);
                let document = self.appointments.entry(*appointment);
                let document = document.or_insert_with(|| Document::new(subject));
                let change = appointments::change(*appointment, document, notice);
                self.record(origin, change);
            }
            Told::Report(filing) => {
                let notice = &filing.report.notice;
                self.mention(origin, filing.order, &notice.provider_order_id, notice.reported_at);
                let changes = if origin.webhook == packed_for {
                    self.reports.file(&origin.plugin, filing)
                } else {
                    // It was kept before, under another id.
                    let (seal, notice) = (&self.seal, notice.clone());
                    let Origin { plugin, webhook, received_at, .. } = origin;
                    let filing = Filing::new(seal, plugin, *webhook, *received_at, notice);
                    self.reports.file(plugin, &filing)
                };
                for change in changes {
                    self.record(origin, Some(change));
                }
            }
            Told::Fetch(pointer) => self.tasks.push(tasks::Row::new(origin, pointer)),
        }
    }

    /// Takes in that something which belongs to an order was told, and makes it if it is not
    /// there: appointments and results may come before it, and nothing waits for its parent.
    fn mention(&mut self, origin: &Origin, order: Uuid, provider_id: &Identifier, at: Timestamp) {
        let subject = subject(origin, provider_id);
        let document = self.orders.entry(order).or_insert_with(|| Document::new(subject));
        let change = orders::change(document, |history| history.mention(at));
        self.record(origin, change);
    }

    fn record(&mut self, origin: &Origin, change: Option<Change>) {
        self.events.extend(change.into_iter().flat_map(|change| events::rows(origin, change)));
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

fn subject(origin: &Origin, provider_id: &Identifier) -> Subject {
    Subject { plugin: Arc::clone(&origin.plugin), provider_id: provider_id.clone() }
}
