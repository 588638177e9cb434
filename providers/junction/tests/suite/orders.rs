//! What an order says besides its status, and where Junction contradicts itself.

use labgate_core::{
    Notice,
    model::OrderStatus,
    notice::{FetchNotice, FetchSubject},
};
use serde_json::{Value, json};

use crate::subject::{JUNCTION, body, read, read_order};

#[test]
fn an_envelope_adds_only_what_stands_in_it() {
    let enveloped = body(COMPLETED);
    let bare = enveloped["data"].clone();
    let (mut with, without) = (read_order(&enveloped), read_order(&bare));
    // The operator's own reference to the patient stands in the envelope alone.
    let mut patient = with.details.patient.as_ref().unwrap().expose().clone();
    assert_eq!(patient.reference.take().as_deref(), Some("patient-000142"));
    with.details.patient = Some(labgate_core::Phi::new(patient));
    assert_eq!(with, without);
    assert_eq!(Vec::from_iter(read(&bare).drift), ["event_type"]);
}

#[test]
fn what_was_passed_through_is_your_own_id() {
    let passed = |text: Value| {
        let mut body = body(COMPLETED);
        body["data"]["passthrough"] = text;
        let drift = read(&body).drift.contains("data.passthrough");
        (read_order(&body).details.external_id.map(|id| id.to_string()), drift)
    };
    assert_eq!(passed(json!("visit-7")), (Some("visit-7".into()), false));
    assert_eq!(passed(json!(null)), (None, false));
    assert_eq!(passed(json!("")), (None, false));
    assert_eq!(passed(json!("a\nb")), (None, true));
    assert_eq!(passed(json!({ "id": 7 })), (None, true));
}

#[test]
fn whose_order_it_is_may_stand_in_either_place() {
    let team = "a71e291d-ff63-470d-88e4-dd5ef747e0f5";
    for place in ["/team_id", "/data/team_id"] {
        let mut body = body(COMPLETED);
        *body.pointer_mut(place).unwrap() = json!(null);
        assert_eq!(read_order(&body).details.account.unwrap().as_str(), team);
    }
}

#[test]
fn a_last_event_that_is_missing_from_the_events_is_not_lost() {
    let mut body = body(COMPLETED);
    let last = body["data"]["events"].as_array_mut().unwrap().pop().unwrap();
    assert_eq!(body["data"]["last_event"], last);
    let latest = read_order(&body).entries.into_iter().max().unwrap();
    assert_eq!(latest.status, OrderStatus::Completed);
    body["data"].as_object_mut().unwrap().remove("last_event");
    let latest = read_order(&body).entries.into_iter().max().unwrap();
    assert_eq!(latest.status, OrderStatus::PartialResults);
}

#[test]
fn events_in_any_order_say_the_same() {
    let mut body = body(COMPLETED);
    body["data"]["events"].as_array_mut().unwrap().reverse();
    let latest = read_order(&body).entries.into_iter().max().unwrap();
    assert_eq!(latest.status, OrderStatus::Completed);
}

#[test]
fn a_reinstated_order_is_alive() {
    let mut body = body("order-walkin-09-cancelled");
    let event = json!({
        "id": 9884,
        "created_at": "2026-08-03T00:00:00Z",
        "status": "received.walk_in_test.requisition_created",
    });
    body["data"]["events"].as_array_mut().unwrap().push(event);
    let latest = read_order(&body).entries.into_iter().max().unwrap();
    assert_eq!(latest.status, OrderStatus::RequisitionReady);
}

#[test]
fn words_that_nobody_knows_are_kept_and_counted_by_place() {
    let told = read(&body("probe-order-unknown-enums"));
    assert_eq!(
        Vec::from_iter(&told.drift),
        [
            "data.events[].status",
            "data.events[].status_detail",
            "data.order_transaction.status",
            "data.origin",
        ]
    );
    let order = read_order(&body("probe-order-unknown-enums"));
    let latest = order.entries.into_iter().max().unwrap();
    assert_eq!(latest.status, OrderStatus::Unknown);
    assert_eq!(latest.provider_status.as_deref(), Some("archived.walk_in_test.purged"));
    assert_eq!(latest.reason.unwrap().expose(), "something_new");
    let transaction = order.details.transaction.unwrap();
    assert_eq!(transaction.status.as_deref(), Some("on_hold"));
    assert_eq!(transaction.origin.as_deref(), Some("clone"));
}

#[test]
fn an_address_may_spell_its_postal_code_either_way() {
    let postal_code = |fields: &[(&str, Value)]| {
        let mut body = body(COMPLETED);
        let address = body["data"]["patient_address"].as_object_mut().unwrap();
        address.remove("zip");
        address.extend(fields.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        let patient = read_order(&body).details.patient.unwrap();
        patient.expose().address.clone().unwrap().postal_code
    };
    for fields in [
        vec![("zip", json!("78701"))],
        vec![("zip_code", json!("78701"))],
        vec![("zip", json!("78701")), ("zip_code", json!("78701"))],
        vec![("zip", json!(null)), ("zip_code", json!("78701"))],
    ] {
        assert_eq!(postal_code(&fields).as_deref(), Some("78701"), "{fields:?}");
    }
}

#[test]
fn a_birthday_is_the_date_as_written() {
    for text in ["1988-11-23", "1988-11-23T00:00:00+00:00", "1988-11-23T23:59:59-08:00"] {
        let mut body = body(COMPLETED);
        body["data"]["patient_details"]["dob"] = json!(text);
        let patient = read_order(&body).details.patient.unwrap();
        assert_eq!(patient.expose().birth_date.unwrap().to_string(), "1988-11-23");
    }
    for text in ["18/08/1993", "", "1988-13-45", "Ωmega-day!!"] {
        let mut body = body(COMPLETED);
        body["data"]["patient_details"]["dob"] = json!(text);
        let patient = read_order(&body).details.patient.unwrap();
        assert_eq!(patient.expose().birth_date, None, "{text}");
        assert_eq!(Vec::from_iter(read(&body).drift), ["data.patient_details.dob"]);
    }
}

#[test]
fn an_end_told_by_its_type_points_at_what_there_is() {
    let told = read(&body("order-end-completed")).notices;
    let order = read_order(&body("order-end-completed"));
    assert_eq!(order.entries[0].status, OrderStatus::Completed);
    assert_eq!(
        told[1],
        Notice::Fetch(FetchNotice::new(
            FetchSubject::Report,
            order.provider_order_id.clone(),
            order.provider_order_id,
        ))
    );
    let cancelled = read_order(&body("order-end-cancelled")).entries.remove(0);
    assert_eq!(cancelled.status, OrderStatus::Cancelled);
    assert_eq!(cancelled.reason.unwrap().expose(), "Patient moved away");
}

#[test]
fn what_is_no_lab_says_nothing() {
    for name in [
        "svix-message-attempt-exhausted",
        "probe-non-lab-event",
        "probe-unknown-event-type",
        "lab-report-parsing-job-created",
        "lab-report-parsing-job-failed",
        "match-review-created",
    ] {
        assert_eq!(read(&body(name)).notices, [], "{name}");
    }
    let reading = JUNCTION.read(br#"{"type":"message.attempt.exhausted"}"#).unwrap();
    assert_eq!(reading.event_type.as_str(), "message.attempt.exhausted");
}

const COMPLETED: &str = "order-walkin-07-completed";
