//! Numbers, links and finality, by the lab's time and not by arrival.

use std::slice::from_ref;

use ReportStatus::{Amended, Cancelled, Corrected, Final, Partial, Unknown};
use labgate_core::{
    Phi,
    model::{
        Code, Coding, Interpretation, Observation, ObservationStatus, ObservationValue, Parent,
        ReferenceRange, ReportStatus,
    },
    notice::ReportNotice,
};

use super::{found, report, versions_of};
use crate::words::{id, minute};

/// Versions, minutes and statuses, from the oldest.
type Rows<'a> = &'a [(i64, ReportStatus, &'a str)];

/// Checks what becomes of `arrived`, and of the same backwards: a row for each version, with its
/// minute, status and first value. Numbers and links must follow the rows.
fn check(arrived: &[ReportNotice], expected: Rows<'_>) {
    for reports in [versions_of(arrived), versions_of(arrived.iter().rev())] {
        assert_eq!(reports.len(), expected.len(), "{reports:?}");
        let mut before = None;
        for (index, (report, (at, status, value))) in reports.iter().zip(expected).enumerate() {
            assert_eq!((report.reported_at, report.status), (minute(*at), *status), "{reports:?}");
            let observations = (!value.is_empty()).then(|| found("Glucose", value));
            assert!(report.observations.first() == observations.as_ref(), "version {}", index + 1);
            assert_eq!((report.version, report.replaces), (index + 1, before), "{reports:?}");
            before = Some(report.id);
        }
    }
}

#[test]
fn partial_then_final_is_final() {
    check(
        &[report(1, Partial, &["90"]), report(2, Final, &["90", "91"])],
        &[(1, Partial, "90"), (2, Final, "90")],
    );
    check(
        &[report(1, Partial, &["90"]), report(2, Final, &["95"])],
        &[(1, Partial, "90"), (2, Final, "95")],
    );
}

#[test]
fn a_late_partial_takes_its_place_and_is_never_the_newest() {
    check(
        &[report(3, Final, &["90"]), report(1, Partial, &["80"]), report(2, Partial, &["85"])],
        &[(1, Partial, "80"), (2, Partial, "85"), (3, Final, "90")],
    );
}

#[test]
fn at_one_time_the_more_final_is_the_newer() {
    check(
        &[Cancelled, Corrected, Amended, Final, Partial, Unknown]
            .map(|status| report(1, status, &["90"])),
        &[Unknown, Partial, Final, Amended, Corrected, Cancelled].map(|status| (1, status, "90")),
    );
}

#[test]
fn the_same_report_filed_twice_is_one() {
    let once = report(1, Final, &["90"]);
    check(&[once.clone(), once.clone()], &[(1, Final, "90")]);
    let reports = versions_of([&once, &report(1, Final, &["91"]), &once]);
    assert_eq!(reports.len(), 2, "also with another of the same time between them");
}

#[test]
fn of_two_reports_of_one_time_the_later_arrival_is_the_newer() {
    let [first, second] = ["90", "91"].map(|value| report(1, Final, &[value]));
    for pair in [[&first, &second], [&second, &first]] {
        let reports = versions_of(pair);
        assert!(reports[0].observations == pair[0].observations);
        assert_eq!([reports[0].status, reports[1].status], [Final, Amended]);
    }
}

#[test]
fn a_corrected_report_keeps_the_one_before_it() {
    check(
        &[report(1, Final, &["90"]), report(2, Corrected, &["95"])],
        &[(1, Final, "90"), (2, Corrected, "95")],
    );
}

#[test]
fn a_value_that_is_corrected_back_is_a_version_of_its_own() {
    check(
        &[report(1, Final, &["90"]), report(2, Corrected, &["95"]), report(3, Corrected, &["90"])],
        &[(1, Final, "90"), (2, Corrected, "95"), (3, Corrected, "90")],
    );
    check(
        &[report(1, Final, &["90"]), report(2, Final, &["95"]), report(3, Final, &["90"])],
        &[(1, Final, "90"), (2, Amended, "95"), (3, Amended, "90")],
    );
}

#[test]
fn a_final_report_after_a_different_final_one_is_amended() {
    check(
        &[report(1, Final, &["90"]), report(2, Final, &["95"])],
        &[(1, Final, "90"), (2, Amended, "95")],
    );
    check(
        &[report(1, Final, &["90"]), report(2, Partial, &["91"]), report(3, Final, &["95"])],
        &[(1, Final, "90"), (2, Partial, "91"), (3, Amended, "95")],
    );
    // Digits are part of a value: 90.0 was measured more precisely than 90.
    check(
        &[report(1, Final, &["90"]), report(2, Final, &["90.0"])],
        &[(1, Final, "90"), (2, Amended, "90.0")],
    );
}

#[test]
fn a_final_report_that_says_the_same_again_is_not_amended() {
    check(
        &[report(1, Final, &["90"]), report(2, Final, &["90"])],
        &[(1, Final, "90"), (2, Final, "90")],
    );
    check(
        &[report(1, Final, &["90", "5"]), report(2, Final, &["5", "90"])],
        &[(1, Final, "90"), (2, Final, "5")],
    );
}

/// Checks whether a final report that says `after` amends one that said `before`.
fn check_amends(before: &[Observation], after: &[Observation], expected: bool) {
    let said = |at, observations: &[Observation]| ReportNotice {
        observations: observations.to_vec(),
        ..report(at, Final, &[])
    };
    let reports = versions_of(&[said(1, before), said(2, after)]);
    assert_eq!(reports.len(), 2, "{reports:?}");
    let status = if expected { Amended } else { Final };
    assert_eq!(reports[1].status, status, "{before:?} {after:?}");
}

#[test]
fn what_an_adapter_learns_to_read_later_amends_nothing() {
    let plain = found("Glucose", "90");
    let code = Code { loinc: Some("2345-7".into()), ..plain.code.clone() };
    let range = ReferenceRange { text: Some("70-99".into()), ..ReferenceRange::default() };
    let parent = Parent { id: Some("p".into()), name: "Day 1".into() };
    for learnt in [
        Observation { code, ..plain.clone() },
        Observation { status: Some(ObservationStatus::Final), ..plain.clone() },
        Observation { reference_range: Some(range.clone()), ..plain.clone() },
        Observation { other_ranges: vec![range], ..plain.clone() },
        Observation { interpretation: Interpretation::CriticalHigh, ..plain.clone() },
        Observation { parent: Some(parent), ..plain.clone() },
        Observation { at: Some(minute(0)), method: Some("HPLC".into()), ..plain.clone() },
    ] {
        check_amends(from_ref(&plain), &[learnt], false);
    }
    let coded_unit = Some(Phi::new(ObservationValue::Quantity {
        value: "90".parse().unwrap(),
        comparator: None,
        unit: Some("mg/dL".into()),
        unit_code: Some("mg/dL{fasting}".into()),
    }));
    let coded = Observation { value: coded_unit, ..plain.clone() };
    check_amends(from_ref(&plain), &[coded], false);
    let coding = || Coding { code: Some("260373001".into()), ..Coding::default() };
    let words = |codings| {
        let text = ObservationValue::Text { text: "Detected".into(), unit: None, codings };
        Observation { value: Some(Phi::new(text)), ..plain.clone() }
    };
    check_amends(&[words(vec![])], &[words(vec![coding()])], false);
}

#[test]
fn another_code_value_unit_or_status_amends() {
    let plain =
        Observation { status: Some(ObservationStatus::Preliminary), ..found("Glucose", "90") };
    let value = |unit| Some(Phi::new(ObservationValue::read("90", Some(unit))));
    let code = Code { provider: Some("glu".into()), ..plain.code.clone() };
    for other in [
        Observation { code, ..plain.clone() },
        Observation { value: None, ..plain.clone() },
        Observation { value: value("mmol/L"), ..plain.clone() },
        Observation { status: Some(ObservationStatus::Final), ..plain.clone() },
    ] {
        check_amends(from_ref(&plain), &[other], true);
    }
}

#[test]
fn a_value_that_moves_to_another_germ_amends() {
    let germ = |id: &str, name| Observation { id: Some(id.into()), ..found("Bacteria", name) };
    let tried = |value, id: &str| Observation {
        parent: Some(Parent { id: Some(id.into()), name: "Bacteria".into() }),
        ..found("Amoxicillin", value)
    };
    let grown = [germ("1", "E. coli"), germ("2", "K. pneumoniae")];
    let said = |tried: [Observation; 2]| [grown.to_vec(), tried.to_vec()].concat();
    let before = said([tried("2", "1"), tried("32", "2")]);
    check_amends(&before, &said([tried("32", "1"), tried("2", "2")]), true);
    // A later message may number the same germs otherwise.
    let renumbered =
        [germ("b", "K. pneumoniae"), germ("a", "E. coli"), tried("2", "a"), tried("32", "b")];
    check_amends(&before, &renumbered, false);
}

#[test]
fn a_conclusion_is_a_finding_wherever_an_adapter_puts_it() {
    let conclude = |at, text: &str| ReportNotice {
        conclusion: Some(Phi::new(text.into())),
        ..report(at, Final, &["90"])
    };
    let among = |at, text: &str| {
        let mut notice = report(at, Final, &["90"]);
        let code = Code { provider: Some("conclusion".into()), ..Code::default() };
        let value = Some(Phi::new(ObservationValue::words(text, None)));
        notice.observations.push(Observation { code, value, ..Observation::default() });
        notice
    };
    let status = |notices: [ReportNotice; 2]| versions_of(&notices)[1].status;
    assert_eq!(status([among(1, "benign"), conclude(2, "benign")]), Final);
    assert_eq!(status([conclude(1, "benign"), conclude(2, "malignant")]), Amended);
}

#[test]
fn an_alarm_without_results_replaces_nothing_and_is_replaced_by_nothing() {
    let arrived = [report(1, Final, &["90"]), report(2, Final, &[]), report(3, Final, &["95"])];
    for reports in [versions_of(&arrived), versions_of(arrived.iter().rev())] {
        let told: Vec<_> = reports.iter().map(|report| (report.version, report.status)).collect();
        assert_eq!(told, [(1, Final), (2, Final), (3, Amended)]);
        let replaces: Vec<_> = reports.iter().map(|report| report.replaces).collect();
        assert_eq!(replaces, [None, None, Some(reports[0].id)]);
    }
    // A withdrawal brings no results either, and is the last word.
    check(
        &[report(1, Final, &["90"]), report(2, Cancelled, &[])],
        &[(1, Final, "90"), (2, Cancelled, "")],
    );
}

#[test]
fn only_final_becomes_amended() {
    for status in [Partial, Unknown, Cancelled, Amended, Corrected] {
        check(
            &[report(1, Final, &["90"]), report(2, status, &["95"])],
            &[(1, Final, "90"), (2, status, "95")],
        );
    }
    for status in [Partial, Unknown, Cancelled] {
        check(
            &[report(1, status, &["90"]), report(2, Final, &["95"])],
            &[(1, status, "90"), (2, Final, "95")],
        );
    }
}

#[test]
fn another_report_of_the_same_order_replaces_none() {
    let named = |name: &str, notice| ReportNotice { provider_report_id: Some(id(name)), ..notice };
    let arrived = [
        named("lipids", report(1, Final, &["90"])),
        named("blood count", report(2, Final, &["5"])),
        named("lipids", report(3, Final, &["95"])),
        report(4, Final, &["1"]),
    ];
    let reports = versions_of(&arrived);
    let seen: Vec<_> =
        reports.iter().map(|report| (report.version, report.status, report.replaces)).collect();
    let lipids = reports[0].id;
    assert_eq!(
        seen,
        [(1, Final, None), (1, Final, None), (2, Amended, Some(lipids)), (1, Final, None)]
    );
}
