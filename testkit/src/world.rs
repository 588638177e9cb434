//! The unified model as a gateway would hold it, in memory.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use labgate_core::{
    Identifier, Notice,
    merge::{
        AppointmentHistory, FiledReport, OrderHistory, appointment_view, order_view, versions,
    },
    model::{Appointment, Order, Report, Source, appointment_id, order_id},
};

use crate::ARRIVAL;

/// All orders, appointments and reports that some notices tell of.
#[derive(Clone, Debug, Default)]
pub struct World {
    orders: BTreeMap<Identifier, OrderHistory>,
    appointments: BTreeMap<Identifier, AppointmentHistory>,
    reports: BTreeMap<Identifier, Vec<FiledReport>>,
    clock: i64,
}

/// The name that the plugin has in every world.
const PLUGIN: &str = "testkit";

impl World {
    /// Takes in one notice, a second after the one before. An appointment or a report makes the
    /// order that it belongs to, if that is not known yet.
    pub fn absorb(&mut self, notice: &Notice) {
        self.clock += 1;
        match notice {
            Notice::Order(told) => self.order_history(&told.provider_order_id).tell(told, ARRIVAL),
            Notice::Appointment(told) => {
                self.order_history(&told.provider_order_id).mention(told.latest_at());
                let id = told.provider_appointment_id.clone();
                self.appointments.entry(id).or_default().tell(told, ARRIVAL);
            }
            Notice::Report(told) => {
                self.order_history(&told.provider_order_id).mention(told.reported_at);
                let order = order_id(PLUGIN, told.provider_order_id.as_str());
                let source = Source { webhook: order };
                let filed = FiledReport::new(order, source, self.now(), (**told).clone());
                self.reports.entry(told.provider_order_id.clone()).or_default().push(filed);
            }
            Notice::Fetch(_) => {}
        }
    }

    /// Every order, as consumers see it.
    pub fn orders(&self) -> Vec<Order> {
        self.orders.iter().map(|(id, history)| order_view(PLUGIN, id, history, 1)).collect()
    }

    /// Every appointment, as consumers see it.
    pub fn appointments(&self) -> Vec<Appointment> {
        let view = |(id, history): (&Identifier, _)| {
            appointment_view(PLUGIN, appointment_id(PLUGIN, id.as_str()), id, history, 1)
        };
        self.appointments.iter().map(view).collect()
    }

    /// Every version of every report, as consumers see them.
    pub fn reports(&self) -> Vec<Report> {
        let view = |(id, filed): (&Identifier, &Vec<FiledReport>)| {
            versions(order_id(PLUGIN, id.as_str()), filed)
        };
        self.reports.iter().flat_map(view).collect()
    }

    /// The order with the vendor's id `id`.
    pub fn order(&self, id: &str) -> Order {
        let mut orders = self.orders().into_iter();
        let found = orders.find(|order| order.provider_order_id.as_str() == id);
        found.unwrap_or_else(|| panic!("no notice told of an order {id}"))
    }

    /// The appointment with the vendor's id `id`.
    pub fn appointment(&self, id: &str) -> Appointment {
        let mut appointments = self.appointments().into_iter();
        let found = appointments.find(|known| known.provider_appointment_id.as_str() == id);
        found.unwrap_or_else(|| panic!("no notice told of an appointment {id}"))
    }

    fn order_history(&mut self, id: &Identifier) -> &mut OrderHistory {
        self.orders.entry(id.clone()).or_default()
    }

    fn now(&self) -> Timestamp {
        ARRIVAL + SignedDuration::from_secs(self.clock)
    }
}

impl PartialEq for World {
    /// Two worlds are the same if no consumer can tell them apart, now or after more notices.
    fn eq(&self, other: &Self) -> bool {
        self.orders == other.orders
            && self.appointments == other.appointments
            && self.reports() == other.reports()
    }
}
