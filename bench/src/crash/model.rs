//! What the stored webhooks say together, worked out by the merge alone.

use std::collections::HashMap;

use labgate::store::Arrival;
use labgate_core::{
    Identifier, Notice,
    merge::{
        AppointmentHistory, FiledReport, OrderHistory, appointment_view, order_view, versions,
    },
    model::{Appointment, Order, Report, Source, appointment_id, order_id},
};
use uuid::Uuid;

/// All orders that the stored webhooks tell of.
#[derive(Default)]
pub(super) struct Model {
    pub(super) orders: HashMap<Uuid, Known>,
}

/// What is known of an order.
pub(super) struct Known {
    id: Uuid,
    plugin: String,
    provider_id: Identifier,
    history: OrderHistory,
    filed: Vec<FiledReport>,
    pub(super) appointments: HashMap<Uuid, KnownAppointment>,
    /// How often it was spoken of, which is how often it can have changed.
    pub(super) spoken_of: usize,
    /// How many of those were beside an appointment or a report, and may have changed nothing that
    /// the feed tells of.
    pub(super) beside: usize,
}

/// What is known of an appointment.
pub(super) struct KnownAppointment {
    provider_id: Identifier,
    history: AppointmentHistory,
    pub(super) spoken_of: usize,
}

impl Model {
    /// Takes in what the webhook that is stored as `webhook` says, and tells of which orders.
    pub(super) fn take(&mut self, arrival: Arrival, webhook: Uuid) -> Result<Vec<Uuid>, String> {
        let Arrival { plugin, request, notices, .. } = arrival;
        let notices = notices.map_err(|error| format!("{webhook} can't be read: {error}"))?.notices;
        let about_order = |notice: &Notice| matches!(notice, Notice::Order(_) | Notice::Fetch(_));
        let beside = usize::from(!notices.iter().all(about_order));
        let mut touched = Vec::new();
        for notice in notices {
            let provider_id = match &notice {
                Notice::Order(notice) => &notice.provider_order_id,
                Notice::Appointment(notice) => &notice.provider_order_id,
                Notice::Report(notice) => &notice.provider_order_id,
                Notice::Fetch(_) => continue,
            };
            let id = order_id(&plugin, provider_id.as_str());
            let known = || Known::new(id, &plugin, provider_id.clone());
            let known = self.orders.entry(id).or_insert_with(known);
            known.spoken_of += 1;
            known.beside += beside;
            match notice {
                Notice::Order(notice) => known.history.tell(&notice, request.received_at()),
                Notice::Appointment(notice) => {
                    known.history.mention(notice.latest_at());
                    let provider_id = &notice.provider_appointment_id;
                    let id = appointment_id(&plugin, provider_id.as_str());
                    let appointment = known.appointments.entry(id);
                    let appointment = appointment.or_insert_with(|| KnownAppointment {
                        provider_id: provider_id.clone(),
                        history: AppointmentHistory::default(),
                        spoken_of: 0,
                    });
                    appointment.spoken_of += 1;
                    appointment.history.tell(&notice, request.received_at());
                }
                Notice::Report(notice) => {
                    known.history.mention(notice.reported_at);
                    let (source, at) = (Source { webhook }, request.received_at());
                    known.filed.push(FiledReport::new(id, source, at, *notice));
                }
                Notice::Fetch(_) => {}
            }
            touched.push(id);
        }
        Ok(touched)
    }
}

impl Known {
    fn new(id: Uuid, plugin: &str, provider_id: Identifier) -> Self {
        Self {
            id,
            plugin: plugin.into(),
            provider_id,
            history: OrderHistory::default(),
            filed: Vec::new(),
            appointments: HashMap::new(),
            spoken_of: 0,
            beside: 0,
        }
    }

    /// The order as consumers must see it, but for its version, which only its store knows.
    pub(super) fn order(&self, version: i64) -> Order {
        order_view(&self.plugin, &self.provider_id, &self.history, version)
    }

    /// Its reports as consumers must see them, oldest first.
    pub(super) fn reports(&self) -> Vec<Report> {
        versions(self.id, &self.filed)
    }

    /// Which webhooks brought the report `id`.
    pub(super) fn sources(&self, id: Uuid) -> impl Iterator<Item = Uuid> {
        self.filed.iter().filter(move |filed| filed.id == id).map(|filed| filed.source.webhook)
    }

    /// The appointment `id` as consumers must see it.
    pub(super) fn appointment(&self, id: Uuid, version: i64) -> Option<Appointment> {
        let KnownAppointment { provider_id, history, .. } = self.appointments.get(&id)?;
        Some(appointment_view(&self.plugin, id, provider_id, history, version))
    }
}
