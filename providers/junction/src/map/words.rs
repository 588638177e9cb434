//! Junction's vocabularies, each as a table.

use labgate_core::model::{
    AppointmentKind, AppointmentStatus, Interpretation, Method, OrderStatus, Phase, ReportStatus,
};

/// `[HIGH].[MODALITY].[LOW]`, of which LOW decides; where LOW is not known, HIGH tells the phase.
///
/// Source: OpenAPI `OrderStatus` (54 values) and `OrderLowLevelStatus`; the guides write
/// `testkit_registered`, `order_completed` and `partial` for `registered`, `completed` and
/// `partial_results`, and put `draw_completed` under either of two HIGHs.
pub(super) fn order_status(text: &str) -> (OrderStatus, Option<Phase>) {
    let (high, low) =
        (text.split('.').next().unwrap_or(text), text.rsplit('.').next().unwrap_or(text));
    let status = match low {
        "ordered" => OrderStatus::Ordered,
        "awaiting_registration" => OrderStatus::AwaitingRegistration,
        "registered" | "testkit_registered" => OrderStatus::Registered,
        "requisition_created" | "requisition_bypassed" => OrderStatus::RequisitionReady,
        "appointment_pending" => OrderStatus::AppointmentPending,
        "appointment_scheduled" => OrderStatus::AppointmentScheduled,
        "appointment_cancelled" => OrderStatus::AppointmentCancelled,
        "transit_customer" | "out_for_delivery" => OrderStatus::KitInTransit,
        "problem_in_transit_customer" => OrderStatus::KitDelayed,
        "with_customer" => OrderStatus::KitDelivered,
        "draw_completed" => OrderStatus::SampleCollected,
        "transit_lab" => OrderStatus::SampleInTransit,
        "problem_in_transit_lab" => OrderStatus::SampleDelayed,
        "delivered_to_lab" => OrderStatus::AtLab,
        "lab_processing_blocked" => OrderStatus::Blocked,
        "partial_results" | "partial" => OrderStatus::PartialResults,
        "redraw_available" => OrderStatus::RedrawNeeded,
        "completed" | "order_completed" => OrderStatus::Completed,
        "corrected" => OrderStatus::Corrected,
        "cancelled" | "do_not_process" => OrderStatus::Cancelled,
        "sample_error"
        | "lost"
        | "failure_to_deliver_to_customer"
        | "failure_to_deliver_to_lab"
        | "failed" => OrderStatus::Failed,
        _ => return (OrderStatus::Unknown, order_phase(high)),
    };
    (status, None)
}

/// Source: OpenAPI `OrderTopLevelStatus`.
fn order_phase(high: &str) -> Option<Phase> {
    Some(match high {
        "received" => Phase::Received,
        "collecting_sample" => Phase::Collecting,
        "sample_with_lab" => Phase::AtLab,
        "completed" => Phase::Completed,
        "cancelled" => Phase::Cancelled,
        "failed" => Phase::Failed,
        _ => return None,
    })
}

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
pub(super) fn method(text: &str) -> Method {
    match text {
        "testkit" => Method::Testkit,
        "walk_in_test" => Method::WalkIn,
        "at_home_phlebotomy" => Method::AtHomePhlebotomy,
        "on_site_collection" => Method::OnSite,
        _ => Method::Unknown,
    }
}

/// Source: OpenAPI `AppointmentEventStatus` and `AppointmentStatus`, whose `confirmed` is the
/// other's `scheduled`.
pub(super) fn appointment_status(text: &str) -> AppointmentStatus {
    match text {
        "pending" => AppointmentStatus::Pending,
        "reserved" => AppointmentStatus::Reserved,
        "scheduled" | "confirmed" => AppointmentStatus::Scheduled,
        "in_progress" => AppointmentStatus::InProgress,
        "completed" => AppointmentStatus::Completed,
        "cancelled" => AppointmentStatus::Cancelled,
        _ => AppointmentStatus::Unknown,
    }
}

/// Source: OpenAPI `AppointmentType`.
pub(super) fn appointment_kind(text: &str) -> AppointmentKind {
    match text {
        "phlebotomy" => AppointmentKind::Phlebotomy,
        "patient_service_center" => AppointmentKind::PatientServiceCenter,
        _ => AppointmentKind::Unknown,
    }
}

/// Source: OpenAPI `Interpretation`. Relays pass on what the lab wrote, so directions and the flags
/// of HL7 table 0078 are read too, and whatever speaks of a crisis is one. `None` is a word that
/// nobody documents.
pub(super) fn interpretation(text: &str) -> Option<Interpretation> {
    Some(match plain(text).as_str() {
        "normal" | "n" => Interpretation::Normal,
        "low" | "l" => Interpretation::Low,
        "high" | "h" => Interpretation::High,
        "abnormal" | "a" => Interpretation::Abnormal,
        "critical_low" | "critically_low" | "panic_low" | "ll" => Interpretation::CriticalLow,
        "critical_high" | "critically_high" | "panic_high" | "hh" => Interpretation::CriticalHigh,
        "critical" | "panic" | "aa" => Interpretation::Critical,
        "unknown" | "" => Interpretation::Unknown,
        word if crisis(word) => Interpretation::Critical,
        _ => return None,
    })
}

/// `not_critical` is none.
fn crisis(word: &str) -> bool {
    let denied = ["no_", "non_", "not_"].iter().any(|no| word.starts_with(no));
    !denied && (word.contains("critical") || word.contains("panic"))
}

/// Source: OpenAPI `ResultStatus`.
pub(super) fn report_status(text: &str) -> ReportStatus {
    match plain(text).as_str() {
        "partial" => ReportStatus::Partial,
        "final" => ReportStatus::Final,
        "amended" => ReportStatus::Amended,
        "corrected" => ReportStatus::Corrected,
        "cancelled" => ReportStatus::Cancelled,
        _ => ReportStatus::Unknown,
    }
}

/// A word in one spelling: `CRITICAL HIGH` and `critical-high` are `critical_high`.
fn plain(text: &str) -> String {
    text.trim().to_ascii_lowercase().replace([' ', '-'], "_")
}
