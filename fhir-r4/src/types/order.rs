//! Requests, appointments and samples.

use labgate_core::decode::Shape;
use serde::Deserialize;

use super::{
    Annotation, CodeableConcept, Identifier, List, Meta, Moment, Period, Reference, shape,
};

/// hl7.org/fhir/R4/servicerequest.html
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceRequest {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) based_on: Option<List<Reference>>,
    pub(crate) replaces: Option<List<Reference>>,
    pub(crate) requisition: Option<Identifier>,
    pub(crate) status: Option<String>,
    pub(crate) intent: Option<String>,
    pub(crate) do_not_perform: Option<bool>,
    pub(crate) code: Option<CodeableConcept>,
    pub(crate) subject: Option<Reference>,
    pub(crate) occurrence_date_time: Option<Moment>,
    pub(crate) occurrence_period: Option<Period>,
    pub(crate) authored_on: Option<Moment>,
    pub(crate) requester: Option<Reference>,
    pub(crate) performer: Option<List<Reference>>,
    pub(crate) specimen: Option<List<Reference>>,
}

pub(super) const SERVICE_REQUEST: Shape = shape! {
    unread: [
        "instantiatesCanonical", "instantiatesUri", "category", "priority",
        "orderDetail", "quantityQuantity", "quantityRatio", "quantityRange", "encounter",
        "occurrenceTiming", "asNeededBoolean", "asNeededCodeableConcept",
        "performerType", "locationCode", "locationReference", "reasonCode", "reasonReference",
        "insurance", "supportingInfo", "bodySite", "note", "patientInstruction",
        "relevantHistory", "requisition.use", "requisition.period",
        "requisition.assigner",
    ],
    dispensable: [
        "identifier[].type", "basedOn", "replaces", "requisition", "code", "subject",
        "occurrenceDateTime", "occurrencePeriod", "requester", "performer", "specimen",
    ]
};

/// hl7.org/fhir/R4/appointment.html
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Appointment {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) status: Option<String>,
    pub(crate) cancelation_reason: Option<CodeableConcept>,
    pub(crate) start: Option<Moment>,
    pub(crate) end: Option<Moment>,
    pub(crate) based_on: Option<List<Reference>>,
}

pub(super) const APPOINTMENT: Shape = shape! {
    unread: [
        "serviceCategory", "serviceType", "specialty", "appointmentType", "reasonCode",
        "reasonReference", "priority", "description", "supportingInformation",
        "minutesDuration", "slot", "created", "comment", "patientInstruction", "participant",
        "requestedPeriod",
    ],
    dispensable: [
        "identifier[].type", "cancelationReason", "basedOn[].type", "basedOn[].identifier.type",
    ]
};

/// hl7.org/fhir/R4/specimen.html
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Specimen {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) accession_identifier: Option<Identifier>,
    pub(crate) status: Option<String>,
    pub(crate) r#type: Option<CodeableConcept>,
    pub(crate) received_time: Option<Moment>,
    pub(crate) collection: Option<Collection>,
    pub(crate) condition: Option<List<CodeableConcept>>,
    pub(crate) note: Option<List<Annotation>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Collection {
    pub(crate) collected_date_time: Option<Moment>,
    pub(crate) collected_period: Option<Period>,
}

pub(super) const SPECIMEN: Shape = shape! {
    unread: [
        "subject", "parent", "request", "processing", "container", "collection.collector",
        "collection.duration",
        "collection.quantity", "collection.method", "collection.bodySite",
        "collection.fastingStatusCodeableConcept", "collection.fastingStatusDuration",
        "accessionIdentifier.use", "accessionIdentifier.period",
        "accessionIdentifier.assigner",
    ],
    dispensable: [
        "identifier", "accessionIdentifier", "status", "type", "receivedTime", "collection",
        "condition", "note",
    ]
};
