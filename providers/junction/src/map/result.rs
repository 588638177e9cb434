//! `labtest.result.*`: results with their markers, or an alarm that only points at them.

use labgate_core::{
    Notice, Phi,
    model::{OrderDetails, OrderingProvider, ReportStatus},
    notice::{FetchSubject, OrderNotice, ReportNotice},
};

use super::{
    Context, fetch,
    judgement::judgement,
    marker::{missing_result, observation},
    order::transaction,
    sample::{collected, performing_labs, specimens},
    words,
};
use crate::payload::{LabResult, Moment, Physician, Sample};

/// Maps a result. One that comes without all of its markers is also to be fetched, unless there
/// will be none.
pub(super) fn map(
    result: LabResult,
    samples: &[Sample],
    critical: bool,
    context: &mut Context,
) -> Vec<Notice> {
    let status = status(result.status.as_deref(), context);
    let interpretation =
        result.interpretation.as_deref().map(|text| judgement(text, "interpretation", context));
    let markers = result.markers.unwrap_or_default();
    let counted = result.marker_count.unwrap_or(0);
    let incomplete =
        markers.is_empty() || counted > u64::try_from(markers.len()).unwrap_or(u64::MAX);
    let reported_at = result
        .reported_at
        .or(result.updated_at.max(result.created_at))
        .map(|time| time.0)
        .or_else(|| samples.iter().filter_map(|sample| sample.data.date_reported?.time()).max())
        .unwrap_or(context.received_at);
    let collected = result.collected_at.or_else(|| collected(samples));
    let specimens = specimens(samples, result.sample_id, context);
    let order_id = result.order_id;
    let transaction =
        transaction(&order_id, result.order_transaction.as_ref(), result.origin, context);
    let notes = [result.notes, result.clinical_notes];
    let observations = markers.into_iter().map(|marker| observation(marker, context)).collect();
    let missing = result.missing_results.into_iter().flatten();
    let missing = missing.map(|result| missing_result(result, context)).collect();
    let mut notices = vec![
        Notice::Order(Box::new(OrderNotice {
            provider_order_id: order_id.clone(),
            aliases: Vec::new(),
            topic: "labtest.result".into(),
            entries: Vec::new(),
            details: OrderDetails {
                account: result.team_id.or_else(|| context.sender.team_id.clone()),
                interpretation,
                specimens: (!specimens.is_empty()).then(|| specimens.clone()),
                transaction,
                missing_results: result.has_missing_results,
                ..OrderDetails::default()
            },
            stated_at: reported_at,
        })),
        Notice::Report(Box::new(ReportNotice {
            provider_status: result.status,
            critical: critical || result.critical_marker_count.is_some_and(|count| count > 0),
            interpretation,
            collected_at: collected.and_then(Moment::time),
            collected_on: collected.and_then(Moment::day),
            specimens,
            performing_labs: performing_labs(samples),
            ordering_provider: result.physician.and_then(ordering_provider),
            notes: notes.into_iter().flatten().map(Phi::new).collect(),
            observations,
            missing,
            ..ReportNotice::new(order_id.clone(), status, reported_at)
        })),
    ];
    if incomplete && status != ReportStatus::Cancelled {
        notices.push(fetch(FetchSubject::Report, order_id));
    }
    notices
}

fn status(word: Option<&str>, context: &mut Context) -> ReportStatus {
    let Some(word) = word else { return ReportStatus::Unknown };
    words::find(words::REPORT_STATUSES, &words::plain(word)).unwrap_or_else(|| {
        context.unknown("status");
        ReportStatus::Unknown
    })
}

fn ordering_provider(physician: Physician) -> Option<OrderingProvider> {
    let names = [physician.first_name, physician.last_name].into_iter().flatten();
    let name = names.collect::<Vec<_>>().join(" ");
    let name = (!name.is_empty()).then(|| Phi::new(name));
    (name.is_some() || physician.npi.is_some())
        .then_some(OrderingProvider { id: physician.npi, name })
}
