//! Any order of arrival, with any repetition, ends in the same state.

use jiff::Timestamp;
use labgate_core::{
    merge::{AppointmentHistory, OrderHistory},
    notice::OrderNotice,
};
use proptest::{collection::vec, prelude::*};

use crate::words::minute;

use super::{
    any::{appointment_notice, arrivals, order_notice, time},
    appointment, appointment_history, order, order_history,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn an_order_does_not_depend_on_arrival((sent, arrived) in arrivals(order_notice())) {
        let (left, right) = (order_history(&sent), order_history(&arrived));
        prop_assert_eq!(&left, &right);
        prop_assert_eq!(order(&left), order(&right));
    }

    #[test]
    fn an_appointment_does_not_depend_on_arrival((sent, arrived) in arrivals(appointment_notice())) {
        let (left, right) = (appointment_history(&sent), appointment_history(&arrived));
        prop_assert_eq!(&left, &right);
        prop_assert_eq!(appointment(&left), appointment(&right));
    }

    #[test]
    fn hearing_it_all_again_changes_nothing((sent, again) in arrivals(order_notice())) {
        let twice: Vec<_> = sent.iter().chain(&again).cloned().collect();
        prop_assert_eq!(order_history(&twice), order_history(&sent));
    }

    #[test]
    fn hearing_all_of_an_appointment_again_changes_nothing(
        (sent, again) in arrivals(appointment_notice()),
    ) {
        let twice: Vec<_> = sent.iter().chain(&again).cloned().collect();
        prop_assert_eq!(appointment_history(&twice), appointment_history(&sent));
    }

    /// What was told of an order under two names, and what was told under one.
    #[test]
    fn two_histories_that_turn_out_to_be_of_one_order_become_that_of_one(
        (one, other) in (vec(order_notice(), 0..6), vec(order_notice(), 0..6)),
    ) {
        let mut folded = order_history(&one);
        folded.fold(order_history(&other));
        let all: Vec<_> = one.iter().chain(&other).cloned().collect();
        prop_assert_eq!(folded, order_history(&all));
    }

    /// Whatever order they are merged in: of one vendor's time the later arrival counts.
    #[test]
    fn an_order_does_not_depend_on_when_arrivals_are_merged(
        (sent, merged) in arrivals((order_notice(), time())),
    ) {
        let history = |told: &[(OrderNotice, Timestamp)]| {
            let mut history = OrderHistory::default();
            for (notice, received_at) in told {
                history.tell(notice, *received_at);
            }
            history
        };
        prop_assert_eq!(history(&sent), history(&merged));
    }

    /// The store writes a history after each webhook and reads it before the next.
    #[test]
    fn a_history_that_is_kept_as_json_in_between_is_the_same((sent, arrived) in arrivals(order_notice())) {
        let mut kept = serde_json::to_string(&OrderHistory::default()).unwrap();
        for notice in &arrived {
            let mut history: OrderHistory = serde_json::from_str(&kept).unwrap();
            history.tell(notice, minute(0));
            kept = serde_json::to_string(&history).unwrap();
        }
        prop_assert_eq!(kept, serde_json::to_string(&order_history(&sent)).unwrap());
    }

    #[test]
    fn an_appointment_that_is_kept_as_json_is_the_same(
        (sent, _) in arrivals(appointment_notice()),
    ) {
        let history = appointment_history(&sent);
        let kept = serde_json::to_string(&history).unwrap();
        prop_assert_eq!(serde_json::from_str::<AppointmentHistory>(&kept).unwrap(), history);
    }

    #[test]
    fn the_timeline_runs_forwards_and_ends_where_things_stand((sent, _) in arrivals(order_notice())) {
        let order = order(&order_history(&sent));
        let keys: Vec<_> = order
            .timeline
            .iter()
            .map(|entry| (entry.at, entry.provider_event_id.clone(), entry.status))
            .collect();
        prop_assert!(keys.is_sorted());
        prop_assert_eq!(keys.last().map(|key| key.2), order.timeline.last().map(|_| order.status));
        // An event of the future counts by its first arrival only.
        let entries = || sent.iter().flat_map(|notice| &notice.entries);
        let possible = entries().filter(|entry| entry.provider_at.is_none());
        let last = order.timeline.last().map(|entry| entry.at);
        prop_assert!(last >= possible.map(|entry| entry.at).max());
        prop_assert!(last <= entries().map(|entry| entry.at).max());
    }
}
