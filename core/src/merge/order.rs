//! Orders and appointments as histories, and as consumers see them.

use std::collections::HashMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::{Details, Entry, History, greater::greater};
use crate::{
    Identifier, Phi,
    model::{
        Appointment, AppointmentDetails, AppointmentStatus, Order, OrderDetails, OrderStatus,
        Parcel, Patient, Phase, Shipment, Specimen, order_id,
    },
    notice::{AppointmentNotice, OrderNotice},
};

/// What is known of an order.
pub type OrderHistory = History<OrderStatus, OrderDetails>;

/// What is known of an appointment.
pub type AppointmentHistory = History<AppointmentStatus, AppointmentDetails>;

impl OrderHistory {
    /// Takes in what a webhook that arrived at `received_at` said of the order.
    pub fn tell(&mut self, notice: &OrderNotice, received_at: Timestamp) {
        let OrderNotice { topic, entries, details, stated_at, .. } = notice;
        self.absorb(topic, entries, details, *stated_at, received_at);
    }
}

impl AppointmentHistory {
    /// Takes in what a webhook that arrived at `received_at` said of the appointment.
    pub fn tell(&mut self, notice: &AppointmentNotice, received_at: Timestamp) {
        let details = AppointmentDetails {
            provider_order_id: Some(notice.provider_order_id.clone()),
            ..notice.details.clone()
        };
        let AppointmentNotice { topic, entries, stated_at, .. } = notice;
        self.absorb(topic, entries, &details, *stated_at, received_at);
    }
}

impl Details for OrderDetails {
    fn over(self, below: Self) -> Self {
        Self {
            account: self.account.or(below.account),
            external_id: self.external_id.or(below.external_id),
            method: self.method.or(below.method),
            provider_method: self.provider_method.or(below.provider_method),
            patient: patient(self.patient, below.patient),
            lab: self.lab.or(below.lab),
            tests: self.tests.or(below.tests),
            specimens: specimens(self.specimens, below.specimens),
            shipment: shipment(self.shipment, below.shipment),
            transaction: self.transaction.or(below.transaction),
            interpretation: self.interpretation.or(below.interpretation),
            missing_results: self.missing_results.or(below.missing_results),
            expected_by: self.expected_by.or(below.expected_by),
            placed_at: self.placed_at.or(below.placed_at),
            placed_on: self.placed_on.or(below.placed_on),
        }
    }

    fn join(self, other: Self) -> Self {
        Self {
            account: greater(self.account, other.account),
            external_id: greater(self.external_id, other.external_id),
            method: greater(self.method, other.method),
            provider_method: greater(self.provider_method, other.provider_method),
            patient: greater(self.patient, other.patient),
            lab: greater(self.lab, other.lab),
            tests: greater(self.tests, other.tests),
            specimens: greater(self.specimens, other.specimens),
            shipment: greater(self.shipment, other.shipment),
            transaction: greater(self.transaction, other.transaction),
            interpretation: self.interpretation.max(other.interpretation),
            missing_results: greater(self.missing_results, other.missing_results),
            expected_by: greater(self.expected_by, other.expected_by),
            placed_at: greater(self.placed_at, other.placed_at),
            placed_on: greater(self.placed_on, other.placed_on),
        }
    }
}

impl Details for AppointmentDetails {
    fn over(self, below: Self) -> Self {
        Self {
            provider_order_id: self.provider_order_id.or(below.provider_order_id),
            kind: self.kind.or(below.kind),
            provider_kind: self.provider_kind.or(below.provider_kind),
            starts_at: self.starts_at.or(below.starts_at),
            ends_at: self.ends_at.or(below.ends_at),
            time_zone: self.time_zone.or(below.time_zone),
            location: self.location.or(below.location),
            address: self.address.or(below.address),
            rescheduled: self.rescheduled.or(below.rescheduled),
            confirmation_code: self.confirmation_code.or(below.confirmation_code),
        }
    }

    fn join(self, other: Self) -> Self {
        Self {
            provider_order_id: greater(self.provider_order_id, other.provider_order_id),
            kind: greater(self.kind, other.kind),
            provider_kind: greater(self.provider_kind, other.provider_kind),
            starts_at: greater(self.starts_at, other.starts_at),
            ends_at: greater(self.ends_at, other.ends_at),
            time_zone: greater(self.time_zone, other.time_zone),
            location: greater(self.location, other.location),
            address: greater(self.address, other.address),
            rescheduled: greater(self.rescheduled, other.rescheduled),
            confirmation_code: greater(self.confirmation_code, other.confirmation_code),
        }
    }
}

/// Some messages name a patient by the id alone; what others told of the same one stays known.
fn patient(over: Option<Phi<Patient>>, below: Option<Phi<Patient>>) -> Option<Phi<Patient>> {
    let (Some(over), Some(below)) = (&over, &below) else { return over.or(below) };
    let (mut known, below) = (over.expose().clone(), below.expose().clone());
    if known.provider_patient_id.is_some() && known.provider_patient_id == below.provider_patient_id
    {
        known = Patient {
            provider_patient_id: known.provider_patient_id,
            reference: known.reference.or(below.reference),
            first_name: known.first_name.or(below.first_name),
            last_name: known.last_name.or(below.last_name),
            birth_date: known.birth_date.or(below.birth_date),
            gender: known.gender.or(below.gender),
            email: known.email.or(below.email),
            phone: known.phone.or(below.phone),
            address: known.address.or(below.address),
        };
    }
    Some(Phi::new(known))
}

/// A result names its specimen by the number alone; what an order told of the same one stays
/// known.
fn specimens(over: Option<Vec<Specimen>>, below: Option<Vec<Specimen>>) -> Option<Vec<Specimen>> {
    let Some(over) = over else { return below };
    let below = below.unwrap_or_default();
    let known: HashMap<_, _> =
        below.iter().map(|specimen| (specimen.id.as_ref().map(Phi::expose), specimen)).collect();
    let complete = |specimen: &Specimen| {
        let below = known.get(&specimen.id.as_ref().map(Phi::expose));
        below.map_or_else(|| specimen.clone(), |below| specimen.over(below))
    };
    Some(over.iter().map(complete).collect())
}

/// Some vendors report the way out and the way back in messages of their own.
fn shipment(over: Option<Shipment>, below: Option<Shipment>) -> Option<Shipment> {
    let (Some(over), Some(below)) = (&over, &below) else { return over.or(below) };
    let said = |over: &Parcel, below: &Parcel| {
        if *over == Parcel::default() { below.clone() } else { over.clone() }
    };
    Some(Shipment {
        outbound: said(&over.outbound, &below.outbound),
        inbound: said(&over.inbound, &below.inbound),
    })
}

/// The order that `history` tells of.
pub fn order_view(
    plugin: &str,
    provider_order_id: &Identifier,
    history: &OrderHistory,
    version: i64,
) -> Order {
    let timeline = history.timeline().entries();
    let latest = timeline.last();
    Order {
        id: order_id(plugin, provider_order_id.as_str()),
        plugin: plugin.into(),
        provider_order_id: provider_order_id.clone(),
        status: latest.map_or(OrderStatus::Unknown, |entry| entry.status),
        phase: phase(&timeline),
        provider_status: latest.and_then(|entry| entry.provider_status.clone()),
        reason: latest.and_then(|entry| entry.reason.clone()),
        details: history.details(),
        timeline,
        updated_at: history.updated_at(),
        version,
    }
}

/// The phase of the latest entry that says one: a status that is unknown, under a high-level status
/// that is unknown, leaves the phase as it was. So does paperwork that follows a kit or a sample:
/// vendors that ship first and register later have not started anew.
fn phase(timeline: &[Entry<OrderStatus>]) -> Phase {
    let next =
        |phase, entry: &Entry<OrderStatus>| match (entry.status.phase().or(entry.phase), phase) {
            (Some(Phase::Received), Phase::Collecting | Phase::AtLab) | (None, _) => phase,
            (Some(said), _) => said,
        };
    timeline.iter().fold(Phase::Received, next)
}

/// The appointment that `history` tells of.
pub fn appointment_view(
    plugin: &str,
    id: Uuid,
    provider_appointment_id: &Identifier,
    history: &AppointmentHistory,
    version: i64,
) -> Appointment {
    let timeline = history.timeline().entries();
    let latest = timeline.last();
    let details = history.details();
    Appointment {
        id,
        order_id: order_id(
            plugin,
            details.provider_order_id.as_ref().map_or("", Identifier::as_str),
        ),
        plugin: plugin.into(),
        provider_appointment_id: provider_appointment_id.clone(),
        status: latest.map_or(AppointmentStatus::Unknown, |entry| entry.status),
        provider_status: latest.and_then(|entry| entry.provider_status.clone()),
        reason: latest.and_then(|entry| entry.reason.clone()),
        details,
        timeline,
        updated_at: history.updated_at(),
        version,
    }
}
