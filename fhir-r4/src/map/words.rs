//! FHIR's vocabularies in ours. `None` is a word that the table does not have.

use labgate_core::model::{AppointmentStatus, Comparator, OrderStatus, ReportStatus};

/// Source: hl7.org/fhir/R4/valueset-diagnostic-report-status.html
pub(super) fn report_status(word: &str) -> Option<ReportStatus> {
    Some(match word {
        // There is a report, though nothing can be read in it yet.
        "registered" | "partial" | "preliminary" => ReportStatus::Partial,
        "final" => ReportStatus::Final,
        // What was appended to a final report changed it.
        "amended" | "appended" => ReportStatus::Amended,
        "corrected" => ReportStatus::Corrected,
        "cancelled" | "entered-in-error" => ReportStatus::Cancelled,
        "unknown" => ReportStatus::Unknown,
        _ => return None,
    })
}

/// What the status of an observation makes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It stands, with this status where it comes outside of any report: it is some result of an
    /// order of which it tells no more, so it is never the final one.
    Stands(ReportStatus),
    /// It was not made, or must not be read.
    Withdrawn,
}

/// Source: hl7.org/fhir/R4/valueset-observation-status.html
pub(super) fn observation_status(word: &str) -> Option<Standing> {
    Some(match word {
        "registered" | "preliminary" | "final" => Standing::Stands(ReportStatus::Partial),
        "amended" => Standing::Stands(ReportStatus::Amended),
        "corrected" => Standing::Stands(ReportStatus::Corrected),
        "cancelled" | "entered-in-error" => Standing::Withdrawn,
        "unknown" => Standing::Stands(ReportStatus::Unknown),
        _ => return None,
    })
}

/// Source: hl7.org/fhir/R4/valueset-request-status.html. A request on hold is nowhere on our way,
/// so its phase stays what it was.
pub(super) fn order_status(word: &str) -> Option<OrderStatus> {
    Some(match word {
        "draft" => OrderStatus::Recommended,
        "active" => OrderStatus::Ordered,
        "on-hold" | "unknown" => OrderStatus::Unknown,
        "completed" => OrderStatus::Completed,
        "revoked" | "entered-in-error" => OrderStatus::Cancelled,
        _ => return None,
    })
}

/// Source: hl7.org/fhir/R4/valueset-appointmentstatus.html
pub(super) fn appointment_status(word: &str) -> Option<AppointmentStatus> {
    Some(match word {
        "proposed" | "pending" | "waitlist" => AppointmentStatus::Pending,
        "booked" => AppointmentStatus::Scheduled,
        "arrived" | "checked-in" => AppointmentStatus::InProgress,
        "fulfilled" => AppointmentStatus::Completed,
        "cancelled" | "noshow" | "entered-in-error" => AppointmentStatus::Cancelled,
        _ => return None,
    })
}

/// Source: hl7.org/fhir/R4/valueset-quantity-comparator.html
pub(super) fn comparator(sign: &str) -> Option<Comparator> {
    Some(match sign {
        "<" => Comparator::Less,
        "<=" => Comparator::LessOrEqual,
        ">=" => Comparator::GreaterOrEqual,
        ">" => Comparator::Greater,
        _ => return None,
    })
}
