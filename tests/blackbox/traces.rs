//! No refusal goes unseen, no look at a record either, and no flood fills the log.

use labgate_tests::{
    Answer, Gateway, Home, Metrics, Request, TOKEN, junction, junction_by, now, order, sample,
    spawn_gateway, wait_until,
};
use serde_json::Value;

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// The lines of `log` with this message.
fn lines(log: &str, message: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["message"].as_str().unwrap().starts_with(message)).collect()
}

/// The line that the request with this answer left.
fn line_of(gateway: &Gateway, answer: &Answer) -> Value {
    let id = answer.header("x-request-id").unwrap();
    wait_until("a line with the request's id", || gateway.log().contains(id));
    let log = gateway.log();
    let line = log.lines().find(|line| line.contains(id)).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["span"]["request_id"], id, "{line}");
    assert_eq!(line["peer"], "127.0.0.1", "{line}");
    line
}

/// Ends `gateway`, and gives all that it logged.
fn whole_log(gateway: Gateway) -> String {
    gateway.terminate();
    gateway.wait().1
}

fn count(metrics: &Metrics, endpoint: &str, status: u16) -> f64 {
    let labels = [("endpoint", endpoint), ("status", &*status.to_string())];
    metrics.find("labgate_admin_requests_total", &labels).unwrap()
}

#[test]
fn every_refusal_of_the_api_is_counted_and_logged() {
    let gateway = spawn_gateway();
    let order = format!("/v1/orders/{NOBODY}");
    let get = |path: &str| Request::get(path);
    let cases = [
        (get("/v1/orders"), "/v1/orders", 401, "unauthorized", None),
        (get("/v1/events").bearer("Zebra"), "/v1/events", 401, "unauthorized", None),
        (
            get("/v1/orders").bearer("token-raw-for-tests"),
            "/v1/orders",
            403,
            "forbidden",
            Some("archivist"),
        ),
        (get(&order).bearer(TOKEN), "/v1/orders/{id}", 404, "not_found", Some("ops")),
        (get("/v1/orders?limit=0").bearer(TOKEN), "/v1/orders", 422, "bad_parameter", Some("ops")),
        (Request::new("PUT", "/metrics"), "/metrics", 405, "method_not_allowed", None),
        (get("/v2/Zebra").bearer(TOKEN), "other", 404, "not_found", None),
    ];
    for (request, endpoint, status, reason, key) in cases {
        let before = count(&gateway.metrics(), endpoint, status);
        let answer = gateway.ask(&request);
        assert_eq!(answer.status, status, "{request:?}");
        let after = count(&gateway.metrics(), endpoint, status);
        assert!((after - before - 1.0).abs() < f64::EPSILON, "{request:?}");
        let line = line_of(&gateway, &answer);
        assert_eq!(line["message"], "api request refused", "{line}");
        assert_eq!((&line["endpoint"], &line["reason"]), (&endpoint.into(), &reason.into()));
        assert_eq!(line["key"].as_str(), key, "{line}");
    }
    let log = whole_log(gateway);
    assert!(!log.contains("Zebra"), "{log}");
}

#[test]
fn a_mistyped_address_is_counted_and_can_be_found() {
    let gateway = spawn_gateway();
    for (path, status, shown) in [
        ("/v1/webhooks/junctoin", 404, Some("/v1/webhooks/junctoin")),
        ("/v1/webhook/junction", 404, Some("/v1/webhook/junction")),
        ("/v1/webhooks/junction/below", 404, Some("/v1/webhooks/junction/below")),
        ("/v1/webhooks/Zebra", 404, None),
        ("/healthz", 405, Some("/healthz")),
    ] {
        let before = gateway.metrics().find("labgate_unknown_plugin_total", &[]).unwrap();
        let answer = gateway.post(&junction("msg_1", order("1")).to(path));
        assert_eq!(answer.status, status);
        let after = gateway.metrics().find("labgate_unknown_plugin_total", &[]).unwrap();
        assert!((after - before - 1.0).abs() < f64::EPSILON, "{path}");
        let line = line_of(&gateway, &answer);
        assert_eq!((line["path"].as_str(), &line["reason"]), (shown, &"unknown_plugin".into()));
    }
}

#[test]
fn a_path_that_is_no_plugins_is_not_logged() {
    let gateway = spawn_gateway();
    let endless = format!("/v1/webhooks/{}", "z".repeat(64));
    for path in ["/v1/webhooks/z%65bra", &endless, "/Zebra?zebra", "/v1/webhooks/zebra.crossing"] {
        assert_eq!(gateway.post(&junction("msg_1", order("1")).to(path)).status, 404);
    }
    gateway.metrics().check("labgate_unknown_plugin_total", &[], 4);
    let log = whole_log(gateway);
    assert!(!log.contains("Zebra") && !log.contains("zebra") && !log.contains("zzz"), "{log}");
}

#[test]
fn a_refused_webhook_is_logged_with_its_peer_and_reason() {
    // Who wants warnings only has their request ids too.
    let quiet = "level = \"warn,labgate::application=info\"";
    let gateway = Home::new().with("log", quiet).serve();
    let cases = [
        (junction_by(labgate_tests::JUNCTION_EU, "msg_1", now(), order("1")), 401, "mismatch"),
        (Request::new("DELETE", "/v1/webhooks/junction"), 405, "wrong_method"),
        (Request::get("/v1/webhooks/junction"), 405, "wrong_method"),
    ];
    for (request, status, reason) in cases {
        let labels = [("plugin", "junction"), ("reason", reason)];
        let count = || gateway.metrics().find("labgate_rejections_total", &labels).unwrap();
        let before = count();
        let answer = gateway.post(&request);
        assert_eq!(answer.status, status, "{request:?}");
        assert!((count() - before - 1.0).abs() < f64::EPSILON, "{request:?}");
        let line = line_of(&gateway, &answer);
        assert_eq!(line["message"], "webhook rejected", "{line}");
        assert_eq!((&line["plugin"], &line["reason"]), (&"junction".into(), &reason.into()));
    }
}

/// Of the lines with this message, how many were written, and how many they stand for with their
/// sums.
fn told(log: &str, message: &str) -> (usize, u64) {
    let lines = lines(log, message);
    (lines.len(), lines.iter().map(|line| line["more"].as_u64().unwrap_or(1)).sum())
}

#[test]
fn a_flood_of_wrong_tokens_is_summed_up() {
    let gateway = spawn_gateway();
    for index in 0..1000 {
        let guess = Request::get("/v1/orders").bearer(&format!("Zebra-{index}"));
        assert_eq!(gateway.ask(&guess).status, 401);
    }
    gateway.metrics().check(
        "labgate_admin_requests_total",
        &[("endpoint", "/v1/orders"), ("status", "401")],
        1000,
    );
    let log = whole_log(gateway);
    let (written, told) = told(&log, "api request refused");
    assert_eq!(told, 1000, "{log}");
    assert!(written < 50, "{written} lines: {log}");
    assert!(!log.contains("Zebra"), "{log}");
}

#[test]
fn a_flood_of_forged_webhooks_is_summed_up() {
    let gateway = spawn_gateway();
    let forged = junction_by(labgate_tests::JUNCTION_EU, "msg_1", now(), order("1"));
    for _ in 0..300 {
        assert_eq!(gateway.post(&forged).status, 401);
        assert_eq!(gateway.post(&forged.clone().to("/v1/webhooks/junctoin")).status, 404);
    }
    let log = whole_log(gateway);
    for message in ["webhook rejected", "no plugin at this address"] {
        let (written, told) = told(&log, message);
        assert_eq!(told, 300, "{message}: {log}");
        assert!(written < 50, "{written} lines: {log}");
    }
}

#[test]
fn a_look_at_a_record_is_logged_with_its_id_and_the_key() {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("msg_1", sample("junction/demo/4-final"))).status, 200);
    let first = |path: &str| gateway.list(path)[0]["id"].as_str().unwrap().to_string();
    let (order, webhook) = (first("/v1/orders"), first("/v1/webhooks"));
    let report = first(&format!("/v1/orders/{order}/reports"));
    let seen = |endpoint: &str, id: &str, request: Request| {
        let answer = gateway.ask(&request.bearer(TOKEN));
        assert_eq!(answer.status, 200);
        let line = line_of(&gateway, &answer);
        assert_eq!((&line["endpoint"], &line["record"]), (&endpoint.into(), &id.into()), "{line}");
        assert_eq!(line["key"], "ops", "{line}");
    };
    let get = |path: String| Request::get(&path);
    seen("/v1/orders/{id}", &order, get(format!("/v1/orders/{order}")));
    let below = |name: &str| get(format!("/v1/orders/{order}/{name}"));
    seen("/v1/orders/{id}/reports", &order, below("reports"));
    seen("/v1/orders/{id}/appointments", &order, below("appointments"));
    seen("/v1/reports/{id}", &report, get(format!("/v1/reports/{report}")));
    seen("/v1/webhooks/{id}", &webhook, get(format!("/v1/webhooks/{webhook}")));
    let replay = Request::post(&format!("/v1/webhooks/{webhook}/replay"), "");
    seen("/v1/webhooks/{id}/replay", &webhook, replay);
}

#[test]
fn an_accepted_webhook_is_a_line_for_those_who_want_it() {
    for (level, expected) in [("info", 0), ("info,labgate=debug", 1)] {
        let gateway = Home::new().with("log", &format!("level = \"{level}\"")).serve();
        assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
        let log = whole_log(gateway);
        assert_eq!(lines(&log, "webhook kept").len(), expected, "{level}: {log}");
    }
}
