//! FHIR's own words: the resources and elements that our model has a place for.
//!
//! Source: hl7.org/fhir/R4/resourcelist.html and hl7.org/fhir/R4/datatypes.html. None of these
//! types has a `Debug`: they hold patients.

mod absent;
mod element;
mod foreign;
mod list;
mod moment;
mod order;
mod person;
mod result;

use jiff::Timestamp;
use labgate_core::decode::Shape;

pub(super) use self::{
    absent::Extended,
    element::{
        Annotation, Attachment, CodeableConcept, Coding, Identifier, Meta, Number, Period,
        Quantity, Range, Ratio, Reference, SampledData, Span,
    },
    foreign::FOREIGN,
    list::List,
    moment::Moment,
    order::{Appointment, ServiceRequest, Specimen},
    person::{
        ContactPoint, HumanName, Organization, Patient, PostalAddress, Practitioner,
        PractitionerRole,
    },
    result::{DiagnosticReport, Observation, ReferenceRange},
};

/// The shape of a resource: what every resource and element may carry besides, and its own.
///
/// Types and uses are named where they are known to be said, so that a new field of such a name
/// elsewhere is seen; and of what stands beside primitives (`_given`), what only words them
/// otherwise. `modifierExtension` and `implicitRules` never come this far: `modifier` refuses them.
macro_rules! shape {
    (
        unread: [$($why:literal: [$($unread:literal),* $(,)?]),* $(,)?],
        dispensable: [$($dispensable:literal),* $(,)?]
    ) => {
        labgate_core::decode::Shape {
            unread: &[
                labgate_core::decode::Unread::elsewhere(&["resourceType", "contained"]),
                labgate_core::decode::Unread::because(
                    "how the resource is worded, and for whom",
                    &["language", "text", "meta.source", "meta.profile", "meta.security"],
                ),
                labgate_core::decode::Unread::because("Medplum's own additions", &[
                    "meta.author", "meta.project", "meta.account", "meta.accounts",
                    "meta.compartment", "meta.onBehalfOf",
                ]),
                labgate_core::decode::Unread::because(
                    "who may not know an extension may ignore it; why a value is absent is read",
                    &["**.extension"],
                ),
                labgate_core::decode::Unread::because(
                    "the name of an element within its resource",
                    &["**.id"],
                ),
                labgate_core::decode::Unread::because(
                    "translations, and parts of a name or an address that are there as a whole",
                    &[
                        "**._text", "**._display", "**._unit", "**._family", "**._given",
                        "**._line", "**._birthDate",
                    ],
                ),
                labgate_core::decode::Unread::because(
                    "how a code or an identifier came about, and since when it is one",
                    &[
                        "**.coding[].version", "**.coding[].userSelected",
                        "**.identifier[].use", "**.identifier[].period",
                        "**.identifier[].assigner", "**.identifier.use", "**.identifier.period",
                        "**.identifier.assigner", "meta.tag[].version",
                        "meta.tag[].userSelected",
                    ],
                ),
                labgate_core::decode::Unread::because("the system of a unit is UCUM, or of no use", &[
                    "**.valueQuantity.system", "**.low.system", "**.high.system",
                    "**.numerator.system", "**.denominator.system", "**.origin.system",
                ]),
                labgate_core::decode::Unread::because("who wrote a note, and when", &[
                    "**.note[].time", "**.note[].authorReference", "**.note[].authorString",
                ]),
                labgate_core::decode::Unread::because("how mail is addressed", &["**.address[].type"]),
                labgate_core::decode::Unread::because(
                    "a code of HL7's is known without its system, and a display repeats the code",
                    &[
                        "**.interpretation[].coding[].display",
                        "**.dataAbsentReason.coding[].system",
                        "**.type.coding[].system", "**.type.text",
                    ],
                ),
                labgate_core::decode::Unread::because("versions are ordered by their times", &[
                    "meta.versionId",
                ]),
                labgate_core::decode::Unread::because(
                    "the resource has the name of what is pointed at",
                    &["**.subject.display", "**.result[].display"],
                ),
                labgate_core::decode::Unread::spare("of all times of a report the newest counts", &[
                    "issued", "meta.lastUpdated",
                ]),
                labgate_core::decode::Unread::spare("the code says what the text says, or the text", &[
                    "**.code.text", "**.valueCodeableConcept.text",
                    "**.interpretation[].coding[].system",
                ]),
                labgate_core::decode::Unread::spare("the unit and its code say the same", &[
                    "**.valueQuantity.unit", "**.valueQuantity.code", "**.low.unit", "**.high.unit",
                ]),
                labgate_core::decode::Unread::because("the unit says what its code says", &[
                    "**.low.code", "**.high.code",
                ]),
                labgate_core::decode::Unread::spare("the reference says the type", &[
                    "**.basedOn[].type",
                ]),
                $(labgate_core::decode::Unread::because($why, &[$($unread),*])),*
            ],
            dispensable: &["meta", $($dispensable),*],
        }
    };
}
use shape;

/// A resource that our model has a place for.
pub(super) enum Resource {
    Appointment(Appointment),
    DiagnosticReport(Box<DiagnosticReport>),
    Observation(Box<Observation>),
    Organization(Organization),
    Patient(Patient),
    Practitioner(Practitioner),
    PractitionerRole(PractitionerRole),
    ServiceRequest(Box<ServiceRequest>),
    Specimen(Specimen),
}

/// What every resource has.
pub(super) struct Common<'a> {
    /// Its logical id.
    pub(super) id: Option<&'a str>,
    /// Its business identifiers.
    pub(super) identifiers: &'a [Identifier],
    /// Its version.
    pub(super) meta: Option<&'a Meta>,
    /// When it was made available; most resources have no such field.
    pub(super) issued: Option<&'a Moment>,
}

impl<'a> Common<'a> {
    /// When this version came about, and its number.
    pub(super) fn version(&self) -> (Option<Timestamp>, Option<&'a labgate_core::Identifier>) {
        let updated = self.meta.and_then(|meta| meta.last_updated.as_ref());
        let at = updated.or(self.issued).and_then(|moment| moment.instant);
        (at, self.meta.and_then(|meta| meta.version_id.as_ref()))
    }
}

/// The names of the types of [`Resource`].
pub(super) const KINDS: &[&str] = &[
    "Appointment",
    "DiagnosticReport",
    "Observation",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "ServiceRequest",
    "Specimen",
];

impl Resource {
    /// What every resource has.
    pub(super) fn common(&self) -> Common<'_> {
        macro_rules! common {
            ($resource:ident, $issued:expr) => {
                Common {
                    id: $resource.id.as_deref(),
                    identifiers: $resource.identifier.as_deref().unwrap_or_default(),
                    meta: $resource.meta.as_ref(),
                    issued: $issued,
                }
            };
        }
        match self {
            Self::Appointment(it) => common!(it, None),
            Self::DiagnosticReport(it) => common!(it, it.issued.as_ref()),
            Self::Observation(it) => common!(it, it.issued.as_ref()),
            Self::Organization(it) => common!(it, None),
            Self::Patient(it) => common!(it, None),
            Self::Practitioner(it) => common!(it, None),
            Self::PractitionerRole(it) => common!(it, None),
            Self::ServiceRequest(it) => common!(it, None),
            Self::Specimen(it) => common!(it, None),
        }
    }

    /// The name of its type.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Appointment(_) => "Appointment",
            Self::DiagnosticReport(_) => "DiagnosticReport",
            Self::Observation(_) => "Observation",
            Self::Organization(_) => "Organization",
            Self::Patient(_) => "Patient",
            Self::Practitioner(_) => "Practitioner",
            Self::PractitionerRole(_) => "PractitionerRole",
            Self::ServiceRequest(_) => "ServiceRequest",
            Self::Specimen(_) => "Specimen",
        }
    }
}

/// Shapes of the resources, by type.
pub(super) const APPOINTMENT: Shape = order::APPOINTMENT;
pub(super) const DIAGNOSTIC_REPORT: Shape = result::DIAGNOSTIC_REPORT;
pub(super) const OBSERVATION: Shape = result::OBSERVATION;
pub(super) const ORGANIZATION: Shape = person::ORGANIZATION;
pub(super) const PATIENT: Shape = person::PATIENT;
pub(super) const PRACTITIONER: Shape = person::PRACTITIONER;
pub(super) const PRACTITIONER_ROLE: Shape = person::PRACTITIONER_ROLE;
pub(super) const SERVICE_REQUEST: Shape = order::SERVICE_REQUEST;
pub(super) const SPECIMEN: Shape = order::SPECIMEN;
