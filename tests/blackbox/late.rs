//! Late, early and changed: nothing moves back, nothing waits, every version is kept.

use labgate_tests::{junction, names, sample, spawn_gateway, with};
use serde_json::json;

use crate::convergence::post;

#[test]
fn a_late_webhook_moves_nothing_back() {
    let gateway = spawn_gateway();
    let names = names(&["order-walkin-01", "order-walkin-03", "order-walkin-07"]);
    post(&gateway, &names[2..]);
    let (before, events) = (gateway.model(), gateway.list("/v1/events"));
    post(&gateway, &names[..2]);
    assert_eq!(gateway.model(), before);
    assert_eq!(gateway.list("/v1/events"), events, "nothing changed, so nothing is told");
    assert_eq!(gateway.list("/v1/webhooks").len(), 3, "it is kept all the same");
}

#[test]
fn an_appointment_before_its_order_waits_for_nobody() {
    let gateway = spawn_gateway();
    let answer = gateway.post(&junction("msg_1", sample("junction/demo/2-appointment")));
    assert_eq!(answer.json()["ingested_count"], 1);
    let order = gateway.list("/v1/orders")[0].clone();
    assert_eq!((&order["status"], &order["timeline"]), (&json!("unknown"), &json!([])));
    let id = order["id"].as_str().unwrap();
    assert_eq!(gateway.list(&format!("/v1/orders/{id}/appointments")).len(), 1);
    post(&gateway, &["junction/demo/1-ordered".into()]);
    let filled = gateway.read(&format!("/v1/orders/{id}"));
    assert_eq!((&filled["status"], &filled["method"]), (&json!("ordered"), &json!("walk_in")));
    assert_eq!(gateway.list("/v1/orders").len(), 1);
    assert_eq!(gateway.list(&format!("/v1/orders/{id}/appointments")).len(), 1);
}

#[test]
fn results_before_their_order_wait_for_nobody() {
    let gateway = spawn_gateway();
    post(&gateway, &["junction/demo/4-final".into()]);
    let order = gateway.list("/v1/orders")[0].clone();
    assert_eq!(order["status"], "unknown");
    let reports = format!("/v1/orders/{}/reports", order["id"].as_str().unwrap());
    assert_eq!(gateway.list(&reports).len(), 1);
    post(&gateway, &["junction/demo/1-ordered".into()]);
    assert_eq!(gateway.list("/v1/orders")[0]["status"], "ordered");
    assert_eq!(gateway.list(&reports).len(), 1);
}

#[test]
fn partial_final_amended_and_corrected_results_keep_every_version() {
    let partial = sample("junction/demo/3-partial");
    let dated = |body: &[u8], status: &str, day: u32, value: &str| {
        let body = with(body, "/data/status", status);
        let body = with(&body, "/data/markers/0/value", value);
        with(&body, "/data/reported_at", format!("2026-08-{day:02}T12:00:00Z"))
    };
    let bodies = [
        dated(&partial, "partial", 5, "6.9"),
        dated(&partial, "final", 6, "7.0"),
        dated(&partial, "amended", 7, "7.1"),
        dated(&partial, "corrected", 8, "7.2"),
    ];
    for arrival in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let gateway = spawn_gateway();
        for index in arrival {
            let body = bodies[index].clone();
            assert_eq!(gateway.post(&junction(&format!("msg_{index}"), body)).status, 200);
        }
        let id = gateway.list("/v1/orders")[0]["id"].as_str().unwrap().to_string();
        let reports = gateway.list(&format!("/v1/orders/{id}/reports"));
        let told: Vec<_> = reports
            .iter()
            .map(|report| {
                let value = report["observations"][0]["value"]["value"].as_str().unwrap();
                (report["version"].as_u64().unwrap(), report["status"].as_str().unwrap(), value)
            })
            .collect();
        let expected = [
            (4, "corrected", "7.2"),
            (3, "amended", "7.1"),
            (2, "final", "7.0"),
            (1, "partial", "6.9"),
        ];
        assert_eq!(told, expected, "{arrival:?}");
        for pair in reports.windows(2) {
            assert_eq!(pair[0]["replaces"], pair[1]["id"], "{arrival:?}");
        }
        assert_eq!(reports[3]["replaces"], json!(null));
    }
}
