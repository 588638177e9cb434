//! Kept webhooks: listed without content, read with it, replayed.

use labgate_tests::{
    Gateway, Home, Request, TOKEN, fullscript, junction, junction_by, now, order, relay, sample,
    spawn_gateway,
};
use serde_json::{Value, json};

fn newest(gateway: &Gateway) -> String {
    gateway.list("/v1/webhooks?limit=1")[0]["id"].as_str().unwrap().into()
}

fn replay(gateway: &Gateway, id: &str) -> Value {
    let path = format!("/v1/webhooks/{id}/replay");
    let answer = gateway.ask(&Request::new("POST", &path).bearer(TOKEN));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[test]
fn the_list_has_no_bodies_and_no_headers() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    let kept = gateway.list("/v1/webhooks");
    let mut fields: Vec<_> = kept[0].as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    let expected = ["event_type", "id", "message_id", "outcome", "plugin", "reason", "received_at"];
    assert_eq!(fields, expected);
    assert_eq!(kept[0]["message_id"], "msg_1");
    assert_eq!(kept[0]["event_type"], "labtest.order.created");
}

/// `request` is kept byte for byte.
fn check(gateway: &Gateway, request: &Request, base64: Option<&str>) {
    gateway.post(request);
    let content = gateway.read(&format!("/v1/webhooks/{}", newest(gateway)));
    if let Some(base64) = base64 {
        assert_eq!((&content["body"], &content["body_base64"]), (&json!(null), &json!(base64)));
    } else {
        assert_eq!(content["body"].as_str().unwrap().as_bytes(), request.body);
        assert_eq!(content["body_base64"], json!(null));
    }
}

#[test]
fn the_body_is_kept_byte_for_byte() {
    let gateway = spawn_gateway();
    check(&gateway, &junction("msg_1", sample("junction/demo/4-final")), None);
    check(&gateway, &fullscript(sample("fullscript/demo/2-results")), None);
    let spaced = "\u{feff} {\"event_type\" :\t\"x.y\",\r\n\"data\":{\"n\":7.00e0,\"u\":\"\\u00e9\u{1f9ea}\"}}\n\n";
    check(&gateway, &junction("msg_2", spaced), None);
    check(&gateway, &relay(spaced.trim_start_matches('\u{feff}')), None);
    check(&gateway, &junction("msg_3", b"\xff\x00\xfe".to_vec()), Some("/wD+"));
    check(&gateway, &junction("msg_4", ""), None);
}

#[test]
fn only_headers_that_matter_are_kept() {
    let gateway = spawn_gateway();
    let request = junction("msg_1", order("1"))
        .header("cookie", "Zebra=1")
        .header("authorization", "Bearer Zebra")
        .header("user-agent", "Svix-Webhooks/1.2");
    assert_eq!(gateway.post(&request).status, 200);
    let content = gateway.read(&format!("/v1/webhooks/{}", newest(&gateway)));
    assert!(!content.to_string().contains("Zebra"), "{content}");
    let expected =
        json!([["content-type", "application/json"], ["user-agent", "Svix-Webhooks/1.2"]]);
    assert_eq!(content["headers"], expected);
}

#[test]
fn the_secret_that_fitted_is_told_by_its_place() {
    let gateway = spawn_gateway();
    for (index, secret) in [labgate_tests::JUNCTION, labgate_tests::JUNCTION_OLD].iter().enumerate()
    {
        let request = junction_by(secret, &format!("msg_{index}"), now(), order("1"));
        assert_eq!(gateway.post(&request).status, 200);
        let content = gateway.read(&format!("/v1/webhooks/{}", newest(&gateway)));
        assert_eq!(content["secret_index"], index);
    }
}

#[test]
fn a_replay_changes_nothing_that_was_merged() {
    let gateway = spawn_gateway();
    for name in ["1-ordered", "3-partial", "4-final", "5-completed"] {
        let body = sample(&format!("junction/demo/{name}"));
        assert_eq!(gateway.post(&junction(name, body)).status, 200);
    }
    let state = || {
        let order = gateway.list("/v1/orders")[0].clone();
        let reports = format!("/v1/orders/{}/reports", order["id"].as_str().unwrap());
        (order, gateway.list(&reports), gateway.list("/v1/events"), gateway.list("/v1/webhooks"))
    };
    let before = state();
    for webhook in &before.3 {
        let id = webhook["id"].as_str().unwrap();
        assert_eq!(
            replay(&gateway, id),
            json!({ "id": id, "outcome": "accepted", "reason": null })
        );
    }
    assert_eq!(state(), before);
}

#[test]
fn a_replay_tells_what_is_still_wrong() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("msg_1", "{}")).status, 400);
    let told = replay(&gateway, &newest(&gateway));
    assert_eq!(told["outcome"], "quarantined");
    assert!(told["reason"].as_str().unwrap().starts_with("event_type: "), "{told}");
}

#[test]
fn a_replay_of_a_plugin_that_is_gone_is_422_and_loses_nothing() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&relay(order("1"))).status, 200);
    let home = gateway.kill();
    let text = home.configuration();
    home.configure(&text[..text.find("[plugins.relay]").unwrap()]);
    let gateway = Home::serve(home);
    let path = format!("/v1/webhooks/{}/replay", newest(&gateway));
    let answer = gateway.ask(&Request::new("POST", &path).bearer(TOKEN));
    assert_eq!(answer.status, 422, "{answer:?}");
    assert_eq!(gateway.list("/v1/webhooks?plugin=relay").len(), 1);
    assert_eq!(gateway.list("/v1/orders?plugin=relay").len(), 1);
}
