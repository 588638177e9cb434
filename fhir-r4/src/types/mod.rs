//! FHIR's own words: the resources and elements that our model has a place for.
//!
//! Source: hl7.org/fhir/R4/resourcelist.html and hl7.org/fhir/R4/datatypes.html. None of these
//! types has a `Debug`: they hold patients.

mod absent;
mod element;
mod list;
mod moment;
mod order;
mod person;
mod result;

use labgate_core::decode::Shape;

pub(super) use self::{
    absent::Extended,
    element::{
        Annotation, Attachment, CodeableConcept, Coding, Identifier, Meta, Number, Period,
        Quantity, Range, Ratio, Reference, SampledData, Span,
    },
    list::List,
    moment::Moment,
    order::{Appointment, ServiceRequest, Specimen},
    person::{HumanName, Organization, Patient, PostalAddress, Practitioner},
    result::{DiagnosticReport, Observation, ReferenceRange},
};

/// The shape of a resource: what every resource and element may carry besides, and its own.
///
/// Types and uses are named where they are known to be said, so that a new field of such a name
/// elsewhere is seen; and of what stands beside primitives (`_given`), what only words them
/// otherwise. `modifierExtension` and `implicitRules` never come this far: `modifier` refuses them.
macro_rules! shape {
    (unread: [$($unread:literal),* $(,)?], dispensable: [$($dispensable:literal),* $(,)?]) => {
        labgate_core::decode::Shape {
            unread: &[
                "resourceType", "language", "text", "contained",
                "meta.source", "meta.profile", "meta.security", "meta.tag",
                // Medplum's own additions to `meta`.
                "meta.author", "meta.project", "meta.account", "meta.accounts",
                "meta.compartment", "meta.onBehalfOf",
                // Who may not know an extension may ignore it; why a value is absent is read.
                "**.extension", "**.id",
                // Translations, and parts of a name or an address that are there as a whole.
                "**._text", "**._display", "**._unit",
                "**._family", "**._given", "**._line", "**._birthDate",
                "**.coding[].version", "**.coding[].userSelected",
                "**.identifier[].use", "**.identifier[].type", "**.identifier[].period",
                "**.identifier[].assigner",
                "**.identifier.use", "**.identifier.type", "**.identifier.period",
                "**.identifier.assigner",
                // The type of a reference's target.
                "subject.type", "specimen.type", "specimen[].type", "basedOn[].type",
                "performer[].type", "result[].type", "hasMember[].type", "replaces[].type",
                "**.valueQuantity.system", "**.low.system", "**.high.system",
                "**.numerator.system", "**.denominator.system", "**.origin.system",
                "**.note[].time", "**.note[].authorReference", "**.note[].authorString",
                "**.telecom[].use", "**.address[].use", "**.address[].type",
                $($unread),*
            ],
            dispensable: &["meta", $($dispensable),*],
        }
    };
}
use shape;

/// A resource that our model has a place for.
pub(super) enum Resource {
    Appointment(Appointment),
    DiagnosticReport(DiagnosticReport),
    Observation(Box<Observation>),
    Organization(Organization),
    Patient(Patient),
    Practitioner(Practitioner),
    ServiceRequest(ServiceRequest),
    Specimen(Specimen),
}

impl Resource {
    /// Its logical id and its business identifiers.
    pub(super) fn names(&self) -> (Option<&str>, &[Identifier]) {
        let (id, identifiers) = match self {
            Self::Appointment(it) => (&it.id, &it.identifier),
            Self::DiagnosticReport(it) => (&it.id, &it.identifier),
            Self::Observation(it) => (&it.id, &it.identifier),
            Self::Organization(it) => (&it.id, &None),
            Self::Patient(it) => (&it.id, &it.identifier),
            Self::Practitioner(it) => (&it.id, &None),
            Self::ServiceRequest(it) => (&it.id, &it.identifier),
            Self::Specimen(it) => (&it.id, &it.identifier),
        };
        (id.as_deref(), identifiers.as_deref().unwrap_or_default())
    }

    /// The name of its type.
    pub(super) const fn type_name(&self) -> &'static str {
        match self {
            Self::Appointment(_) => "Appointment",
            Self::DiagnosticReport(_) => "DiagnosticReport",
            Self::Observation(_) => "Observation",
            Self::Organization(_) => "Organization",
            Self::Patient(_) => "Patient",
            Self::Practitioner(_) => "Practitioner",
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
pub(super) const SERVICE_REQUEST: Shape = order::SERVICE_REQUEST;
pub(super) const SPECIMEN: Shape = order::SPECIMEN;

/// Resource types that say nothing about an order of a lab, though they come along with one.
/// Source: hl7.org/fhir/R4/resourcelist.html; SubscriptionStatus is the R5 backport's.
pub(super) const FOREIGN: &[&str] = &[
    "Account",
    "ActivityDefinition",
    "AllergyIntolerance",
    "AppointmentResponse",
    "AuditEvent",
    "Binary",
    "CarePlan",
    "CareTeam",
    "Communication",
    "CommunicationRequest",
    "Composition",
    "Condition",
    "Consent",
    "Coverage",
    "Device",
    "DocumentReference",
    "Encounter",
    "Endpoint",
    "EpisodeOfCare",
    "FamilyMemberHistory",
    "Goal",
    "Group",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "List",
    "Location",
    "Media",
    "Medication",
    "MedicationRequest",
    "MessageHeader",
    "MolecularSequence",
    "ObservationDefinition",
    "OperationOutcome",
    "Parameters",
    "Person",
    "PlanDefinition",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "Schedule",
    "Slot",
    "SpecimenDefinition",
    "Subscription",
    "SubscriptionStatus",
    "Substance",
    "Task",
];
