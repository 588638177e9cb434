//! Whole lives of orders and appointments, in whatever order their webhooks come.

use labgate_core::model::{AppointmentStatus, OrderStatus, Phase};
use labgate_testkit::{World, convergence, goldens};

use crate::subject::JUNCTION;

#[test]
fn a_walk_in_order_completes() {
    let world = check_order(
        "order-walkin",
        &[
            "01-ordered",
            "02-requisition-created",
            "03-appointment-pending",
            "04-appointment-scheduled",
            "06-partial-results",
            "07-completed",
        ],
        OrderStatus::Completed,
    );
    assert_eq!(world.orders()[0].timeline.len(), 6);
}

#[test]
fn a_phlebotomy_order_completes() {
    check_order(
        "order-phleb",
        &[
            "01-ordered",
            "02-requisition-created",
            "03-appointment-pending",
            "04-appointment-scheduled",
            "06-draw-completed",
            "07-partial-results",
            "08-completed",
        ],
        OrderStatus::Completed,
    );
}

#[test]
fn a_testkit_order_completes() {
    check_order(
        "order-testkit",
        &[
            "01-ordered",
            "02-requisition-created",
            "03-transit-customer",
            "05-out-for-delivery",
            "06-with-customer",
            "07-transit-lab",
            "09-delivered-to-lab",
            "11-completed",
        ],
        OrderStatus::Completed,
    );
}

#[test]
fn a_kit_that_is_registered_late_does_not_start_anew() {
    let life = [
        "order-testkit-19-unregistered-awaiting-registration",
        "order-testkit-20-registered",
        "order-testkit-21-registered-requisition-created",
    ];
    let world = convergence::never_moves_back(&JUNCTION, &life);
    let order = &world.orders()[0];
    // Junction calls it `received` again; the kit is with the patient all the same.
    assert_eq!((order.status, order.phase), (OrderStatus::RequisitionReady, Phase::Collecting));
    let patient = order.details.patient.as_ref().unwrap().expose();
    assert_eq!(
        patient.provider_patient_id.as_deref(),
        Some("f8b1ddc2-5cdd-4038-b48e-d0cccbbb6e5d"),
        "the patient is the one who registered, not the stock's user"
    );
}

#[test]
fn an_on_site_order_completes() {
    check_order(
        "order-onsite",
        &[
            "01-ordered",
            "02-requisition-created",
            "03-draw-completed",
            "04-partial-results",
            "05-completed",
        ],
        OrderStatus::Completed,
    );
}

#[test]
fn every_other_end_is_told_by_one_webhook_alone() {
    for (name, status) in [
        ("order-onsite-07-sample-error", OrderStatus::Failed),
        ("order-onsite-08-cancelled", OrderStatus::Cancelled),
        ("order-phleb-10-sample-error", OrderStatus::Failed),
        ("order-phleb-11-cancelled", OrderStatus::Cancelled),
        ("order-testkit-08-problem-in-transit-lab", OrderStatus::SampleDelayed),
        ("order-testkit-10-lab-processing-blocked", OrderStatus::Blocked),
        ("order-testkit-13-failure-to-deliver-to-customer", OrderStatus::Failed),
        ("order-testkit-15-sample-error", OrderStatus::Failed),
        ("order-testkit-16-lost", OrderStatus::Failed),
        ("order-testkit-17-cancelled", OrderStatus::Cancelled),
        ("order-walkin-08-corrected", OrderStatus::Corrected),
        ("order-walkin-09-cancelled", OrderStatus::Cancelled),
        ("order-walkin-10-sample-error", OrderStatus::Failed),
        ("order-walkin-11-redraw-available", OrderStatus::RedrawNeeded),
    ] {
        let order = convergence::of(&JUNCTION, &[name]).orders().remove(0);
        assert_eq!(order.status, status, "{name}");
        assert_eq!(Some(order.phase), status.phase(), "{name}");
    }
}

#[test]
fn a_redraw_is_an_order_of_its_own_in_the_same_group() {
    let world = convergence::of(
        &JUNCTION,
        &["order-walkin-11-redraw-available", "order-walkin-12-redraw-ordered"],
    );
    let first = world.order("9d8988ea-296e-4c64-8a5e-ab792c043c8f");
    let redraw = world.order("b7a3c9d1-4e52-4f0a-9c86-2d1e0f9a8b71");
    assert_eq!((first.status, redraw.status), (OrderStatus::RedrawNeeded, OrderStatus::Ordered));
    let group = |order: &labgate_core::model::Order| order.details.transaction.clone().unwrap();
    assert_eq!(group(&first).group, group(&redraw).group);
    assert_eq!(group(&redraw).origin.as_deref(), Some("redraw"));
    assert_eq!(group(&redraw).parent, Some(first.provider_order_id));
}

#[test]
fn appointments_end_where_their_last_event_says() {
    let psc = "2a969026-c19f-41d6-9489-90c919453da0";
    let phlebotomy = "7f9328fe-f841-4e43-a9b5-f31e68eec675";
    check_appointment(
        "appointment-psc",
        psc,
        &["01-created-pending", "02-reserved", "03-confirmed", "04-rescheduled", "05-completed"],
        AppointmentStatus::Completed,
    );
    check_appointment(
        "appointment-phleb",
        phlebotomy,
        &[
            "01-created-pending",
            "02-reserved",
            "03-confirmed",
            "04-rescheduled",
            "05-in-progress",
            "06-completed",
        ],
        AppointmentStatus::Completed,
    );
    let cancelled = AppointmentStatus::Cancelled;
    check_appointment("appointment-psc", psc, &["03-confirmed", "06-cancelled"], cancelled);
    check_appointment(
        "appointment-phleb",
        phlebotomy,
        &["03-confirmed", "07-cancelled"],
        cancelled,
    );
}

#[test]
fn a_cancelled_appointment_leaves_the_order_alone() {
    let world = convergence::of(
        &JUNCTION,
        &["order-walkin-04-appointment-scheduled", "appointment-psc-06-cancelled"],
    );
    let order = world.order("476fb725-8d1f-4b11-98cd-8dbc9bf88a46");
    assert_eq!(order.status, OrderStatus::AppointmentScheduled);
}

#[test]
fn an_appointment_or_a_result_may_come_before_its_order() {
    for name in ["appointment-phleb-03-confirmed", "result-ready-02-final"] {
        let order = convergence::of(&JUNCTION, &[name]).orders().remove(0);
        assert_eq!((order.status, order.phase), (OrderStatus::Unknown, Phase::Received));
    }
}

#[test]
fn results_are_versions_by_the_labs_time() {
    let world = convergence::of(
        &JUNCTION,
        &[
            "order-walkin-06-partial-results",
            "result-ready-01-partial",
            "result-critical-with-markers",
            "result-ready-02-final",
            "order-walkin-07-completed",
        ],
    );
    let told: Vec<_> = world
        .reports()
        .iter()
        .map(|report| format!("{} {:?} {}", report.version, report.status, report.critical))
        .collect();
    assert_eq!(told, ["1 Partial true", "2 Partial false", "3 Final false"]);
}

#[test]
fn everything_together_converges() {
    let all = goldens::all(&JUNCTION);
    let names: Vec<_> = all.iter().map(|golden| golden.name.as_str()).collect();
    convergence::of(&JUNCTION, &names);
}

fn check_order(family: &str, life: &[&str], status: OrderStatus) -> World {
    let names: Vec<_> = life.iter().map(|step| format!("{family}-{step}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let world = convergence::never_moves_back(&JUNCTION, &names);
    let orders = world.orders();
    assert_eq!(orders.len(), 1, "{family} is the life of one order");
    assert_eq!((orders[0].status, Some(orders[0].phase)), (status, status.phase()));
    world
}

fn check_appointment(family: &str, id: &str, life: &[&str], status: AppointmentStatus) {
    let names: Vec<_> = life.iter().map(|step| format!("{family}-{step}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let world = convergence::never_moves_back(&JUNCTION, &names);
    assert_eq!(world.appointment(id).status, status, "{names:?}");
}
