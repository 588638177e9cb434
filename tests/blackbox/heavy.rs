//! Webhooks that say a great deal about one thing hold up no other sender.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use labgate_tests::{Answer, Gateway, Home, Request, junction, order};
use serde_json::{Value, json};

const FHIR: &str = "token-of-a-fhir-server-for-tests";
/// If each was compared with all others, they would take minutes, and senders wait for seconds.
const OBSERVATIONS: usize = 2_500;
/// What a webhook of an honest sender may take at most meanwhile, in a binary that is not optimised
/// and on a machine that is busy.
const PROMPTLY: Duration = Duration::from_secs(8);

fn gateway() -> Gateway {
    let fhir = format!("provider = \"fhir\"\nsignature = \"static_token\"\nsecrets = [\"{FHIR}\"]");
    Home::new().with("plugins.fhir", &fhir).serve()
}

/// Observations of one order, each a report of its own.
fn observations(numbers: impl Iterator<Item = usize>) -> Request {
    let entry = |number| {
        json!({ "resource": {
            "resourceType": "Observation", "id": format!("o-{number}"), "status": "final",
            "code": { "text": "Na" }, "basedOn": [{ "reference": "ServiceRequest/r" }],
            "valueString": "1",
        } })
    };
    let entries: Vec<Value> = numbers.map(entry).collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
    Request::post("/v1/webhooks/fhir", bundle.to_string())
        .header("content-type", "application/fhir+json")
        .header("authorization", format!("Bearer {FHIR}"))
}

/// Posts `heavy` while another sender posts one order after the other, each of which must be taken
/// promptly.
fn beside_an_honest_sender(gateway: &Gateway, heavy: &Request) -> Answer {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let honest = scope.spawn(|| {
            let mut number = 0;
            while number == 0 || !done.load(Ordering::Relaxed) {
                let id = format!("honest-{number}");
                let started = Instant::now();
                let answer = gateway.post(&junction(&id, order(&id)));
                assert_eq!(answer.status, 200, "{}", answer.text());
                assert!(started.elapsed() < PROMPTLY, "{:?} for {id}", started.elapsed());
                number += 1;
            }
        });
        let answer = gateway.post(heavy);
        done.store(true, Ordering::Relaxed);
        honest.join().unwrap();
        answer
    })
}

#[test]
fn thousands_of_reports_of_one_order_are_merged_beside_other_webhooks() {
    let gateway = gateway();
    let heavy = observations(0..OBSERVATIONS);
    let answer = beside_an_honest_sender(&gateway, &heavy);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["ingested_count"], json!(OBSERVATIONS));
    // One more is one more version of one of them.
    let answer =
        beside_an_honest_sender(&gateway, &observations((OBSERVATIONS - 1)..=OBSERVATIONS));
    assert_eq!(answer.json()["ingested_count"], json!(2));
    let order = &gateway.list("/v1/orders?plugin=fhir")[0];
    let reports = gateway.list(&format!("/v1/orders/{}/reports", order["id"].as_str().unwrap()));
    assert_eq!(reports.len(), OBSERVATIONS + 2);
}

#[test]
fn more_statuses_of_one_order_than_are_merged_are_quarantined_alone() {
    let gateway = gateway();
    let mut events = String::new();
    for second in 0..10_001 {
        let (hours, minutes, seconds) = (second / 3600, second / 60 % 60, second % 60);
        let status = "received.walk_in_test.ordered";
        let at = format!("2026-08-01T{hours:02}:{minutes:02}:{seconds:02}Z");
        write!(events, r#"{{"id":{second},"created_at":"{at}","status":"{status}"}},"#).unwrap();
    }
    let events = events.trim_end_matches(',');
    let data = format!(r#"{{"id":"o","details":{{"type":"walk_in_test"}},"events":[{events}]}}"#);
    let body = format!(r#"{{"event_type":"labtest.order.updated","data":{data}}}"#);
    for _ in 0..2 {
        let answer = beside_an_honest_sender(&gateway, &junction("m", body.clone()));
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("validation_error")));
        let message = "body: more statuses of one order or appointment than are merged: 10000";
        assert_eq!(answer.json()["message"], json!(message));
    }
    let kept = gateway.list("/v1/webhooks?outcome=quarantined");
    assert_eq!(kept.len(), 1, "the same webhook again is the same webhook");
    assert!(gateway.list("/v1/orders?provider_order_id=o").is_empty());
}
