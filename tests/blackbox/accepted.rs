//! Row "accepted": 200, and what was touched is counted.

use labgate_tests::{
    CHALLENGE, Gateway, Request, fullscript, junction, relay, sample, spawn_gateway,
};
use serde_json::{Value, json};

fn check(gateway: &Gateway, request: &Request, expected: Value) {
    let answer = gateway.post(request);
    assert_eq!((answer.status, answer.json()), (200, expected), "{request:?}");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(gateway.list("/v1/webhooks?limit=1")[0]["outcome"], "accepted");
}

#[test]
fn an_order_counts_one() {
    let gateway = spawn_gateway();
    let request = junction("msg_1", sample("junction/demo/1-ordered"));
    let expected =
        json!({ "received": true, "event_type": "labtest.order.created", "ingested_count": 1 });
    check(&gateway, &request, expected);
}

#[test]
fn an_appointment_counts_one() {
    let gateway = spawn_gateway();
    let request = junction("msg_1", sample("junction/demo/2-appointment"));
    let expected = json!({
        "received": true, "event_type": "labtest.appointment.updated", "ingested_count": 1
    });
    check(&gateway, &request, expected);
}

#[test]
fn a_result_counts_its_observations() {
    let gateway = spawn_gateway();
    let counts =
        [("3-partial", "labtest.result.ready", 1), ("4-final", "labtest.result.critical", 3)];
    for (name, event_type, count) in counts {
        let request = junction(name, sample(&format!("junction/demo/{name}")));
        let expected =
            json!({ "received": true, "event_type": event_type, "ingested_count": count });
        check(&gateway, &request, expected);
    }
}

#[test]
fn fullscript_finds_its_challenge_in_the_acknowledgement() {
    let gateway = spawn_gateway();
    let samples = [("1-placed", "order.placed"), ("2-results", "lab_order.updated")];
    for (name, event_type) in samples {
        let request = fullscript(sample(&format!("fullscript/demo/{name}")));
        let expected = json!({
            "received": true, "event_type": event_type, "ingested_count": 1,
            "challenge": CHALLENGE
        });
        check(&gateway, &request, expected);
    }
}

#[test]
fn a_relay_that_signs_only_the_body_is_taken() {
    let gateway = spawn_gateway();
    let expected =
        json!({ "received": true, "event_type": "labtest.order.created", "ingested_count": 1 });
    check(&gateway, &relay(sample("junction/demo/1-ordered")), expected);
}

#[test]
fn the_body_comes_in_chunks_as_well() {
    let gateway = spawn_gateway();
    let request = junction("msg_1", sample("junction/demo/1-ordered"));
    assert_eq!(request.send_chunked(gateway.webhooks).status, 200);
    assert_eq!(gateway.list("/v1/orders").len(), 1);
}

#[test]
fn any_content_type_is_taken_since_only_bytes_are_signed() {
    let gateway = spawn_gateway();
    for (index, kind) in ["text/plain", "application/xml", "nonsense", ""].into_iter().enumerate() {
        let request = junction(&format!("msg_{index}"), sample("junction/demo/1-ordered"));
        let request = request.without("content-type").header("content-type", kind);
        assert_eq!(gateway.post(&request).status, 200, "{kind}");
    }
    let bare = junction("msg_bare", sample("junction/demo/1-ordered")).without("content-type");
    assert_eq!(gateway.post(&bare).status, 200);
}

#[test]
fn a_body_is_never_unpacked_since_only_bytes_are_signed() {
    let gateway = spawn_gateway();
    for (index, packing) in ["gzip", "br", "identity", "nonsense"].into_iter().enumerate() {
        let request = junction(&format!("msg_{index}"), sample("junction/demo/1-ordered"));
        let answer = gateway.post(&request.header("content-encoding", packing));
        assert_eq!(answer.status, 200, "{packing}: {answer:?}");
    }
}

#[test]
fn the_standard_header_names_are_taken_as_well_as_the_vendors() {
    let gateway = spawn_gateway();
    let mut request = junction("msg_1", sample("junction/demo/1-ordered"));
    for (name, _) in &mut request.headers {
        *name = name.replace("svix-", "webhook-");
    }
    assert_eq!(gateway.post(&request).status, 200);
}
