//! FHIR's own words: the resources and elements that our model has a place for.
//!
//! Source: hl7.org/fhir/R4/resourcelist.html and hl7.org/fhir/R4/datatypes.html. None of these
//! types has a `Debug`: they hold patients.

mod element;
mod moment;
mod order;
mod person;
mod result;

use labgate_core::decode::Shape;

pub(super) use self::{
    element::{
        Annotation, Attachment, CodeableConcept, Identifier, Meta, Period, Quantity, Range, Ratio,
        Reference,
    },
    moment::Moment,
    order::{Appointment, ServiceRequest, Specimen},
    person::{HumanName, Organization, Patient, PostalAddress, Practitioner},
    result::{DiagnosticReport, Observation, ReferenceRange},
};

/// The shape of a resource: what every resource and element may carry besides, and its own.
///
/// `modifierExtension` and `implicitRules` are not among it: they may turn the meaning of what they
/// stand beside (hl7.org/fhir/R4/extensibility.html#modifierExtension), so they are drift where
/// `read` does not refuse them.
macro_rules! shape {
    (unread: [$($unread:literal),* $(,)?], dispensable: [$($dispensable:literal),* $(,)?]) => {
        labgate_core::decode::Shape {
            unread: &[
                "resourceType", "language", "text", "contained",
                "meta.source", "meta.profile", "meta.security", "meta.tag",
                // Medplum's own additions to `meta`.
                "meta.author", "meta.project", "meta.account", "meta.accounts",
                "meta.compartment", "meta.onBehalfOf",
                "**.extension", "**._*", "**.id",
                "**.version", "**.userSelected", "**.assigner", "**.system", "**.use", "**.type",
                "**.authorReference", "**.authorString", "**.time",
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
