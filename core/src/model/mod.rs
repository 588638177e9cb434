//! The unified model: what consumers read, in the words of FHIR R4.
//!
//! An [`Order`] is FHIR's ServiceRequest, an [`Appointment`] its Appointment, a [`Report`] its
//! DiagnosticReport, an [`Observation`] its Observation. JSON is in snake_case, times are RFC 3339
//! in UTC, ids of vendors are opaque strings, and a value that nobody knew is kept as text beside
//! the word `unknown`.

mod appointment;
mod code;
mod event;
mod identity;
mod observation;
mod order;
mod person;
mod range;
mod report;
mod specimen;

pub use appointment::{Appointment, AppointmentDetails, AppointmentKind, AppointmentStatus};
pub use code::{Code, Coding};
pub use event::{Event, EventType};
pub use identity::{appointment_id, order_id, report_id};
pub use observation::{
    Comparator, Interpretation, Observation, ObservationStatus, ObservationValue, Parent,
};
pub use order::{
    Lab, Method, Order, OrderDetails, OrderStatus, Parcel, Phase, Shipment, Test, Transaction,
};
pub use person::{Address, Location, Patient};
pub use range::{AgeRange, ReferenceRange};
pub use report::{
    Document, MissingResult, OrderingProvider, PerformingLab, Report, ReportStatus, Source,
};
pub use specimen::Specimen;
