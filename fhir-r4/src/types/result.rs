//! Reports and what they found.

use labgate_core::decode::Shape;
use serde::{Deserialize, de::IgnoredAny};

use super::{
    Annotation, Attachment, CodeableConcept, Identifier, Meta, Moment, Period, Quantity, Range,
    Ratio, Reference, element::Number, shape,
};

/// hl7.org/fhir/R4/diagnosticreport.html
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiagnosticReport {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<Vec<Identifier>>,
    pub(crate) based_on: Option<Vec<Reference>>,
    pub(crate) status: Option<String>,
    pub(crate) subject: Option<Reference>,
    pub(crate) effective_date_time: Option<Moment>,
    pub(crate) effective_period: Option<Period>,
    pub(crate) issued: Option<Moment>,
    pub(crate) performer: Option<Vec<Reference>>,
    pub(crate) specimen: Option<Vec<Reference>>,
    pub(crate) result: Option<Vec<Reference>>,
    pub(crate) conclusion: Option<String>,
    pub(crate) presented_form: Option<Vec<Attachment>>,
}

pub(super) const DIAGNOSTIC_REPORT: Shape = shape! {
    unread: [
        "category", "code", "encounter", "resultsInterpreter", "imagingStudy", "media",
        "conclusionCode", "presentedForm[].language", "presentedForm[].data",
        "presentedForm[].size", "presentedForm[].hash", "presentedForm[].title",
        "presentedForm[].creation",
    ],
    dispensable: ["subject", "effectiveDateTime", "effectivePeriod", "performer", "specimen"]
};

/// hl7.org/fhir/R4/observation.html
///
/// A `Part` is what may stand in `component`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Observation<Part = Component> {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<Vec<Identifier>>,
    pub(crate) based_on: Option<Vec<Reference>>,
    pub(crate) status: Option<String>,
    pub(crate) category: Option<Vec<CodeableConcept>>,
    pub(crate) code: Option<CodeableConcept>,
    pub(crate) subject: Option<Reference>,
    pub(crate) effective_date_time: Option<Moment>,
    pub(crate) effective_period: Option<Period>,
    pub(crate) effective_instant: Option<Moment>,
    pub(crate) issued: Option<Moment>,
    pub(crate) performer: Option<Vec<Reference>>,
    pub(crate) note: Option<Vec<Annotation>>,
    pub(crate) has_member: Option<Vec<Reference>>,
    /// Several values that belong together, as the upper and the lower blood pressure.
    pub(crate) component: Option<Vec<Part>>,
    /// Of an observation, `read` refuses it before; of a component, it is to be looked at here.
    pub(crate) modifier_extension: Option<Vec<IgnoredAny>>,
    pub(crate) value_quantity: Option<Quantity>,
    pub(crate) value_codeable_concept: Option<CodeableConcept>,
    pub(crate) value_string: Option<String>,
    pub(crate) value_boolean: Option<bool>,
    pub(crate) value_integer: Option<Number>,
    pub(crate) value_range: Option<Range>,
    pub(crate) value_ratio: Option<Ratio>,
    pub(crate) value_time: Option<String>,
    pub(crate) value_date_time: Option<String>,
    pub(crate) data_absent_reason: Option<CodeableConcept>,
    pub(crate) interpretation: Option<Vec<CodeableConcept>>,
    pub(crate) reference_range: Option<Vec<ReferenceRange>>,
}

/// hl7.org/fhir/R4/observation-definitions.html#Observation.component: a code, a value and what goes
/// with it, all as an observation has them. It has no components of its own, so that a body can't
/// nest them until the stack overflows.
pub(crate) type Component = Observation<IgnoredAny>;

/// hl7.org/fhir/R4/observation-definitions.html#Observation.referenceRange
#[derive(Deserialize)]
pub(crate) struct ReferenceRange {
    pub(crate) low: Option<Quantity>,
    pub(crate) high: Option<Quantity>,
    pub(crate) r#type: Option<CodeableConcept>,
    pub(crate) text: Option<String>,
}

// What a value can't be said by is drift: `valueSampledData`, `valuePeriod`.
pub(super) const OBSERVATION: Shape = shape! {
    unread: [
        "partOf", "focus", "encounter", "effectiveTiming", "bodySite", "method", "device",
        "derivedFrom", "specimen", "referenceRange[].appliesTo", "referenceRange[].age",
        "component[].referenceRange[].appliesTo", "component[].referenceRange[].age",
    ],
    dispensable: [
        "category", "subject", "effectiveDateTime", "effectivePeriod", "effectiveInstant",
        "performer", "note",
    ]
};
