//! The unified model as the core's merge alone makes it, for comparison.

use std::collections::BTreeMap;

use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice,
    merge::{
        AppointmentHistory, FiledReport, OrderHistory, appointment_view, order_view, versions,
    },
    model::{Appointment, Order, Report, Source, appointment_id, order_id},
};
use uuid::Uuid;

/// Orders, appointments and reports of one plugin, all of which arrived at one time: vendors' times
/// alone order them. It follows no further names of an order.
#[derive(Debug)]
pub struct Model<'a> {
    plugin: &'a str,
    arrival: Timestamp,
    orders: BTreeMap<Identifier, OrderHistory>,
    appointments: BTreeMap<Identifier, AppointmentHistory>,
    reports: BTreeMap<Identifier, Vec<FiledReport>>,
}

/// A model as consumers see it, apart from what depends on the order of arrival by contract: the
/// counter `version`, and which of several webhooks a report is attributed to.
#[derive(Debug, Default, PartialEq)]
pub struct View {
    orders: BTreeMap<Uuid, Order>,
    appointments: BTreeMap<Uuid, Appointment>,
    reports: BTreeMap<Uuid, Report>,
}

impl<'a> Model<'a> {
    /// An empty model of `plugin`.
    pub fn new(plugin: &'a str, arrival: Timestamp) -> Self {
        let (orders, appointments, reports) = Default::default();
        Self { plugin, arrival, orders, appointments, reports }
    }

    /// What `notices` make of an empty model, merged in this order.
    pub fn of<'n>(
        plugin: &'a str,
        arrival: Timestamp,
        notices: impl IntoIterator<Item = &'n Notice>,
    ) -> Self {
        let mut model = Self::new(plugin, arrival);
        notices.into_iter().for_each(|notice| model.absorb(notice));
        model
    }

    /// Merges one notice.
    pub fn absorb(&mut self, notice: &Notice) {
        let arrival = self.arrival;
        match notice {
            Notice::Order(told) => self.order(&told.provider_order_id).tell(told, arrival),
            Notice::Appointment(told) => {
                self.order(&told.provider_order_id).mention(told.latest_at());
                let id = told.provider_appointment_id.clone();
                self.appointments.entry(id).or_default().tell(told, arrival);
            }
            Notice::Report(told) => {
                self.order(&told.provider_order_id).mention(told.reported_at);
                let id = order_id(self.plugin, told.provider_order_id.as_str());
                let source = Source { webhook: Uuid::nil() };
                let filed = FiledReport::new(id, source, arrival, (**told).clone());
                self.reports.entry(told.provider_order_id.clone()).or_default().push(filed);
            }
            Notice::Fetch(_) => {}
        }
    }

    fn order(&mut self, id: &Identifier) -> &mut OrderHistory {
        self.orders.entry(id.clone()).or_default()
    }

    /// The vendor's ids of all orders.
    pub fn order_ids(&self) -> impl Iterator<Item = &Identifier> {
        self.orders.keys()
    }

    /// The ids of all filed reports.
    pub fn report_ids(&self) -> impl Iterator<Item = Uuid> {
        self.reports.values().flatten().map(|filed| filed.id)
    }

    /// The model as consumers see it.
    pub fn view(&self) -> View {
        let mut view = View::default();
        for (id, history) in &self.orders {
            view.add_order(order_view(self.plugin, id, history, 0));
        }
        for (id, history) in &self.appointments {
            let own = appointment_id(self.plugin, id.as_str());
            view.add_appointment(appointment_view(self.plugin, own, id, history, 0));
        }
        for (id, filed) in &self.reports {
            let reports = versions(order_id(self.plugin, id.as_str()), filed);
            reports.into_iter().for_each(|report| view.add_report(report));
        }
        view
    }
}

impl View {
    /// Adds an order.
    pub fn add_order(&mut self, order: Order) {
        self.orders.insert(order.id, Order { version: 0, ..order });
    }

    /// Adds an appointment.
    pub fn add_appointment(&mut self, appointment: Appointment) {
        self.appointments.insert(appointment.id, Appointment { version: 0, ..appointment });
    }

    /// Adds a report.
    pub fn add_report(&mut self, report: Report) {
        let source = Source { webhook: Uuid::nil() };
        self.reports.insert(report.id, Report { source, ..report });
    }

    /// Whether the report with that id was added.
    pub fn has_report(&self, id: Uuid) -> bool {
        self.reports.contains_key(&id)
    }
}
