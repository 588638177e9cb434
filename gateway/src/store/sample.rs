//! What the store makes of a webhook, for whoever trains a dictionary.

use labgate_core::merge::{AppointmentHistory, OrderHistory};

use super::{
    Arrival, Seal,
    document::to_document,
    parcel::{Parcel, Told, content},
};

/// Everything that would be packed for `arrival` in an empty store.
pub fn sample(arrival: Arrival) -> Vec<Vec<u8>> {
    let parcel = Parcel::new(arrival, &Seal::default());
    let told = parcel.arrival.notices.iter().flatten().filter_map(|told| match told {
        Told::Order { notice, .. } => {
            let mut history = OrderHistory::default();
            history.tell(notice, parcel.arrival.request.received_at());
            Some(to_document(&history))
        }
        Told::Appointment { notice, .. } => {
            let mut history = AppointmentHistory::default();
            history.tell(notice, parcel.arrival.request.received_at());
            Some(to_document(&history))
        }
        Told::Report(filing) => Some(to_document(&*filing.report)),
        Told::Fetch(_) => None,
    });
    std::iter::once(content(&parcel.arrival.request)).chain(told).collect()
}
