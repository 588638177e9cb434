//! The model and what it is made of.

use labgate_core::{
    Decimal, Notice, Notices, Phi,
    decode::Scalar,
    merge::{
        AppointmentHistory, FiledReport, OrderHistory, appointment_view, order_view, versions,
    },
    model::{Location, ObservationValue, Patient, Source, order_id},
};
use uuid::Uuid;

use super::{
    check, check_model,
    people::{appointment_notice, order_notice, patient, report_notice},
};
use crate::words::{id, minute};

#[test]
fn orders_do_not_tell_of_the_patient() {
    let notice = order_notice();
    check_model(&notice, 4);
    check_model(&notice.entries, 1);
    let mut history = OrderHistory::default();
    history.tell(&notice, minute(0));
    check_model(&history, 4);
    check_model(history.timeline(), 1);
    check_model(&order_view("junction", &id("order-1"), &history, 1), 4);
    check_model(&Notice::Order(Box::new(notice)), 4);
}

#[test]
fn appointments_do_not_tell_where_the_patient_lives() {
    let notice = appointment_notice();
    check_model(&notice, 4);
    let mut history = AppointmentHistory::default();
    history.tell(&notice, minute(0));
    check_model(&history, 4);
    check_model(&appointment_view("junction", Uuid::nil(), &id("1"), &history, 1), 4);
    check_model(&Notice::Appointment(Box::new(notice)), 4);
}

#[test]
fn reports_do_not_tell_results() {
    let notice = report_notice();
    check_model(&notice, 3);
    let source = Source { webhook: Uuid::nil() };
    let order_id = order_id("junction", "order-1");
    let filed = FiledReport::new(order_id, source, minute(0), notice.clone());
    check_model(&filed, 3);
    check_model(&versions(order_id, &[filed]), 3);
    check_model(&Notice::Report(Box::new(notice.clone())), 3);
    let notices = vec![Notice::Order(Box::new(order_notice())), Notice::Report(Box::new(notice))];
    check_model(&notices, 6);
    check(&Notices { notices, drift: ["data.*".into()].into() });
}

#[test]
fn values_do_not_print_themselves() {
    let number: Decimal = "73.1973".parse().unwrap();
    check_model(&number, 1);
    check_model(&Phi::new("Zephyrine"), 1);
    check_model(&Phi::new(serde_json::from_value::<Patient>(patient()).unwrap()), 3);
    let location = Location { latitude: number.clone(), longitude: number.clone() };
    // The wrapper needs no `Debug` of what it wraps, and these have none to be called by mistake.
    let printed = format!("{:?}", Phi::new(location));
    assert_eq!(printed, "Phi(redacted)");
    assert_eq!(format!("{:?}", Phi::new(ObservationValue::read("73.1973", None))), "Phi(redacted)");
    check(&[Scalar::Number(number), Scalar::Text("Zephyrine".into())]);
}
