//! Whole lives of an order and its items.

use labgate_core::model::{OrderStatus, Phase};
use labgate_testkit::convergence;

use crate::subject::terra;

const ORDER: &str = "412006173811507200";
const ITEM: &str = "412006173811507201";
const SECOND_ITEM: &str = "412006173811507203";

#[test]
fn an_item_ends_with_its_results_whatever_comes_late() {
    let life = [
        "results-kit-activated",
        "results-sample-processing-in-lab",
        "results-partial-results-ready",
        "results-results-ready",
    ];
    let item = convergence::never_moves_back(&terra(), &life).order(ITEM);
    assert_eq!((item.status, item.phase), (OrderStatus::Completed, Phase::Completed));
    assert_eq!(item.timeline.len(), 4);
}

#[test]
fn an_order_that_is_completed_has_no_results_yet() {
    let life = [
        "order-payment-complete",
        "order-processing",
        "order-delivery-fulfilled",
        "order-completed",
    ];
    let order = convergence::never_moves_back(&terra(), &life).order(ORDER);
    assert_eq!((order.status, order.phase), (OrderStatus::KitDelivered, Phase::Collecting));
    assert_eq!(order.provider_status.as_deref(), Some("order.completed"));
}

#[test]
fn a_later_message_does_not_take_the_parcel_back() {
    let life = ["order-delivery-fulfilled", "order-completed"];
    let order = convergence::of(&terra(), &life).order(ORDER);
    let number = order.details.shipment.unwrap().outbound.tracking_number.unwrap();
    assert_eq!(number.expose(), "QX900142GB");
}

#[test]
fn items_of_one_order_keep_people_and_results_apart() {
    let both = ["results-results-ready", "second-item-kit-activated", "order-completed"];
    let world = convergence::of(&terra(), &both);
    let told = |id: &str| {
        let order = world.order(id);
        let patient = order.details.patient.map(|patient| patient.expose().first_name.clone());
        let group = order.details.transaction.unwrap().group.unwrap();
        (order.status, patient.flatten(), group.to_string())
    };
    let group = ORDER.to_owned();
    assert_eq!(told(ITEM), (OrderStatus::Completed, Some("Ines".into()), group.clone()));
    assert_eq!(told(SECOND_ITEM), (OrderStatus::Registered, Some("Otto".into()), group.clone()));
    assert_eq!(told(ORDER), (OrderStatus::KitDelivered, None, group));
}

#[test]
fn an_alarm_moves_no_status_and_is_heard() {
    let life = ["results-results-ready", "results-escalation-raised"];
    let world = convergence::of(&terra(), &life);
    assert_eq!(world.order(ITEM).status, OrderStatus::Completed);
    let [alarm] = world.reports().try_into().unwrap();
    assert!(alarm.critical && alarm.observations.is_empty());
}
