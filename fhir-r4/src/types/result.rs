//! Reports and what they found.

use labgate_core::decode::Shape;
use serde::{Deserialize, de::IgnoredAny};

use super::{
    Annotation, Attachment, CodeableConcept, Extended, Identifier, List, Meta, Moment, Period,
    Quantity, Range, Ratio, Reference, SampledData, Span, element::Number, shape,
};

/// hl7.org/fhir/R4/diagnosticreport.html
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiagnosticReport {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) based_on: Option<List<Reference>>,
    pub(crate) status: Option<String>,
    pub(crate) category: Option<List<CodeableConcept>>,
    pub(crate) code: Option<CodeableConcept>,
    pub(crate) subject: Option<Reference>,
    pub(crate) effective_date_time: Option<Moment>,
    pub(crate) effective_period: Option<Period>,
    pub(crate) issued: Option<Moment>,
    pub(crate) performer: Option<List<Reference>>,
    pub(crate) results_interpreter: Option<List<Reference>>,
    pub(crate) specimen: Option<List<Reference>>,
    pub(crate) result: Option<List<Reference>>,
    /// FHIR R5's; servers that speak R4 send it too.
    pub(crate) note: Option<List<Annotation>>,
    pub(crate) conclusion: Option<String>,
    pub(crate) conclusion_code: Option<List<CodeableConcept>>,
    pub(crate) presented_form: Option<List<Attachment>>,
}

pub(super) const DIAGNOSTIC_REPORT: Shape = shape! {
    unread: [
        "a report is known by its id": ["identifier"],
        "a sample that is not in the body has no more than its number": ["specimen[].reference"],
        "the stay during which it came about": [
            "encounter",
        ],
        "pictures": [
            "imagingStudy", "media",
        ],
        "a document is known by its address and type": [
            "presentedForm[].language", "presentedForm[].data", "presentedForm[].size",
            "presentedForm[].hash", "presentedForm[].title", "presentedForm[].creation",
        ],
    ],
    dispensable: [
        "identifier[].type", "basedOn[].type", "basedOn[].identifier.type", "category", "code",
        "subject", "effectiveDateTime", "effectivePeriod", "performer", "resultsInterpreter",
        "specimen", "result[].type", "result[].identifier.type", "note",
    ]
};

/// hl7.org/fhir/R4/observation.html
///
/// A `Part` is what may stand in `component`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Observation<Part = Component> {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) based_on: Option<List<Reference>>,
    pub(crate) status: Option<String>,
    pub(crate) category: Option<List<CodeableConcept>>,
    pub(crate) code: Option<CodeableConcept>,
    pub(crate) subject: Option<Reference>,
    pub(crate) effective_date_time: Option<Moment>,
    pub(crate) effective_period: Option<Period>,
    pub(crate) effective_instant: Option<Moment>,
    pub(crate) issued: Option<Moment>,
    pub(crate) performer: Option<List<Reference>>,
    pub(crate) method: Option<CodeableConcept>,
    pub(crate) body_site: Option<CodeableConcept>,
    pub(crate) specimen: Option<Reference>,
    pub(crate) note: Option<List<Annotation>>,
    pub(crate) has_member: Option<List<Reference>>,
    /// Several values that belong together, as the upper and the lower blood pressure.
    pub(crate) component: Option<List<Part>>,
    pub(crate) value_quantity: Option<Quantity>,
    pub(crate) value_codeable_concept: Option<CodeableConcept>,
    pub(crate) value_string: Option<String>,
    pub(crate) value_boolean: Option<bool>,
    pub(crate) value_integer: Option<Number>,
    pub(crate) value_range: Option<Range>,
    pub(crate) value_ratio: Option<Ratio>,
    pub(crate) value_sampled_data: Option<SampledData>,
    pub(crate) value_time: Option<String>,
    pub(crate) value_date_time: Option<String>,
    pub(crate) value_period: Option<Span>,
    /// A value of a type that R4 has, though not for an observation.
    #[serde(
        rename = "valueAttachment",
        alias = "valueBase64Binary",
        alias = "valueCode",
        alias = "valueCoding",
        alias = "valueDate",
        alias = "valueDecimal",
        alias = "valueIdentifier",
        alias = "valueInstant",
        alias = "valueMarkdown",
        alias = "valueMoney",
        alias = "valuePositiveInt",
        alias = "valueReference",
        alias = "valueUnsignedInt",
        alias = "valueUri",
        alias = "valueUrl"
    )]
    pub(crate) value_of_other_type: Option<IgnoredAny>,
    /// What stands beside a value that is a primitive.
    #[serde(
        default,
        rename = "_valueString",
        alias = "_valueBoolean",
        alias = "_valueInteger",
        alias = "_valueTime",
        alias = "_valueDateTime"
    )]
    pub(crate) beside_value: Extended,
    pub(crate) data_absent_reason: Option<CodeableConcept>,
    pub(crate) interpretation: Option<List<CodeableConcept>>,
    pub(crate) reference_range: Option<List<ReferenceRange>>,
}

/// hl7.org/fhir/R4/observation-definitions.html#Observation.component: a code, a value and what goes
/// with it, all as an observation has them. It has no components of its own, so that a body can't
/// nest them until the stack overflows.
pub(crate) type Component = Observation<IgnoredAny>;

/// hl7.org/fhir/R4/observation-definitions.html#Observation.referenceRange
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReferenceRange {
    pub(crate) low: Option<Quantity>,
    pub(crate) high: Option<Quantity>,
    pub(crate) r#type: Option<CodeableConcept>,
    pub(crate) applies_to: Option<List<CodeableConcept>>,
    pub(crate) age: Option<Range>,
    pub(crate) text: Option<String>,
}

// `focus` is drift: what was measured may be somebody else's, a donor's or a child's.
pub(super) const OBSERVATION: Shape = shape! {
    unread: [
        "the report says which order it answers": ["basedOn[].reference"],
        "the results of a report are a lab's": ["category[].coding[].code", "category[].coding[].system"],
        "a ratio of one unit has none": ["valueRatio.numerator.unit", "valueRatio.denominator.unit"],
        "the stay during which it came about": [
            "encounter",
        ],
        "what it was measured with or computed from": [
            "partOf", "device", "derivedFrom",
        ],
    ],
    dispensable: [
        "category", "subject", "effectiveDateTime", "effectivePeriod", "effectiveInstant",
        "performer", "method", "bodySite", "specimen", "note", "identifier[].type",
        "basedOn[].type", "basedOn[].identifier.type", "hasMember[].type",
        "hasMember[].identifier.type",
    ]
};
