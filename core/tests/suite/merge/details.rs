//! Which of several messages a field comes from.

use labgate_core::{
    Identifier, Phi,
    merge::Entry,
    model::{OrderDetails, OrderStatus, Parcel, Patient, Shipment, Specimen},
    notice::OrderNotice,
};

use super::{order, order_history};
use crate::words::{entry, event, id, minute};

/// A message of `topic` that tells an account, a method in the vendor's word, or neither.
fn message(
    topic: &str,
    entries: Vec<Entry<OrderStatus>>,
    stated: i64,
    [account, method]: [Option<&str>; 2],
) -> OrderNotice {
    let provider_method = method.map(String::from);
    OrderNotice {
        provider_order_id: id("order-1"),
        aliases: Vec::new(),
        topic: topic.into(),
        entries,
        details: OrderDetails {
            account: account.map(id),
            provider_method,
            ..OrderDetails::default()
        },
        stated_at: minute(stated),
    }
}

/// Checks the account and the method after `arrived`, and after the same backwards.
fn check(arrived: &[OrderNotice], expected: [Option<&str>; 2]) {
    for history in [order_history(arrived), order_history(arrived.iter().rev())] {
        let details = order(&history).details;
        let account = details.account.as_ref().map(Identifier::as_str);
        assert_eq!([account, details.provider_method.as_deref()], expected);
    }
}

#[test]
fn the_newest_message_of_a_topic_replaces_the_older_one_with_its_nulls() {
    let told = |stated, fields| message("order", vec![], stated, fields);
    check(&[told(1, [Some("a"), Some("x")]), told(2, [Some("b"), None])], [Some("b"), None]);
    check(&[told(1, [Some("a"), Some("x")]), told(2, [None, None])], [None, None]);
}

#[test]
fn what_the_newest_does_not_tell_shows_through_from_another_topic() {
    let order = message("order", vec![], 1, [Some("a"), Some("x")]);
    check(
        &[order.clone(), message("shipment", vec![], 2, [None, Some("y")])],
        [Some("a"), Some("y")],
    );
    check(
        &[order.clone(), message("shipment", vec![], 0, [None, Some("y")])],
        [Some("a"), Some("x")],
    );
    check(&[order, message("shipment", vec![], 2, [None, None])], [Some("a"), Some("x")]);
}

#[test]
fn newest_is_the_latest_entry_then_its_id_then_the_time_of_telling() {
    use OrderStatus::{AtLab, Ordered};
    let a = |entries, stated| message("order", entries, stated, [Some("a"), None]);
    let b = |entries, stated| message("order", entries, stated, [Some("b"), None]);
    let newer_is_b = [Some("b"), None];
    // A late message tells it late: what it tells of is old all the same.
    check(&[a(vec![entry(1, Ordered)], 9), b(vec![entry(2, AtLab)], 2)], newer_is_b);
    // The whole history counts by its latest entry, wherever that stands.
    let whole = vec![entry(3, AtLab), entry(0, Ordered)];
    check(&[a(vec![entry(2, Ordered)], 9), b(whole, 3)], newer_is_b);
    check(&[a(vec![event(1, "9", AtLab)], 9), b(vec![event(1, "10", Ordered)], 1)], newer_is_b);
    check(&[a(vec![entry(1, Ordered)], 3), b(vec![entry(1, Ordered)], 4)], newer_is_b);
    check(&[a(vec![entry(1, Ordered)], 9), b(vec![], 2)], newer_is_b);
}

#[test]
fn two_messages_that_arrive_at_once_under_one_stamp_are_joined_without_a_coin() {
    let told = |account| message("order", vec![], 1, [account, None]);
    check(&[told(Some("a")), told(Some("b"))], [Some("b"), None]);
    // What one of them tells is not lost to the other's silence, field by field.
    check(&[told(Some("a")), told(None)], [Some("a"), None]);
    let method = message("order", vec![], 1, [None, Some("x")]);
    check(&[told(Some("a")), method, told(None)], [Some("a"), Some("x")]);
}

#[test]
fn of_two_messages_of_one_stamp_the_later_arrival_counts() {
    use labgate_core::merge::OrderHistory;
    let told =
        |account| message("order", vec![event(1, "9", OrderStatus::AtLab)], 1, [account, None]);
    let (first, corrected) = (told(Some("b")), told(Some("a")));
    let arrived = [(&first, minute(5)), (&corrected, minute(6))];
    for arrived in [arrived, [arrived[1], arrived[0]]] {
        let mut history = OrderHistory::default();
        for (notice, received_at) in arrived {
            history.tell(notice, received_at);
        }
        assert_eq!(order(&history).details.account, Some(id("a")));
    }
}

#[test]
fn updated_at_is_the_latest_time_that_the_vendor_gave() {
    let check = |arrived: &[OrderNotice], expected| {
        assert_eq!(order(&order_history(arrived)).updated_at, expected);
    };
    let none = [None, None];
    check(&[], None);
    check(&[message("order", vec![entry(5, OrderStatus::AtLab)], 2, none)], Some(minute(5)));
    check(&[message("order", vec![entry(5, OrderStatus::AtLab)], 7, none)], Some(minute(7)));
    let [order, shipment] =
        [("order", 5), ("shipment", 6)].map(|(topic, at)| message(topic, vec![], at, none));
    check(&[order.clone(), shipment.clone()], Some(minute(6)));
    check(&[shipment, order], Some(minute(6)));
}

#[test]
fn a_specimen_keeps_its_kind_when_a_result_names_it_by_its_number() {
    let specimen = |number: &str, kind: Option<&str>| Specimen {
        id: Some(Phi::new(number.into())),
        kind: kind.map(Into::into),
        ..Specimen::default()
    };
    let told = |topic, stated, specimens| OrderNotice {
        details: OrderDetails { specimens: Some(specimens), ..OrderDetails::default() },
        ..message(topic, vec![], stated, [None, None])
    };
    let placed = told("order", 1, vec![specimen("s-1", Some("serum"))]);
    let result = told("result", 2, vec![specimen("s-1", None), specimen("s-2", None)]);
    for history in [order_history([&placed, &result]), order_history([&result, &placed])] {
        let specimens = order(&history).details.specimens.unwrap();
        assert_eq!(specimens, [specimen("s-1", Some("serum")), specimen("s-2", None)]);
    }
}

#[test]
fn the_way_out_and_the_way_back_may_come_in_messages_of_their_own() {
    let parcel = |courier: &str| Parcel { courier: Some(courier.into()), ..Parcel::default() };
    let told = |topic, stated, shipment| OrderNotice {
        details: OrderDetails { shipment: Some(shipment), ..OrderDetails::default() },
        ..message(topic, vec![], stated, [None, None])
    };
    let out = told("out", 1, Shipment { outbound: parcel("a"), ..Shipment::default() });
    let back = told("back", 2, Shipment { inbound: parcel("b"), ..Shipment::default() });
    for history in [order_history([&out, &back]), order_history([&back, &out])] {
        let expected = Shipment { outbound: parcel("a"), inbound: parcel("b") };
        assert_eq!(order(&history).details.shipment, Some(expected));
    }
}

#[test]
fn a_patient_named_by_the_id_alone_keeps_what_was_told_of_the_same_one() {
    let told = |topic: &str, stated, patient: &str, name: Option<&str>| {
        let patient = Patient {
            provider_patient_id: Some(patient.into()),
            first_name: name.map(String::from),
            ..Patient::default()
        };
        let mut notice = message(topic, vec![], stated, [None, None]);
        notice.details.patient = Some(Phi::new(patient));
        notice
    };
    let check = |arrived: &[OrderNotice], expected: Option<&str>| {
        for history in [order_history(arrived), order_history(arrived.iter().rev())] {
            let patient = order(&history).details.patient.unwrap();
            assert_eq!(patient.expose().first_name.as_deref(), expected);
        }
    };
    let request = told("request", 1, "7", Some("Ada"));
    check(&[request.clone(), told("report", 2, "7", None)], Some("Ada"));
    check(&[request.clone(), told("report", 2, "7", Some("Ida"))], Some("Ida"));
    // Another person's name is not this one's.
    check(&[request, told("report", 2, "8", None)], None);
}
