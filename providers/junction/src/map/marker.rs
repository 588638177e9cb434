//! One marker of a result, or one that is missing from it.

use labgate_core::{
    Decimal, Phi,
    decode::Scalar,
    model::{Code, Coding, MissingResult, Observation, ObservationValue, Parent},
};

use super::{Context, judgement::graver, range::reference_range, words::FAILURES};
use crate::payload::{self, Marker, Moment, SourceMarker};

/// What was found for a marker.
pub(super) fn observation(marker: Marker, context: &mut Context) -> Observation {
    let value = value(&marker, context);
    let parent = panel(&marker);
    let (interpretation, provider_interpretation) =
        graver(marker.interpretation, marker.source_interpretation, context);
    let low = bound(marker.min_range_value, "markers[].min_range_value", context);
    let high = bound(marker.max_range_value, "markers[].max_range_value", context);
    Observation {
        parent,
        code: Code {
            provider: marker.slug,
            loinc: marker.loinc,
            name: marker.name,
            codings: marker.provider_id.map(lab_code).into_iter().collect(),
        },
        value: value.map(Phi::new),
        reference_range: reference_range(low, high, marker.reference_range, marker.unit.as_deref()),
        interpretation,
        provider_interpretation,
        at: marker.timestamp.and_then(Moment::time),
        on: marker.timestamp.and_then(Moment::day),
        specimen: marker.source_sample_id.map(Phi::new),
        notes: marker.notes.map(Phi::new),
        performer: marker.performing_laboratory,
        ..Observation::default()
    }
}

/// The lab's own code, of a system that Junction does not name.
fn lab_code(code: String) -> Coding {
    Coding { code: Some(code), ..Coding::default() }
}

/// What was ordered and led to this marker: a panel, unless it is the marker itself. It distinguishes
/// two markers of one name.
fn panel(marker: &Marker) -> Option<Parent> {
    let itself = |source: &&SourceMarker| source.slug.is_some() && source.slug == marker.slug;
    let sources = || marker.source_markers.iter().flatten().filter(|source| !itself(source));
    let names: Vec<_> = sources().filter_map(|source| source.name.as_deref()).collect();
    let id = sources().next()?.slug.clone();
    Some(Parent { id, name: names.join("; ") })
}

fn bound(value: Option<Scalar>, field: &str, context: &mut Context) -> Option<Decimal> {
    match value? {
        Scalar::Number(number) => Some(number),
        Scalar::Text(text) => {
            let number = text.trim().parse().ok();
            if number.is_none() {
                context.unknown(field);
            }
            number
        }
    }
}

/// What was found: `result`, read as its `type` says, or where a relay leaves that out, `value`.
///
/// Source: Lab Testing, Results, "Result formats": `value` is deprecated, and is -1 where the
/// result is no number; a `range` may be open (`-5` is "up to 5", `5-` is "5 and more").
fn value(marker: &Marker, context: &mut Context) -> Option<ObservationValue> {
    let kind = marker.r#type.as_deref();
    if kind.is_some_and(|kind| !KINDS.contains(&kind)) {
        context.unknown("markers[].type");
    }
    let numeric = kind.is_none_or(|kind| kind == "numeric");
    let result = words(marker.result.as_ref());
    let value = words(marker.value.as_ref());
    // Beside another result, a value of -1 says that the result is no number.
    let placeholder = value.as_deref() == Some(PLACEHOLDER)
        && result.as_deref().is_some_and(|result| result.trim() != PLACEHOLDER);
    let value = value.filter(|text| numeric || text != PLACEHOLDER);
    let text = result.or(value)?;
    let signed = kind.map_or(!placeholder, |kind| kind == "numeric");
    let minus = text.trim_start_matches(['<', '>', '=', ' ']).starts_with('-');
    Some(match kind {
        Some("comment") => ObservationValue::words(text, marker.unit.clone()),
        Some("coded_value") => ObservationValue::Coded { code: text, codings: Vec::new() },
        Some(_) | None if minus && !signed => ObservationValue::words(text, marker.unit.clone()),
        Some(_) | None => ObservationValue::read(&text, marker.unit.as_deref()),
    })
}

/// Source: OpenAPI `BiomarkerResult.type`.
const KINDS: &[&str] = &["numeric", "range", "comment", "coded_value"];

/// The `value` of a result that is no number.
const PLACEHOLDER: &str = "-1";

fn words(scalar: Option<&Scalar>) -> Option<String> {
    match scalar? {
        Scalar::Number(number) => Some(number.to_string()),
        Scalar::Text(text) => (!text.trim().is_empty()).then(|| text.clone()),
    }
}

/// A marker that was ordered and will not come.
pub(super) fn missing_result(
    missing: payload::MissingResult,
    context: &mut Context,
) -> MissingResult {
    let reason = missing.inferred_failure_type;
    if reason.as_deref().is_some_and(|word| !FAILURES.contains(&word)) {
        context.unknown("missing_results[].inferred_failure_type");
    }
    MissingResult {
        code: Some(Code {
            provider: missing.slug,
            loinc: missing.loinc,
            name: missing.name.clone(),
            codings: missing.provider_id.map(lab_code).into_iter().collect(),
        }),
        name: missing.name,
        reason,
        notes: missing.note.map(Phi::new).into_iter().collect(),
    }
}
