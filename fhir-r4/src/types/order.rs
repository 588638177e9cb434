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
        "the text of the code says it": ["code.coding[].display", "code.coding[].system"],
        "what is ordered, by whose catalogue; the code is read": [
            "instantiatesCanonical", "instantiatesUri", "category", "orderDetail",
            "quantityQuantity", "quantityRatio", "quantityRange", "bodySite",
        ],
        "how an order is to be carried out; its status says how it was": [
            "priority", "occurrenceTiming", "asNeededBoolean", "asNeededCodeableConcept",
            "performerType", "locationCode", "locationReference", "patientInstruction",
        ],
        "why it was ordered, and what else is known of the patient": [
            "encounter", "reasonCode", "reasonReference", "supportingInfo", "note",
            "relevantHistory",
        ],
        "billing": [
            "insurance",
        ],
        "how an identifier came about, and since when it is one": [
            "requisition.use", "requisition.period", "requisition.assigner",
        ],
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
        "what is to be done; the order says it": [
            "serviceCategory", "serviceType", "specialty", "appointmentType", "reasonCode",
            "reasonReference", "priority", "description", "supportingInformation", "comment",
            "patientInstruction",
        ],
        "`start` and `end` say when": [
            "minutesDuration", "slot", "created", "requestedPeriod",
        ],
        "our appointments name no person": [
            "participant",
        ],
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
        "the display of the code says it": [
            "accessionIdentifier.system", "condition[].coding[].code",
            "condition[].coding[].system",
        ],
        "the report says whose it is": [
            "subject", "request",
        ],
        "how a sample was taken and handled": [
            "parent", "processing", "container", "collection.collector", "collection.duration",
            "collection.quantity", "collection.method", "collection.bodySite",
            "collection.fastingStatusCodeableConcept", "collection.fastingStatusDuration",
        ],
        "how an identifier came about, and since when it is one": [
            "accessionIdentifier.use", "accessionIdentifier.period",
            "accessionIdentifier.assigner",
        ],
    ],
    dispensable: [
        "identifier", "accessionIdentifier", "status", "type", "receivedTime", "collection",
        "condition", "note",
    ]
};
