//! How notices become the model, whatever order they come in.

mod any;
mod appointments;
mod convergence;
mod details;
mod fields;
mod standing;
mod statuses;
mod timeline;

use labgate_core::{
    merge::{AppointmentHistory, OrderHistory, appointment_view, order_view},
    model::{Appointment, Order, appointment_id},
    notice::{AppointmentNotice, OrderNotice},
};

use crate::words::{id, minute};

/// What is known after the notices arrived in this order.
fn order_history<'a>(arrived: impl IntoIterator<Item = &'a OrderNotice>) -> OrderHistory {
    let mut history = OrderHistory::default();
    for notice in arrived {
        history.tell(notice, minute(0));
    }
    history
}

fn appointment_history<'a>(
    arrived: impl IntoIterator<Item = &'a AppointmentNotice>,
) -> AppointmentHistory {
    let mut history = AppointmentHistory::default();
    for notice in arrived {
        history.tell(notice, minute(0));
    }
    history
}

fn order(history: &OrderHistory) -> Order {
    order_view("junction", &id("order-1"), history, 1)
}

fn appointment(history: &AppointmentHistory) -> Appointment {
    let appointment_id = appointment_id("junction", "appointment-1");
    appointment_view("junction", appointment_id, &id("appointment-1"), history, 1)
}
