//! The timeline is a set: what counts as the same entry, and which telling of it stands.

use labgate_core::{
    merge::{Entry, Timeline},
    model::{OrderStatus, OrderStatus::*},
};

use crate::words::{entry, event, minute, reason};

/// Checks what is kept of `told`, in both orders of telling.
fn check(told: &[Entry<OrderStatus>], expected: &[Entry<OrderStatus>]) {
    let mut backwards = told.to_vec();
    backwards.reverse();
    for told in [told, &backwards] {
        let mut timeline = Timeline::default();
        for entry in told {
            timeline.extend(std::slice::from_ref(entry));
        }
        assert_eq!(timeline.entries(), expected, "{told:?}");
    }
}

fn because(text: &str, entry: Entry<OrderStatus>) -> Entry<OrderStatus> {
    Entry { reason: Some(reason(text)), ..entry }
}

fn verbatim(word: &str, entry: Entry<OrderStatus>) -> Entry<OrderStatus> {
    Entry { provider_status: Some(word.into()), ..entry }
}

#[test]
fn nothing_told_is_an_empty_timeline() {
    check(&[], &[]);
}

#[test]
fn an_entry_told_twice_is_one() {
    check(&[entry(0, Ordered), entry(0, Ordered)], &[entry(0, Ordered)]);
    check(&[event(0, "9", Ordered), event(0, "9", Ordered)], &[event(0, "9", Ordered)]);
}

#[test]
fn without_ids_time_and_status_are_the_key() {
    check(&[entry(0, AtLab), entry(0, Ordered)], &[entry(0, Ordered), entry(0, AtLab)]);
    check(&[entry(1, AtLab), entry(0, AtLab)], &[entry(0, AtLab), entry(1, AtLab)]);
    let told = [verbatim("lost", entry(0, Failed)), verbatim("spoilt", entry(0, Failed))];
    check(&told, &told);
}

#[test]
fn with_ids_the_id_is_the_key() {
    let told = [event(0, "9", AtLab), event(0, "10", AtLab)];
    check(&told, &told);
    check(&[event(0, "9", AtLab), event(1, "9", AtLab)], &[event(1, "9", AtLab)]);
    check(&[event(0, "9", AtLab), event(0, "9", Completed)], &[event(0, "9", Completed)]);
}

#[test]
fn an_entry_with_an_id_is_not_the_one_without() {
    let told = [entry(0, AtLab), event(0, "9", AtLab)];
    check(&told, &told);
}

#[test]
fn of_two_tellings_the_fuller_stands() {
    let told = [entry(0, Failed), because("lost", entry(0, Failed))];
    check(&told, &told[1..]);
    let told = [event(0, "9", Failed), because("lost", event(0, "9", Failed))];
    check(&told, &told[1..]);
}

#[test]
fn an_event_of_the_future_stands_where_it_first_arrived() {
    // Junction sends the whole history with each webhook, a typing error in it too.
    let told = |arrived: i64, entry: Entry<OrderStatus>| Entry {
        at: minute(arrived),
        provider_at: Some(entry.at),
        ..entry
    };
    for future in [entry(1_000_000, KitInTransit), event(1_000_000, "9", KitInTransit)] {
        let first = told(1, future.clone());
        let later = [told(3, future.clone()), entry(2, Completed)];
        check(
            &[first.clone(), later[0].clone(), later[1].clone()],
            &[first.clone(), later[1].clone()],
        );
        let reasoned = because("lost", told(1, future));
        check(&[first, reasoned.clone()], &[reasoned]);
    }
    // The vendor corrects the time of an event under its id.
    let corrected = event(0, "9", KitInTransit);
    check(&[told(5, event(1_000_000, "9", KitInTransit)), corrected.clone()], &[corrected]);
}

#[test]
fn entries_stand_oldest_first_and_ids_count_as_numbers() {
    let ordered = [event(0, "11", AtLab), event(1, "9", AtLab), event(1, "10", Ordered)];
    check(&[ordered[2].clone(), ordered[0].clone(), ordered[1].clone()], &ordered);
}
