//! FHIR's vocabularies in ours, as tables. `None` is a word that the table does not have.

use labgate_core::model::{
    AppointmentStatus, Comparator, ObservationStatus, OrderStatus, ReportStatus,
};

/// Source: hl7.org/fhir/R4/valueset-diagnostic-report-status.html
const REPORT_STATUSES: &[(&str, ReportStatus)] = &[
    // There is a report, though nothing can be read in it yet.
    ("registered", ReportStatus::Partial),
    ("partial", ReportStatus::Partial),
    ("preliminary", ReportStatus::Partial),
    ("final", ReportStatus::Final),
    ("amended", ReportStatus::Amended),
    ("corrected", ReportStatus::Corrected),
    // What was appended to a final report changed it.
    ("appended", ReportStatus::Amended),
    ("cancelled", ReportStatus::Cancelled),
    ("entered-in-error", ReportStatus::Cancelled),
    ("unknown", ReportStatus::Unknown),
];

/// Source: hl7.org/fhir/R4/valueset-observation-status.html
const OBSERVATION_STATUSES: &[(&str, ObservationStatus)] = &[
    // There is an observation, though it has no value yet.
    ("registered", ObservationStatus::Preliminary),
    ("preliminary", ObservationStatus::Preliminary),
    ("final", ObservationStatus::Final),
    ("amended", ObservationStatus::Amended),
    ("corrected", ObservationStatus::Corrected),
    ("cancelled", ObservationStatus::Cancelled),
    ("entered-in-error", ObservationStatus::EnteredInError),
    ("unknown", ObservationStatus::Unknown),
];

/// Source: hl7.org/fhir/R4/valueset-request-status.html. A request on hold is nowhere on our way,
/// so its phase stays what it was.
pub const ORDER_STATUSES: &[(&str, OrderStatus)] = &[
    ("draft", OrderStatus::Recommended),
    ("active", OrderStatus::Ordered),
    ("on-hold", OrderStatus::Unknown),
    ("unknown", OrderStatus::Unknown),
    ("completed", OrderStatus::Completed),
    ("revoked", OrderStatus::Cancelled),
    ("entered-in-error", OrderStatus::Cancelled),
];

/// Source: hl7.org/fhir/R4/valueset-appointmentstatus.html
const APPOINTMENT_STATUSES: &[(&str, AppointmentStatus)] = &[
    ("proposed", AppointmentStatus::Pending),
    ("pending", AppointmentStatus::Pending),
    ("waitlist", AppointmentStatus::Pending),
    ("booked", AppointmentStatus::Scheduled),
    ("arrived", AppointmentStatus::InProgress),
    ("checked-in", AppointmentStatus::InProgress),
    ("fulfilled", AppointmentStatus::Completed),
    ("cancelled", AppointmentStatus::Cancelled),
    ("noshow", AppointmentStatus::Cancelled),
    ("entered-in-error", AppointmentStatus::Cancelled),
];

/// Source: hl7.org/fhir/R4/valueset-quantity-comparator.html
const COMPARATORS: &[(&str, Comparator)] = &[
    ("<", Comparator::Less),
    ("<=", Comparator::LessOrEqual),
    (">=", Comparator::GreaterOrEqual),
    (">", Comparator::Greater),
];

fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

pub(super) fn report_status(word: &str) -> Option<ReportStatus> {
    find(REPORT_STATUSES, word)
}

pub(super) fn observation_status(word: &str) -> Option<ObservationStatus> {
    find(OBSERVATION_STATUSES, word)
}

pub(super) fn order_status(word: &str) -> Option<OrderStatus> {
    find(ORDER_STATUSES, word)
}

pub(super) fn appointment_status(word: &str) -> Option<AppointmentStatus> {
    find(APPOINTMENT_STATUSES, word)
}

pub(super) fn comparator(sign: &str) -> Option<Comparator> {
    find(COMPARATORS, sign)
}

/// How final the report is that an observation outside of any report makes: it is some result of an
/// order of which it says no more, so it is never the final one.
pub(super) const fn status_of_loose(status: ObservationStatus) -> ReportStatus {
    match status {
        ObservationStatus::Preliminary
        | ObservationStatus::Final
        | ObservationStatus::Cancelled
        | ObservationStatus::EnteredInError => ReportStatus::Partial,
        ObservationStatus::Amended => ReportStatus::Amended,
        ObservationStatus::Corrected => ReportStatus::Corrected,
        ObservationStatus::Unknown => ReportStatus::Unknown,
    }
}
