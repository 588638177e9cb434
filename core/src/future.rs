//! Times in the future: they are kept, and order nothing.

use jiff::Timestamp;

use crate::{Notice, Notices, merge::Entry, time::can_order};

impl Notices {
    /// The same, ordered by `received_at` where the vendor states a time too far in the future
    /// ([`can_order`]). Each such place is drift, and the vendor's time of a status or a report is
    /// kept beside ours.
    ///
    /// [`crate::DynProvider::read`] does this for each webhook. What [`crate::errands::Fetch`] or
    /// [`crate::errands::Poll`] reads has to go through it too, with the time of the fetch.
    #[must_use]
    pub fn ordered_by(mut self, received_at: Timestamp) -> Self {
        let Self { notices, drift } = &mut self;
        let mut settle = |at: &mut Timestamp, field: &str| {
            let stated = Some(*at).filter(|stated| !can_order(*stated, received_at))?;
            *at = received_at;
            drift.insert(field.into());
            Some(stated)
        };
        for notice in notices {
            match notice {
                Notice::Order(order) => {
                    settle(&mut order.stated_at, "order.stated_at");
                    entries(&mut order.entries, |at| settle(at, "order.entries[].at"));
                }
                Notice::Appointment(appointment) => {
                    settle(&mut appointment.stated_at, "appointment.stated_at");
                    let field = "appointment.entries[].at";
                    entries(&mut appointment.entries, |at| settle(at, field));
                }
                Notice::Report(report) => {
                    let stated = settle(&mut report.reported_at, "report.reported_at");
                    report.provider_reported_at = stated.or(report.provider_reported_at);
                }
                Notice::Fetch(_) => {}
            }
        }
        self
    }
}

fn entries<S>(
    entries: &mut [Entry<S>],
    mut settle: impl FnMut(&mut Timestamp) -> Option<Timestamp>,
) {
    for entry in entries {
        entry.provider_at = settle(&mut entry.at).or(entry.provider_at);
    }
}
