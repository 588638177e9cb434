//! Junction's vocabularies, each as a table that the code reads.

use labgate_core::model::{
    AppointmentKind, AppointmentStatus, Method, OrderStatus, Phase, ReportStatus,
};

/// What `table` says of `word`.
pub(super) fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

/// `[HIGH].[MODALITY].[LOW]`, of which LOW decides; where LOW is not known, HIGH tells the phase.
pub(super) fn order_status(text: &str) -> (OrderStatus, Option<Phase>) {
    let (high, low) =
        (text.split('.').next().unwrap_or(text), text.rsplit('.').next().unwrap_or(text));
    match find(ORDER_STATUSES, low) {
        Some(status) => (status, None),
        None => (OrderStatus::Unknown, find(ORDER_PHASES, high)),
    }
}

/// Source: the LOW of OpenAPI `OrderStatus` (54 values) and `OrderLowLevelStatus`; the guides write
/// `testkit_registered`, `order_completed` and `partial` for `registered`, `completed` and
/// `partial_results`, and put `draw_completed` under either of two HIGHs. `failed` is a HIGH.
pub(crate) const ORDER_STATUSES: &[(&str, OrderStatus)] = &[
    ("ordered", OrderStatus::Ordered),
    ("awaiting_registration", OrderStatus::AwaitingRegistration),
    ("registered", OrderStatus::Registered),
    ("testkit_registered", OrderStatus::Registered),
    ("requisition_created", OrderStatus::RequisitionReady),
    ("requisition_bypassed", OrderStatus::RequisitionReady),
    ("appointment_pending", OrderStatus::AppointmentPending),
    ("appointment_scheduled", OrderStatus::AppointmentScheduled),
    ("appointment_cancelled", OrderStatus::AppointmentCancelled),
    ("transit_customer", OrderStatus::KitInTransit),
    ("out_for_delivery", OrderStatus::KitInTransit),
    ("problem_in_transit_customer", OrderStatus::KitDelayed),
    ("with_customer", OrderStatus::KitDelivered),
    ("draw_completed", OrderStatus::SampleCollected),
    ("transit_lab", OrderStatus::SampleInTransit),
    ("problem_in_transit_lab", OrderStatus::SampleDelayed),
    ("delivered_to_lab", OrderStatus::AtLab),
    ("lab_processing_blocked", OrderStatus::Blocked),
    ("partial_results", OrderStatus::PartialResults),
    ("partial", OrderStatus::PartialResults),
    ("redraw_available", OrderStatus::RedrawNeeded),
    ("completed", OrderStatus::Completed),
    ("order_completed", OrderStatus::Completed),
    ("corrected", OrderStatus::Corrected),
    ("cancelled", OrderStatus::Cancelled),
    ("do_not_process", OrderStatus::Cancelled),
    ("sample_error", OrderStatus::Failed),
    ("lost", OrderStatus::Failed),
    ("failure_to_deliver_to_customer", OrderStatus::Failed),
    ("failure_to_deliver_to_lab", OrderStatus::Failed),
    ("failed", OrderStatus::Failed),
];

/// Source: OpenAPI `OrderTopLevelStatus`.
pub(super) const ORDER_PHASES: &[(&str, Phase)] = &[
    ("received", Phase::Received),
    ("collecting_sample", Phase::Collecting),
    ("sample_with_lab", Phase::AtLab),
    ("completed", Phase::Completed),
    ("cancelled", Phase::Cancelled),
    ("failed", Phase::Failed),
];

/// Source: OpenAPI `OrderStatusDetail`; meaning in Lab Testing, Testkits, "Status details".
pub(super) const STATUS_DETAILS: &[&str] = &[
    "fulfillment_error",
    "date_of_collection_unspecified",
    "demographic_information_unspecified",
    "demographic_information_mismatch",
    "sample_quantity_not_sufficient",
    "sample_contaminated",
    "sample_stability_exceeded",
    "sample_hemolyzed",
    "sample_improper_collection",
];

/// Source: OpenAPI `OrderTransactionStatus`.
pub(super) const TRANSACTION_STATUSES: &[&str] = &["active", "completed", "cancelled"];

/// Source: OpenAPI `OrderOrigin`.
pub(super) const ORIGINS: &[&str] = &["initial", "redraw", "recreation"];

/// Source: OpenAPI `LabTestCollectionMethod`.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("testkit", Method::Testkit),
    ("walk_in_test", Method::WalkIn),
    ("at_home_phlebotomy", Method::AtHomePhlebotomy),
    ("on_site_collection", Method::OnSite),
];

/// Source: OpenAPI `AppointmentEventStatus` and `AppointmentStatus`, whose `confirmed` is the
/// other's `scheduled`.
pub(super) const APPOINTMENT_STATUSES: &[(&str, AppointmentStatus)] = &[
    ("pending", AppointmentStatus::Pending),
    ("reserved", AppointmentStatus::Reserved),
    ("scheduled", AppointmentStatus::Scheduled),
    ("confirmed", AppointmentStatus::Scheduled),
    ("in_progress", AppointmentStatus::InProgress),
    ("completed", AppointmentStatus::Completed),
    ("cancelled", AppointmentStatus::Cancelled),
];

/// Source: OpenAPI `AppointmentType`.
pub(super) const APPOINTMENT_KINDS: &[(&str, AppointmentKind)] = &[
    ("phlebotomy", AppointmentKind::Phlebotomy),
    ("patient_service_center", AppointmentKind::PatientServiceCenter),
];

/// Source: OpenAPI `ResultStatus`; the rest is what relays pass on.
pub(super) const REPORT_STATUSES: &[(&str, ReportStatus)] = &[
    ("partial", ReportStatus::Partial),
    ("final", ReportStatus::Final),
    ("amended", ReportStatus::Amended),
    ("corrected", ReportStatus::Corrected),
    ("cancelled", ReportStatus::Cancelled),
    ("canceled", ReportStatus::Cancelled),
];

/// Why a result is missing. Source: OpenAPI `FailureType`.
pub(super) const FAILURES: &[&str] = &[
    "quantity_not_sufficient_failure",
    "collection_process_failure",
    "drop_off_failure",
    "internal_lab_failure",
    "order_entry_failure",
    "non_failure",
    "unknown_failure",
    "patient_condition_failure",
    "missing_result_calc_failure",
    "missing_demo_aoe_calc_failure",
    "insufficient_volume",
];

/// A word in one spelling: `CRITICAL HIGH` and `critical-high` are `critical_high`.
pub(super) fn plain(text: &str) -> String {
    text.trim().to_ascii_lowercase().replace([' ', '-'], "_")
}
