//! Labels are bounded: drift is told by its place, and no stranger can make one.

use std::collections::BTreeSet;

use labgate_tests::{
    Metrics, Request, fullscript, junction, junction_by, now, order, sample, spawn_gateway, with,
};
use serde_json::json;

#[test]
fn drift_is_counted_by_place_and_never_by_name_or_value() {
    let gateway = spawn_gateway();
    let body = with(&sample("junction/demo/1-ordered"), "/data/Zebra", "Zebra");
    let body = with(&body, "/data/events/0/Zebra", json!({ "Zebra": ["Zebra"] }));
    let body = with(&body, "/data/events/0/status", "received.walk_in_test.Zebra");
    assert_eq!(gateway.post(&junction("msg_1", body)).status, 200);
    let metrics = gateway.metrics();
    for field in ["data.*", "data.events[].*", "data.events[].status"] {
        let labels = [("plugin", "junction"), ("field", field)];
        metrics.check("labgate_unknown_values_total", &labels, 1);
    }
    assert!(!metrics.text().contains("Zebra"));
}

#[test]
fn samples_of_the_vendors_show_no_drift() {
    let gateway = spawn_gateway();
    for name in ["1-ordered", "2-appointment", "3-partial", "4-final", "5-completed"] {
        let body = sample(&format!("junction/demo/{name}"));
        assert_eq!(gateway.post(&junction(name, body)).status, 200);
    }
    for name in ["1-placed", "2-results", "3-amended"] {
        let body = sample(&format!("fullscript/demo/{name}"));
        assert_eq!(gateway.post(&fullscript(body)).status, 200);
    }
    let text = gateway.metrics().text().to_string();
    assert!(!text.contains("labgate_unknown_values_total{"), "{text}");
}

#[test]
fn no_stranger_can_make_a_label() {
    let gateway = spawn_gateway();
    let before = gateway.metrics();
    let keys = |metrics: &Metrics| -> BTreeSet<_> { metrics.keys().into_iter().cloned().collect() };
    for index in 0..20 {
        let unknown = format!("/v1/webhooks/Zebra-{index}");
        gateway.post(&junction("msg_1", order("1")).to(&unknown));
        gateway.post(&Request::new(&format!("ZEBRA{index}"), "/v1/webhooks/junction"));
        gateway.post(&Request::get(&format!("/Zebra/{index}?Zebra={index}")));
        let body = format!(r#"{{"event_type":"Zebra.{index}","data":{{}}}}"#);
        gateway.post(&junction_by("whsec_WmVicmE=", &format!("Zebra-{index}"), now(), &*body));
        gateway.post(&Request::post("/v1/webhooks/fullscript", body).header("Zebra", "1"));
        gateway.ask(&Request::get(&format!("/v1/orders?Zebra={index}")).bearer("Zebra"));
    }
    let after = gateway.metrics();
    assert_eq!(keys(&after), keys(&before));
    assert!(!after.text().contains("ebra"));
    assert!(!gateway.log().contains("ebra"), "{}", gateway.log());
}
