//! Where an order stands, after what vendors really do to it.

use labgate_core::{
    merge::Entry,
    model::{OrderDetails, OrderStatus, Phase},
    notice::OrderNotice,
};

use super::{order, order_history};
use crate::words::{entry, event, id, minute};

fn notice(entry: Entry<OrderStatus>) -> OrderNotice {
    OrderNotice {
        provider_order_id: id("order-1"),
        aliases: Vec::new(),
        topic: "order".into(),
        stated_at: entry.at,
        entries: vec![entry],
        details: OrderDetails::default(),
    }
}

/// Checks where an order stands after `arrived`, and after the same backwards.
fn check(arrived: &[Entry<OrderStatus>], expected: (OrderStatus, Phase)) {
    let notices: Vec<_> = arrived.iter().cloned().map(notice).collect();
    let forwards = order(&order_history(&notices));
    let backwards = order(&order_history(notices.iter().rev()));
    for order in [forwards, backwards] {
        assert_eq!((order.status, order.phase), expected, "{arrived:?}");
        assert_eq!(order.timeline.len(), arrived.len(), "every entry is kept: {arrived:?}");
        assert!(order.timeline.is_sorted_by_key(|entry| entry.at), "{:?}", order.timeline);
    }
}

/// A status that the adapter does not know, under a high-level status that it may know.
fn unknown(at: i64, phase: Option<Phase>) -> Entry<OrderStatus> {
    let provider_status = Some("brand_new".into());
    Entry { provider_status, phase, ..entry(at, OrderStatus::Unknown) }
}

#[test]
fn a_late_webhook_is_kept_and_moves_nothing_back() {
    use OrderStatus::{AtLab, Completed, Ordered};
    check(
        &[entry(0, Ordered), entry(30, Completed), entry(20, AtLab)],
        (Completed, Phase::Completed),
    );
}

#[test]
fn a_kit_that_is_registered_on_arrival_keeps_its_phase() {
    use OrderStatus::{
        AtLab, AwaitingRegistration, KitDelivered, KitInTransit, Registered, RequisitionReady,
    };
    let mut story = vec![entry(0, AwaitingRegistration), entry(5, KitInTransit)];
    check(&story, (KitInTransit, Phase::Collecting));
    story.extend([entry(10, KitDelivered), entry(20, Registered)]);
    check(&story, (Registered, Phase::Collecting));
    story.push(entry(30, AtLab));
    check(&story, (AtLab, Phase::AtLab));
    story.push(entry(40, RequisitionReady));
    check(&story, (RequisitionReady, Phase::AtLab));
}

#[test]
fn an_order_that_came_to_an_end_can_start_anew() {
    use OrderStatus::{Cancelled, Completed, Failed, Ordered};
    for ended in [Cancelled, Completed, Failed] {
        check(&[entry(0, ended), entry(1, Ordered)], (Ordered, Phase::Received));
    }
}

#[test]
fn a_cancelled_order_can_be_reinstated() {
    use OrderStatus::{Cancelled, SampleInTransit};
    let story = [entry(10, Cancelled), entry(20, SampleInTransit)];
    check(&story[..1], (Cancelled, Phase::Cancelled));
    check(&story, (SampleInTransit, Phase::Collecting));
}

#[test]
fn corrected_follows_completed() {
    use OrderStatus::{Completed, Corrected, PartialResults};
    let story = [entry(5, PartialResults), entry(10, Completed), entry(20, Corrected)];
    check(&story[..2], (Completed, Phase::Completed));
    check(&story, (Corrected, Phase::Completed));
}

#[test]
fn an_unknown_status_keeps_the_phase_unless_the_high_level_status_tells_one() {
    use OrderStatus::{AtLab, Unknown};
    check(&[unknown(0, None)], (Unknown, Phase::Received));
    check(&[entry(0, AtLab), unknown(1, None)], (Unknown, Phase::AtLab));
    check(&[entry(0, AtLab), unknown(1, None), unknown(2, None)], (Unknown, Phase::AtLab));
    check(&[entry(0, AtLab), unknown(1, Some(Phase::Failed))], (Unknown, Phase::Failed));
    let told_before = [entry(0, AtLab), unknown(1, Some(Phase::Completed)), unknown(2, None)];
    check(&told_before, (Unknown, Phase::Completed));
    check(&[unknown(0, Some(Phase::Failed)), entry(1, AtLab)], (AtLab, Phase::AtLab));
}

#[test]
fn the_phase_of_a_known_status_is_not_the_vendors_to_say() {
    let claimed = Entry { phase: Some(Phase::Cancelled), ..entry(0, OrderStatus::SampleInTransit) };
    check(&[claimed], (OrderStatus::SampleInTransit, Phase::Collecting));
}

#[test]
fn at_one_instant_the_event_id_decides_and_then_the_usual_way() {
    use OrderStatus::{AtLab, Completed, Ordered};
    check(&[event(0, "9", Completed), event(0, "10", AtLab)], (AtLab, Phase::AtLab));
    check(&[event(0, "99", AtLab), event(0, "evt_1", Ordered)], (Ordered, Phase::AtLab));
    check(&[entry(0, Completed), event(0, "1", AtLab)], (AtLab, Phase::AtLab));
    check(&[entry(0, Completed), entry(0, AtLab)], (Completed, Phase::Completed));
    check(&[event(1, "9", Ordered), event(0, "10", AtLab)], (Ordered, Phase::AtLab));
}

#[test]
fn an_order_that_only_something_else_told_of_is_unknown() {
    let silent = OrderNotice { entries: vec![], ..notice(entry(4, OrderStatus::Ordered)) };
    let order = order(&order_history([&silent]));
    assert_eq!((order.status, order.phase), (OrderStatus::Unknown, Phase::Received));
    assert_eq!((order.provider_status, order.reason), (None, None));
    assert_eq!(order.timeline, []);
    assert_eq!(order.updated_at, Some(minute(4)));
}
