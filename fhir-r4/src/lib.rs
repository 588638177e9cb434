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
//! another. Where the body holds the one resource of that type with the identifier, both names mean
//! that one; patients, samples and organisations are found alike. Where a resource names no order,
//! its own id names one, with its type (`DiagnosticReport/7`): ids are unique within a type
//! only, and a result must never reach another patient's order. [`Context::order`] overrides all of
//! this for results and appointments. Across bodies a request's identifiers lead to it, but for its
//! group's: they are the order's `aliases`.
//!
//! **What an order is.** A request whose `intent` is a proposal, a plan or an option is recommended,
//! whatever its status says; it is cancelled if it was revoked. The placer's number (`PLAC`) is the
//! customer's own id of the order. Its groups are its requisition, its group numbers (`PGN`, `FGN`)
//! and what it is based on.
//!
//! **Which report.** A report is known by its id with its type, so that several reports of one order
//! are not taken for versions of each other. [`Context::report`] overrides that.
//!
//! **What is not in the body.** A report some of whose results are only pointed at is `partial`,
//! whatever its status says (`provider_status` keeps that), and is to be fetched as
//! `DiagnosticReport/ID`: it must not look complete. So is one that the server cut short
//! (`SUBSETTED`). The fetched one has the same time or a later one and is final, so it is the newer
//! one. A final report that says nothing at all is drift.
//!
//! **How new it is.** A report is as new as the newest of its parts: `issued` and
//! `meta.lastUpdated` of its own and of each observation that belongs to it, at any depth, and
//! `meta.lastUpdated` of its samples. Many a server keeps a report as it is while it corrects a
//! value. Patients, organisations and requests are no parts of it. A time more than a day after the
//! arrival orders nothing: it is drift, and `provider_reported_at` keeps it.
//!
//! **Which version.** `Observation/7/_history/2` is that version and no other. In a body that holds
//! several versions, a reference without one leads from the newest report to the newest version, and
//! from an older report to the newest that is not newer than the report (or the oldest, if all are).
//! An older version without a date could be mistaken for a newer one: it is left out, and is drift. So
//! is a deletion: a lab withdraws a result by its status.
//!
//! **Observations without a report** are results if they answer an order, if a sample was examined
//! for them, or if a category says `laboratory` in any of its spellings. Vital signs, social history
//! and the like are not; an unknown category counts as a lab's, and is drift.
//!
//! **Who did it.** `performing_labs` are the organisations among `performer` and
//! `resultsInterpreter` of the report and `performer` of its observations; a clinician who performed
//! an observation is named there, and one who performed the report is the order's `lab` if no
//! organisation is. `ordering_provider` is the requester of the request, if that is in the body.
//!
//! **What turns the meaning around.** A resource that is read and has a `modifierExtension` in it,
//! wherever, or `implicitRules` is not readable: FHIR forbids to process what one may negate unseen.
//!
//! **Which value.** Numbers and units are the lab's, sign by sign. A value of a kind that our model
//! has no place for is told in words (`1:40`, `2026-03-04/2026-03-05`). Two values, one that can't be
//! said, and a number beside a reason why there is none are not readable: no result becomes a null.
//!
//! **What is missing.** An observation without a value is a missing result with its code, its notes
//! and the reason that `dataAbsentReason`, an extension or its status gives; where none does, that is
//! drift. So is one that was withdrawn, and it never alarms. Without a value an observation is listed
//! if the lab judges it, if it is `registered` or `preliminary` and so still to come, or if notes are
//! all that it says.
//!
//! **What belongs together.** A member of a panel (`hasMember`) and a component name their `parent`;
//! of several panels the smallest. A panel is listed itself only if it has a value, a judgement or
//! notes.
//!
//! **Judgements.** HL7's codes and displays, and words that say `critical` or `panic`; of several the
//! gravest. What is not known is drift, whatever stands beside it.
//!
//! **Ranges.** One that is for some people or of another kind than `normal` is one of `other_ranges`.
//! Bounds are inclusive, as FHIR defines them, unless a comparator or the text says otherwise or is
//! unclear.
//!
//! **Times.** Only a time with its offset is an instant, and a day is a day: it orders nothing, since
//! a time of day would be made up. A year or a month, and a time without an offset, is drift.

mod map;
mod modifier;
mod read;
mod resolve;
mod types;
mod versions;

use jiff::Timestamp;
use labgate_core::Identifier;

pub use self::{
    map::ORDER_STATUSES,
    read::{Resources, SHAPES},
};

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
