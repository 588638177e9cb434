//! Reports arrive in any order and repeatedly, and end in the same versions.

use std::collections::BTreeMap;

use labgate_core::{
    merge::{FiledReport, versions},
    model::{Interpretation, Report, ReportStatus, Source, order_id},
    notice::ReportNotice,
};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};
use uuid::Uuid;

use super::{filed, report};
use crate::words::id;

/// Reports out of so few words that they share times, contents and both.
pub(super) fn any_report() -> impl Strategy<Value = ReportNotice> {
    use ReportStatus::{Corrected, Final, Partial};
    let values = vec(select(vec!["90", "95"]), 0..3);
    let judgement = option::of(select(vec![Interpretation::Normal, Interpretation::Critical]));
    let report_id = select(vec![None, Some("lipids"), Some("blood count")]);
    (0_i64..3, select(vec![Partial, Final, Corrected]), values, judgement, report_id).prop_map(
        |(at, status, values, interpretation, report_id)| ReportNotice {
            provider_report_id: report_id.map(id),
            interpretation,
            ..report(at, status, &values)
        },
    )
}

/// Some reports as they were filed, and the same in any order, any of them filed again later.
fn arrivals() -> impl Strategy<Value = (Vec<FiledReport>, Vec<FiledReport>)> {
    (vec(any_report(), 1..8), vec(any::<Index>(), 0..5)).prop_flat_map(|(notices, again)| {
        let repeated = again.iter().map(|index| index.get(&notices));
        let arrived: Vec<_> = notices.iter().chain(repeated).enumerate().collect();
        let arrived: Vec<_> =
            arrived.into_iter().map(|(number, notice)| filed(number, notice)).collect();
        (Just(arrived[..notices.len()].to_vec()), Just(arrived).prop_shuffle())
    })
}

/// The versions, whichever of several webhooks each came from.
fn seen(filed: Vec<FiledReport>) -> Vec<Report> {
    let mut reports = versions(order_id("junction", "order-1"), &filed);
    for report in &mut reports {
        report.source = Source { webhook: Uuid::nil() };
    }
    reports
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn versions_do_not_depend_on_the_order_of_filing((filed, arrived) in arrivals()) {
        prop_assert!(seen(filed) == seen(arrived));
    }

    #[test]
    fn versions_run_forwards_and_each_replaces_the_one_before((_, arrived) in arrivals()) {
        let reports = seen(arrived);
        prop_assert!(reports.is_sorted_by_key(|report| report.reported_at));
        // Each report of the vendor has versions of its own.
        let mut known: BTreeMap<_, (usize, Option<Uuid>)> = BTreeMap::new();
        for report in &reports {
            let (version, before) = known.entry(report.provider_report_id.clone()).or_default();
            *version += 1;
            prop_assert_eq!(report.version, *version);
            // What brings no results replaces none.
            let pointer = report.observations.is_empty();
            prop_assert_eq!(report.replaces, before.filter(|_| !pointer));
            *before = if pointer { *before } else { Some(report.id) };
        }
    }

    #[test]
    fn nothing_that_was_filed_is_lost_and_nothing_stands_twice((_, arrived) in arrivals()) {
        let mut filed: Vec<_> = arrived.iter().map(|report| report.id).collect();
        filed.sort_unstable();
        filed.dedup();
        let mut kept: Vec<_> = seen(arrived).iter().map(|report| report.id).collect();
        kept.sort_unstable();
        prop_assert_eq!(kept, filed);
    }

    #[test]
    fn a_filed_report_is_the_same_after_it_was_kept_as_json(notice in any_report()) {
        let filed = filed(0, &notice);
        let kept = serde_json::to_string(&filed).unwrap();
        prop_assert!(serde_json::from_str::<FiledReport>(&kept).unwrap() == filed);
        let order = order_id("junction", "order-1");
        let (again, document) = FiledReport::with_document(order, filed.source, filed.received_at, notice);
        prop_assert_eq!(again.id, filed.id);
        prop_assert_eq!(document, kept.into_bytes());
    }
}
