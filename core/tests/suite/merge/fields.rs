//! Every field of the details goes its way through a merge, none is forgotten.

use std::fmt::Debug;

use labgate_core::{
    merge::{Details, History},
    model::{AppointmentDetails, OrderDetails, OrderStatus},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::words::minute;

/// Checks that of two topics the newer tells each field, and what it leaves out the older.
/// `older` and `newer` must both tell every field there is, each its own.
fn check<D: Details + Debug + DeserializeOwned>(older: &Value, newer: &Value) {
    let details = |told: &Value| serde_json::from_value::<D>(told.clone()).unwrap();
    let merged = |older: &Value, newer: &Value| {
        let mut history = History::<OrderStatus, D>::default();
        history.absorb("newer", &[], &details(newer), minute(2), minute(3));
        history.absorb("older", &[], &details(older), minute(1), minute(3));
        history.details()
    };
    // Some are absent from the JSON where they are not told.
    let fields = serde_json::to_value(D::default()).unwrap();
    let fields = fields.as_object().unwrap().keys().chain(newer.as_object().unwrap().keys());
    for field in fields {
        assert!(!older[field].is_null() && older[field] != newer[field], "{field} is not tested");
        let told = json!({field: newer[field]});
        assert!(merged(&told, &json!({})) == details(&told), "{field} does not show through");
        assert!(merged(&json!({}), &told) == details(&told), "{field} is not told");
    }
    assert!(merged(older, newer) == details(newer), "{:?}", merged(older, newer));
}

#[test]
fn of_an_order() {
    let older = json!({
        "account": "team-1", "method": "testkit", "provider_method": "kit",
        "patient": {"first_name": "Jordan"}, "lab": {"name": "Lab"}, "tests": [{"id": "1"}],
        "specimens": [{"id": "s1"}], "shipment": {"outbound": {"courier": "ups"}},
        "transaction": {"group": "g1"}, "interpretation": "normal", "missing_results": true,
        "expected_by": "2026-08-09", "placed_at": "2026-08-04T16:00:00Z",
        "external_id": "x-1", "placed_on": "2026-08-04",
    });
    let newer = json!({
        "account": "team-2", "method": "on_site", "provider_method": "visit",
        "patient": {"first_name": "Avery"}, "lab": {"slug": "lab"}, "tests": [],
        "specimens": [], "shipment": {"outbound": {"courier": "dhl"}},
        "transaction": {"group": "g2"}, "interpretation": "high", "missing_results": false,
        "expected_by": "2026-08-10", "placed_at": "2026-08-04T17:00:00Z",
        "external_id": "x-2", "placed_on": "2026-08-05",
    });
    check::<OrderDetails>(&older, &newer);
}

#[test]
fn of_an_appointment() {
    let older = json!({
        "provider_order_id": "order-1", "kind": "phlebotomy", "provider_kind": "visit",
        "starts_at": "2026-08-04T16:00:00Z", "ends_at": "2026-08-04T17:00:00Z",
        "time_zone": "America/New_York", "location": {"latitude": "40.7", "longitude": "-74.0"},
        "address": {"city": "New York"}, "rescheduled": true, "confirmation_code": "1234",
    });
    let newer = json!({
        "provider_order_id": "order-2", "kind": "unknown", "provider_kind": "bus",
        "starts_at": "2026-08-04T18:00:00Z", "ends_at": "2026-08-04T19:00:00Z",
        "time_zone": "America/Chicago", "location": {"latitude": "40.8", "longitude": "-74.0"},
        "address": {"city": "Chicago"}, "rescheduled": false, "confirmation_code": "5678",
    });
    check::<AppointmentDetails>(&older, &newer);
}
