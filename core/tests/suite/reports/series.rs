//! What changed since, against the plain formula: every version compared with every other.

use std::collections::{BTreeMap, BTreeSet};

use labgate_core::{
    merge::{FiledReport, Series},
    model::ReportStatus,
    notice::ReportNotice,
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use super::{convergence::any_report, filed};

/// What consumers see of a version besides its content.
type Seen = (usize, ReportStatus, Option<Uuid>, bool);

fn is_final(report: &FiledReport) -> bool {
    use ReportStatus::{Amended, Corrected, Final};
    [Final, Amended, Corrected].contains(&report.notice.status)
        && !report.notice.observations.is_empty()
}

fn findings(report: &FiledReport) -> BTreeSet<String> {
    let found = report.notice.observations.iter();
    found
        .map(|it| {
            let it = (&it.code, &it.value, &it.reference_range, &it.interpretation);
            serde_json::to_string(&it).unwrap()
        })
        .collect()
}

/// The standing of each report by definition.
fn by_definition(filed: &BTreeMap<Uuid, FiledReport>) -> BTreeMap<Uuid, Seen> {
    use ReportStatus::{Amended, Cancelled, Corrected, Final, Partial, Unknown};
    let finality = [Unknown, Partial, Final, Amended, Corrected, Cancelled];
    let age = |report: &FiledReport| {
        let finality = finality.iter().position(|known| *known == report.notice.status);
        (report.notice.reported_at, finality, report.received_at, report.id)
    };
    let stand = |report: &FiledReport| {
        let mut older: Vec<_> = filed.values().filter(|it| age(it) < age(report)).collect();
        older.sort_by_key(|report| age(report));
        let last_final = older.iter().rev().find(|older| is_final(older));
        let differs = last_final.is_some_and(|last| findings(last) != findings(report));
        let amends = is_final(report) && report.notice.status == Final && differs;
        let status = if amends { Amended } else { report.notice.status };
        let last_readable = older.iter().rev().find(|older| !older.notice.is_pointer());
        let replaces = last_readable.filter(|_| !report.notice.is_pointer()).map(|last| last.id);
        (older.len() + 1, status, replaces, older.len() + 1 == filed.len())
    };
    filed.iter().map(|(id, report)| (*id, stand(report))).collect()
}

/// Reports of one series, as webhooks bring them; a webhook may withdraw some of those before.
fn webhooks() -> impl Strategy<Value = Vec<(Vec<ReportNotice>, Vec<prop::sample::Index>)>> {
    let notice =
        any_report().prop_map(|notice| ReportNotice { provider_report_id: None, ..notice });
    vec((vec(notice, 0..5), vec(any::<prop::sample::Index>(), 0..2)), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn each_webhook_changes_what_the_formula_says(webhooks in webhooks()) {
        let (mut series, mut known) = (Series::default(), BTreeMap::new());
        for (number, (notices, withdrawn)) in webhooks.iter().enumerate() {
            let (before, was) = (series.clone(), by_definition(&known));
            for index in withdrawn.iter().filter(|_| !was.is_empty()) {
                let id = *was.keys().nth(index.index(was.len())).unwrap();
                prop_assert_eq!(series.remove(id).is_some(), known.remove(&id).is_some());
            }
            for notice in notices {
                let report = filed(number, notice);
                let is_new = !known.contains_key(&report.id);
                known.entry(report.id).or_insert_with(|| report.clone());
                prop_assert_eq!(series.file(Box::new(report)), is_new);
            }
            let is = by_definition(&known);
            let standings = series.standings();
            prop_assert!(standings.is_sorted_by_key(|standing| standing.version));
            let seen: BTreeMap<Uuid, Seen> = standings
                .iter()
                .map(|it| (it.filed.id, (it.version, it.status, it.replaces, it.latest)))
                .collect();
            prop_assert_eq!(&seen, &is);
            let changed: BTreeSet<Uuid> =
                series.changes_since([&before]).iter().map(|it| it.filed.id).collect();
            let expected = is.iter().filter(|(id, now)| was.get(id).map(|then| then.1) != Some(now.1));
            prop_assert_eq!(changed, expected.map(|(id, _)| *id).collect::<BTreeSet<_>>());
        }
    }
}
