//! FHIR R4 in our words, for every vendor that speaks it.
//!
//! [`Resources::read`] takes a body in FHIR's words, a resource or a Bundle of them, and
//! [`Resources::notices`] says in ours what they say:
//!
//! | FHIR | notice |
//! | --- | --- |
//! | ServiceRequest | the order |
//! | DiagnosticReport | a report for each order that it answers, with its observations, and what it tells of the order |
//! | Observation outside of any report | a partial report by itself |
//! | Appointment | the appointment, if it names its order |
//! | anything else | nothing; what FHIR R4 does not know is drift |
//!
//! **Which order.** A `basedOn` names it by the id in its literal reference (`ServiceRequest/7` is
//! `7`; of another type of request the type stays, `CarePlan/7`), else by its identifier, written as
//! in a search (`SYSTEM|VALUE`, `|VALUE` without a system) so that it is never taken for the id of
//! another; patients and groups are named alike. Where a resource names no order, its own id stands
//! for one, with its type (`DiagnosticReport/7`): ids are unique within a type only, and a result
//! must never reach another patient's order. [`Context::order`] overrides all of this for results
//! and appointments.
//!
//! **Which report.** A report is known by its id with its type, so that several reports of one order
//! are not taken for versions of each other. [`Context::report`] overrides that.
//!
//! **What is not in the body.** A report some of whose results are only pointed at is `partial`,
//! whatever its status says (`provider_status` keeps that), and is to be fetched as
//! `DiagnosticReport/ID`: it must not look complete. The fetched one has the same time or a later
//! one and is final, so it is the newer one.
//!
//! **Which version.** A report or an observation is as new as the later of `issued` and
//! `meta.lastUpdated` says: many a server keeps `issued` while it changes the resource.
//!
//! **What turns the meaning around.** A result or a request with a `modifierExtension` or with
//! `implicitRules` is not readable: FHIR forbids to process what one may negate unseen.
//!
//! **Times.** Only a time with its offset is an instant. A year, a month or a day is no time of
//! ours, since a time of day would be made up, and counts as not told; it is noted as drift.

mod map;
mod read;
mod resolve;
mod types;

use jiff::Timestamp;
use labgate_core::Identifier;

pub use self::read::Resources;

/// What is known of a body besides what stands in it.
#[derive(Clone, Debug)]
pub struct Context {
    /// When the body arrived: the time of whatever tells none.
    pub received_at: Timestamp,
    /// The vendor's id of the order that all results of the body answer, where that is known from
    /// elsewhere: from the pointer by which they were fetched, say.
    pub order: Option<Identifier>,
    /// The vendor's id of the report that the body is, where that is known from elsewhere. If the
    /// body brings several, each keeps its own, and so does an observation outside of them.
    pub report: Option<Identifier>,
}
