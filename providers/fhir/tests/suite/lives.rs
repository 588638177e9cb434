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

/// The statuses of a report's versions, oldest first.
fn versions(world: &World, id: &str) -> Vec<ReportStatus> {
    let is_its =
        |report: &Report| report.provider_report_id.as_ref().is_some_and(|it| it.as_str() == id);
    let mut reports: Vec<Report> = world.reports().into_iter().filter(is_its).collect();
    reports.sort_by_key(|report| report.version);
    reports.iter().map(|report| report.status).collect()
}
