//! Row "not proven": 401, always the same, whatever was wrong.

use labgate_tests::{
    FULLSCRIPT, Gateway, JUNCTION, JUNCTION_EU, Request, fullscript, fullscript_at, junction,
    junction_by, now, relay, sample, spawn_gateway,
};

const WHOLE_ANSWER: &str = r#"{"error":"signature_verification_failed","message":"the signature of this request could not be verified"}"#;

/// `request` is refused like every other, and counted with its reason.
fn check(gateway: &Gateway, request: &Request, reason: &str) {
    let plugin = request.path.rsplit('/').next().unwrap();
    let labels = [("plugin", plugin), ("reason", reason)];
    let count = || gateway.metrics().find("labgate_rejections_total", &labels);
    let before = count();
    let answer = gateway.post(request);
    assert_eq!((answer.status, answer.text()), (401, WHOLE_ANSWER), "{reason}: {request:?}");
    let mut names: Vec<_> = answer.headers.iter().map(|(name, _)| &**name).collect();
    names.sort_unstable();
    assert_eq!(names, ["connection", "content-length", "content-type", "date", "x-request-id"]);
    assert_eq!(count(), before.map(|count| count + 1.0), "{reason}: {request:?}");
    assert!(gateway.list("/v1/webhooks").is_empty());
}

fn body() -> Vec<u8> {
    sample("junction/demo/1-ordered")
}

#[test]
fn a_missing_header_is_refused() {
    let gateway = spawn_gateway();
    for name in ["svix-id", "svix-timestamp", "svix-signature"] {
        check(&gateway, &junction("msg_1", body()).without(name), "missing_header");
    }
    let bare = |name: &str| Request::post(&format!("/v1/webhooks/{name}"), body());
    for name in ["junction", "relay", "fullscript"] {
        check(&gateway, &bare(name), "missing_header");
    }
}

#[test]
fn a_repeated_header_is_refused() {
    let gateway = spawn_gateway();
    for name in ["svix-id", "svix-timestamp", "svix-signature"] {
        let request = junction("msg_1", body());
        let (_, value) = request.headers.iter().find(|(known, _)| known == name).unwrap().clone();
        check(&gateway, &request.header(name, value), "malformed_header");
    }
    let request = fullscript(body());
    let value = request.headers[1].1.clone();
    check(&gateway, &request.header("fullscript-signature", value), "malformed_header");
}

#[test]
fn a_header_that_is_not_ascii_is_refused() {
    let gateway = spawn_gateway();
    for value in ["m\u{fc}sg".as_bytes(), b"\xff\xfe", b"msg_1\xa0"] {
        let request = junction("msg_1", body()).without("svix-id").header("svix-id", value);
        check(&gateway, &request, "malformed_header");
    }
}

#[test]
fn another_signature_is_refused() {
    let gateway = spawn_gateway();
    let other = "whsec_YW5vdGhlci1zZWNyZXQ=";
    check(&gateway, &junction_by(other, "msg_1", now(), body()), "mismatch");
    let signed = |text: &str| {
        junction("msg_1", body()).without("svix-signature").header("svix-signature", text)
    };
    check(&gateway, &signed("v1,bm9ib2R5"), "mismatch");
    check(&gateway, &signed("v1,not base64"), "mismatch");
    check(&gateway, &signed("v1,"), "mismatch");
    check(&gateway, &signed("v2,bm9ib2R5"), "unknown_version");
    check(&gateway, &signed("v1a,bm9ib2R5"), "unknown_version");
    check(&gateway, &signed(""), "unknown_version");
    let time = now();
    let field = |text: String| {
        Request::post("/v1/webhooks/fullscript", body()).header("fullscript-signature", text)
    };
    check(&gateway, &field(format!("t={time},v1=00")), "mismatch");
    check(&gateway, &field(format!("t={time},v0=00")), "unknown_version");
    check(&gateway, &field("v1=00".into()), "malformed_header");
    check(&gateway, &field("Zebra".into()), "malformed_header");
    check(&gateway, &field(format!("t={time},t={time},v1=00")), "malformed_header");
}

#[test]
fn the_secret_of_another_plugin_is_refused() {
    let gateway = spawn_gateway();
    check(&gateway, &junction_by(JUNCTION_EU, "msg_1", now(), body()), "mismatch");
    let there = junction_by(JUNCTION, "msg_1", now(), body()).to("/v1/webhooks/junction-eu");
    check(&gateway, &there, "mismatch");
    let carried = fullscript(body()).to("/v1/webhooks/relay");
    check(&gateway, &carried, "missing_header");
    let token = Request::post("/v1/webhooks/fullscript", body());
    let token = token.header("fullscript-signature", format!("t={},v1={FULLSCRIPT}", now()));
    check(&gateway, &token, "mismatch");
}

#[test]
fn old_and_early_signatures_are_refused() {
    let gateway = spawn_gateway();
    let at = |time: i64| junction_by(JUNCTION, "msg_1", time, body());
    check(&gateway, &at(now() - 305), "stale");
    check(&gateway, &at(now() + 65), "future");
    check(&gateway, &fullscript_at(now() - 305, body()), "stale");
    check(&gateway, &fullscript_at(now() + 65, body()), "future");
    check(&gateway, &at(0), "stale");
    check(&gateway, &at(-1), "malformed_header");
    check(&gateway, &at(now() * 1000), "future");
    check(&gateway, &at(i64::MAX), "future");
}

#[test]
fn a_time_that_is_no_number_is_refused() {
    let gateway = spawn_gateway();
    for time in ["", "soon", "1e9", "2026-08-01T00:00:00Z", "99999999999999999999", "+5", "1.5"] {
        let request = junction("msg_1", body()).without("svix-timestamp");
        check(&gateway, &request.header("svix-timestamp", time), "malformed_header");
    }
}

#[test]
fn a_single_changed_byte_is_refused() {
    let gateway = spawn_gateway();
    let mut body = body();
    let requests = [junction("msg_1", &*body), fullscript(&*body), relay(&*body)];
    body.push(b' ');
    for request in requests {
        check(&gateway, &request.carrying(&*body), "mismatch");
    }
    let other_id = junction("msg_1", &*body).without("svix-id").header("svix-id", "msg_2");
    check(&gateway, &other_id, "mismatch");
    let time = (now() - 1).to_string();
    let other_time = junction("msg_1", body).without("svix-timestamp");
    check(&gateway, &other_time.header("svix-timestamp", time), "mismatch");
}

#[test]
fn a_repetition_that_is_not_proven_is_refused_and_not_called_a_duplicate() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("msg_1", body())).status, 200);
    let forged = junction_by(JUNCTION_EU, "msg_1", now(), body());
    let answer = gateway.post(&forged);
    assert_eq!((answer.status, answer.text()), (401, WHOLE_ANSWER));
    assert_eq!(gateway.list("/v1/webhooks").len(), 1);
}
