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
    if status == ReportStatus::Unknown {
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
                    .map(|id| vec![Specimen { id: Some(Phi::new(id)), kind: None }]),
                ..OrderDetails::default()
            },
            stated_at: reported_at,
        })),
        Notice::Report(ReportNotice {
            provider_order_id: provider_order_id.clone(),
            status,
            provider_status: result.status,
            critical,
            interpretation,
            collected_at: result.collected_at.map(|time| time.0),
            reported_at,
            observations,
            missing: Vec::new(),
            documents: Vec::new(),
        }),
    ];
    if incomplete {
        notices.push(fetch(FetchSubject::Report, provider_order_id));
    }
    notices
}

fn observation(marker: Marker, context: &mut Context) -> Observation {
    let unit = marker.unit.as_deref();
    let value = match marker.value {
        Some(Scalar::Number(value)) => {
            Some(ObservationValue::Quantity { value, comparator: None, unit: marker.unit.clone() })
        }
        Some(Scalar::Text(text)) if !text.trim().is_empty() => {
            Some(ObservationValue::read(&text, unit))
        }
        Some(Scalar::Text(_)) | None => None,
    };
    let interpretation = marker
        .interpretation
        .as_deref()
        .map(|text| judgement(text, "markers[].interpretation", context));
    let (low, high) = (bound(marker.min_range_value), bound(marker.max_range_value));
    let told = low.is_some() || high.is_some();
    Observation {
        code: Code { provider: marker.slug, loinc: None, name: marker.name },
        value: value.map(Phi::new),
        // Junction sends bounds without saying whether they are inside.
        reference_range: told.then(|| ReferenceRange { low, high, ..ReferenceRange::default() }),
        interpretation: interpretation.unwrap_or_default(),
        provider_interpretation: marker.interpretation,
        at: marker.timestamp.map(|time| time.0),
        notes: marker.notes.map(Phi::new),
        performer: None,
    }
}

fn judgement(text: &str, field: &str, context: &mut Context) -> Interpretation {
    words::interpretation(text).unwrap_or_else(|| {
        context.unknown(field);
        Interpretation::Unknown
    })
}

fn bound(value: Option<Scalar>) -> Option<Decimal> {
    match value? {
        Scalar::Number(number) => Some(number),
        Scalar::Text(text) => text.trim().parse().ok(),
    }
}
