//! Whether somebody must be told now.

use labgate_core::{
    model::{Interpretation, ObservationStatus, ReportStatus},
    notice::ReportNotice,
};

use super::{found, report, versions_of};

fn check(notice: &ReportNotice, expected: bool) {
    assert_eq!(notice.is_critical(), expected, "{notice:?}");
    assert_eq!(versions_of([notice])[0].critical, expected, "{notice:?}");
}

fn plain() -> ReportNotice {
    report(1, ReportStatus::Final, &["90", "91"])
}

#[test]
fn the_vendors_word_is_enough() {
    check(&plain(), false);
    check(&ReportNotice { critical: true, ..plain() }, true);
    check(&ReportNotice { critical: true, observations: vec![], ..plain() }, true);
}

#[test]
fn the_judgement_of_the_whole_or_of_any_value_is_enough() {
    use Interpretation::{
        Abnormal, Critical, CriticalHigh, CriticalLow, High, Low, Normal, Unknown,
    };
    let calm = [Unknown, Normal, Low, High, Abnormal].map(|judgement| (judgement, false));
    let grave = [CriticalLow, CriticalHigh, Critical].map(|judgement| (judgement, true));
    for (judgement, expected) in calm.into_iter().chain(grave) {
        check(&ReportNotice { interpretation: Some(judgement), ..plain() }, expected);
        for place in 0..2 {
            let mut notice = plain();
            notice.observations[place].interpretation = judgement;
            check(&notice, expected);
        }
    }
}

#[test]
fn what_was_withdrawn_alarms_no_one() {
    use Interpretation::CriticalHigh;
    use ObservationStatus::{Amended, Cancelled, Corrected, EnteredInError, Final, Preliminary};
    let grave = |status| {
        let mut notice = plain();
        notice.observations[0].interpretation = CriticalHigh;
        notice.observations[0].status = Some(status);
        notice
    };
    for status in [Preliminary, Final, Amended, Corrected, ObservationStatus::Unknown] {
        check(&grave(status), true);
        check(&ReportNotice { status: ReportStatus::Cancelled, ..grave(status) }, false);
    }
    for status in [Cancelled, EnteredInError] {
        check(&grave(status), false);
    }
    check(&ReportNotice { critical: true, status: ReportStatus::Cancelled, ..plain() }, false);
}

#[test]
fn labgate_does_not_judge_by_itself() {
    let mut alarming = found("Potassium", "9.9");
    alarming.provider_interpretation = Some("panic".into());
    check(&ReportNotice { observations: vec![alarming], ..plain() }, false);
}
