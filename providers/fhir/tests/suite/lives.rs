//! What orders and their reports end in.

use labgate_core::model::{AppointmentStatus, OrderStatus, Report, ReportStatus};
use labgate_testkit::{World, convergence};

use crate::subject;

const LIFE: [&str; 6] = [
    "life-1-ordered",
    "life-2-appointment",
    "life-3-preliminary",
    "life-4-final",
    "life-5-corrected",
    "life-6-completed",
];

#[test]
fn an_order_ends_completed_with_the_corrected_report() {
    let world = convergence::never_moves_back(&subject(), &LIFE);
    assert_eq!(world.order("sr-life").status, OrderStatus::Completed);
    assert_eq!(world.appointment("ap-life").status, AppointmentStatus::Scheduled);
    let statuses = [ReportStatus::Partial, ReportStatus::Final, ReportStatus::Corrected];
    assert_eq!(versions(&world, "DiagnosticReport/dr-life"), statuses);
}

#[test]
fn reports_of_one_order_are_no_versions_of_each_other() {
    let world =
        convergence::of(&subject(), &["bundle-several-reports", "report-second-of-several"]);
    assert_eq!(versions(&world, "DiagnosticReport/dr-several-1"), [ReportStatus::Final]);
    let second = [ReportStatus::Partial, ReportStatus::Final];
    assert_eq!(versions(&world, "DiagnosticReport/dr-several-2"), second);
}

#[test]
fn a_corrected_value_stays_the_latest_whatever_comes_first() {
    for order in
        [["corrected-value-1", "corrected-value-2"], ["corrected-value-2", "corrected-value-1"]]
    {
        check_values(&order, "DiagnosticReport/dr-sodium", &["162", "142"]);
    }
}

#[test]
fn each_version_of_a_history_has_its_own_value() {
    check_values(&["bundle-history"], "DiagnosticReport/dr-history", &["162", "142"]);
    check_values(&["bundle-history-by-version"], "DiagnosticReport/dr-frozen", &["162"]);
}

#[test]
fn a_withdrawn_report_is_not_critical() {
    let world = convergence::of(&subject(), &["report-withdrawn-critical"]);
    assert!(world.reports().iter().all(|report| !report.critical));
}

#[test]
fn an_order_that_is_named_in_two_ways_is_one() {
    let world = convergence::of(&subject(), &["bundle-order-by-identifier"]);
    let order = world.order("sr-1701");
    assert_eq!(world.orders().len(), 1);
    assert_eq!(order.details.external_id.unwrap().as_str(), "C-1701");
    assert_eq!(order.details.placed_on.unwrap().to_string(), "2026-08-02");
}

/// Checks the first value of each version of a report, oldest first.
fn check_values(goldens: &[&str], id: &str, expected: &[&str]) {
    let world = convergence::of(&subject(), goldens);
    let mut reports = world.reports();
    reports.retain(|report| report.provider_report_id.as_ref().is_some_and(|it| it.as_str() == id));
    reports.sort_by_key(|report| report.version);
    let value = |report: &Report| {
        let value = serde_json::to_value(&report.observations[0].value).unwrap();
        value["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(reports.iter().map(value).collect::<Vec<_>>(), expected);
}

/// The statuses of a report's versions, oldest first.
fn versions(world: &World, id: &str) -> Vec<ReportStatus> {
    let is_its =
        |report: &Report| report.provider_report_id.as_ref().is_some_and(|it| it.as_str() == id);
    let mut reports: Vec<Report> = world.reports().into_iter().filter(is_its).collect();
    reports.sort_by_key(|report| report.version);
    reports.iter().map(|report| report.status).collect()
}
