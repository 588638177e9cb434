//! Appointment: when a sample is taken.

use labgate_core::{
    Notice, Phi,
    merge::Entry,
    model::{AppointmentDetails, AppointmentStatus},
    notice::AppointmentNotice,
};

use super::{Mapper, words};
use crate::types::Appointment;

impl Mapper<'_> {
    /// An appointment for an order; of several orders for the first, since ours serves one.
    pub(super) fn appointment(&mut self, place: usize, appointment: &Appointment) {
        let requests = appointment.based_on.as_deref().unwrap_or_default();
        let mut orders = requests.iter().filter_map(|it| self.resources.order_of(place, it));
        let order = self.context.order.clone().or_else(|| orders.next());
        if requests.len() > 1 || order.is_none() {
            self.unknown("Appointment.basedOn");
        }
        let name = self.resources.name(place);
        if name.is_none() {
            self.unknown("Appointment.id");
        }
        let (Some(provider_appointment_id), Some(provider_order_id)) = (name, order) else {
            return;
        };
        let stated_at = self.last_updated(appointment.meta.as_ref());
        let stated_at = stated_at.unwrap_or(self.context.received_at);
        let reason = appointment.cancelation_reason.as_ref().and_then(|reason| reason.words());
        let version = appointment.meta.as_ref().and_then(|meta| meta.version_id.clone());
        let entry = appointment.status.as_deref().map(|word| {
            let status = words::appointment_status(word).unwrap_or_else(|| {
                self.unknown("Appointment.status");
                AppointmentStatus::Unknown
            });
            Entry {
                at: stated_at,
                provider_event_id: version,
                status,
                provider_status: Some(word.into()),
                phase: None,
                reason: reason.map(|reason| Phi::new(reason.into())),
                provider_at: None,
            }
        });
        let notice = AppointmentNotice {
            provider_appointment_id,
            provider_order_id,
            topic: "Appointment".into(),
            entries: entry.into_iter().collect(),
            details: AppointmentDetails {
                starts_at: self.instant(appointment.start.as_ref(), "Appointment.start"),
                ends_at: self.instant(appointment.end.as_ref(), "Appointment.end"),
                ..AppointmentDetails::default()
            },
            stated_at,
        };
        self.notices.push(Notice::Appointment(Box::new(notice)));
    }
}
