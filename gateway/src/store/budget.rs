//! How much is merged. A webhook that exceeds it is quarantined, so that none holds the writer for
//! long; no real one comes near.

use labgate_core::{Notice, Notices, decode::Unreadable};

use super::Arrival;

/// Notices of one webhook, and the statuses in them: some three seconds of the writer's time.
const NOTICES: usize = 40_000;
/// Statuses of one order or appointment: each webhook about it reads and writes all of them.
const STATUSES: usize = 10_000;
/// Reports of one order: each webhook that brings another one reads all of them.
const REPORTS: usize = 20_000;
/// Beyond as many notices and statuses a webhook takes longer to merge than to sync.
const HEAVY: usize = 200;

/// Checks what one webhook says.
pub fn notices(said: Notices) -> Result<Notices, Unreadable> {
    within("notices in one webhook", NOTICES, weight(&said)).map(|()| said)
}

/// Checks how many statuses an order or an appointment has.
pub(super) fn statuses(count: usize) -> Result<(), Unreadable> {
    within("statuses of one order or appointment", STATUSES, count)
}

/// Checks how many reports an order has.
pub(super) fn reports(count: usize) -> Result<(), Unreadable> {
    within("reports of one order", REPORTS, count)
}

fn within(what: &str, limit: usize, count: usize) -> Result<(), Unreadable> {
    if count <= limit {
        return Ok(());
    }
    Err(Unreadable::at("", format!("more {what} than are merged: {limit}")))
}

/// Whether a webhook takes so long that others should not wait for several like it.
pub(super) fn is_heavy(arrival: &Arrival) -> bool {
    arrival.notices.as_ref().is_ok_and(|said| weight(said) > HEAVY)
}

/// How much there is to merge.
fn weight(said: &Notices) -> usize {
    let weigh = |notice: &Notice| match notice {
        Notice::Order(order) => 1 + order.entries.len() + order.aliases.len(),
        Notice::Appointment(appointment) => 1 + appointment.entries.len(),
        Notice::Report(_) | Notice::Fetch(_) => 1,
    };
    said.notices.iter().map(weigh).sum()
}
