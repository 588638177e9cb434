//! `labtest.result.*`: results with their markers, or an alarm that only points at them.

use labgate_core::{
    Decimal, Notice, Phi,
    decode::Scalar,
    model::{
        Code, Interpretation, Observation, ObservationValue, OrderDetails, ReferenceRange,
        ReportStatus, Specimen,
    },
    notice::{FetchSubject, OrderNotice, ReportNotice},
};

use super::{Context, fetch, words};
use crate::payload::{LabResult, Marker};

/// Maps a result. One that comes without all of its markers is also to be fetched.
pub(super) fn map(result: LabResult, critical: bool, context: &mut Context) -> Vec<Notice> {
    let status = result.status.as_deref().map_or(ReportStatus::Unknown, words::report_status);
    if status == ReportStatus::Unknown && result.status.is_some() {
        context.unknown("status");
    }
    let interpretation =
        result.interpretation.as_deref().map(|text| judgement(text, "interpretation", context));
    let markers = result.markers.unwrap_or_default();
    let incomplete = markers.is_empty()
        || result
            .marker_count
            .is_some_and(|count| count > u64::try_from(markers.len()).unwrap_or(0));
    let reported_at = result
        .reported_at
        .or(result.updated_at.max(result.created_at))
        .map_or(context.received_at, |time| time.0);
    let observations: Vec<_> =
        markers.into_iter().map(|marker| observation(marker, context)).collect();

    let provider_order_id = result.order_id;
    let mut notices = vec![
        Notice::Order(Box::new(OrderNotice {
            provider_order_id: provider_order_id.clone(),
            topic: "labtest.result".into(),
            entries: Vec::new(),
            details: OrderDetails {
                account: result.team_id.or_else(|| context.sender.team_id.clone()),
                interpretation,
                specimens: result
                    .sample_id
                    .map(|id| vec![Specimen { id: Some(Phi::new(id)), ..Specimen::default() }]),
                ..OrderDetails::default()
            },
            stated_at: reported_at,
        })),
        Notice::Report(Box::new(ReportNotice {
            provider_status: result.status,
            critical,
            interpretation,
            collected_at: result.collected_at.map(|time| time.0),
            observations,
            ..ReportNotice::new(provider_order_id.clone(), status, reported_at)
        })),
    ];
    if incomplete {
        notices.push(fetch(FetchSubject::Report, provider_order_id));
    }
    notices
}

fn observation(marker: Marker, context: &mut Context) -> Observation {
    let value = value(&marker);
    let interpretation = marker
        .interpretation
        .as_deref()
        .map(|text| judgement(text, "markers[].interpretation", context));
    let mut bound = |value: Option<Scalar>, field: &str| match value? {
        Scalar::Number(number) => Some(number),
        Scalar::Text(text) => {
            let number = text.trim().parse().ok();
            if number.is_none() {
                context.unknown(field);
            }
            number
        }
    };
    let low = bound(marker.min_range_value, "markers[].min_range_value");
    let high = bound(marker.max_range_value, "markers[].max_range_value");
    Observation {
        code: Code {
            provider: marker.slug,
            loinc: marker.loinc,
            name: marker.name,
            ..Code::default()
        },
        value: value.map(Phi::new),
        reference_range: reference_range(low, high, marker.reference_range),
        interpretation: interpretation.unwrap_or_default(),
        provider_interpretation: marker.interpretation,
        at: marker.timestamp.map(|time| time.0),
        notes: marker.notes.map(Phi::new),
        performer: marker.performing_laboratory,
        ..Observation::default()
    }
}

/// What was found: `result`, read as its `type` says, or where a relay leaves that out, `value`.
///
/// Source: Lab Testing, Results, "Result formats": `value` is deprecated, and is -1 for whatever
/// is no number.
fn value(marker: &Marker) -> Option<ObservationValue> {
    let told = |scalar: &Option<Scalar>| match scalar {
        Some(Scalar::Number(number)) => Some(number.to_string()),
        Some(Scalar::Text(text)) if !text.trim().is_empty() => Some(text.clone()),
        Some(Scalar::Text(_)) | None => None,
    };
    let unit = marker.unit.as_deref();
    let kind = marker.r#type.as_deref();
    let numeric = kind.is_none_or(|kind| kind == "numeric");
    let text = told(&marker.result)
        .or_else(|| told(&marker.value).filter(|text| numeric || text != "-1"))?;
    Some(match kind {
        Some("comment") => ObservationValue::words(text, marker.unit.clone()),
        Some("coded_value") => ObservationValue::Coded { code: text, codings: Vec::new() },
        _ => ObservationValue::read(&text, unit),
    })
}

/// The bounds, and what the text says of them.
///
/// Source: Lab Testing, Results, "Reference range parsing": whether a bound is inside is told by
/// the text alone, as in `<5.7`, `<=10.5`, `> OR = 2` and `1-10`, whose ends are inside.
fn reference_range(
    low: Option<Decimal>,
    high: Option<Decimal>,
    text: Option<String>,
) -> Option<ReferenceRange> {
    if low.is_none() && high.is_none() && text.is_none() {
        return None;
    }
    let plain = text.as_deref().unwrap_or_default().to_ascii_uppercase().replace(' ', "");
    let inclusive = match plain.replace("OR=", "=").as_bytes() {
        [b'<' | b'>', b'=', ..] => Some(true),
        [b'<' | b'>', ..] => Some(false),
        [first, ..] if first.is_ascii_digit() && plain.contains('-') => Some(true),
        _ => None,
    };
    Some(ReferenceRange {
        low_inclusive: inclusive.filter(|_| low.is_some()),
        high_inclusive: inclusive.filter(|_| high.is_some()),
        low,
        high,
        text,
        ..ReferenceRange::default()
    })
}

fn judgement(text: &str, field: &str, context: &mut Context) -> Interpretation {
    words::interpretation(text).unwrap_or_else(|| {
        context.unknown(field);
        Interpretation::Unknown
    })
}
