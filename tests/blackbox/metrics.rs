//! Every metric by name, with its labels, and no label that a stranger made.

use std::collections::BTreeSet;

use labgate_tests::{
    Gateway, JUNCTION_OLD, Metrics, Request, fullscript, junction, junction_by, now, order, sample,
    spawn_gateway,
};

/// A gateway to which everything happened once.
fn told() -> (Gateway, Metrics) {
    let gateway = spawn_gateway();
    let placed = junction("msg_1", order("1"));
    let requests = [
        (200, placed.clone()),
        (200, placed),
        (200, junction_by(JUNCTION_OLD, "msg_2", now(), order("2"))),
        (200, junction("msg_3", r#"{"event_type":"Zebra.created","data":{}}"#)),
        (200, junction("msg_4", r#"{"event_type":"lab_report.parsing_job.created"}"#)),
        (400, junction("msg_5", "Zebra")),
        (401, junction_by(JUNCTION_OLD, "msg_6", now() - 1000, "Zebra")),
        (401, Request::post("/v1/webhooks/junction", "Zebra")),
        (200, fullscript(sample("fullscript/demo/1-placed"))),
        (200, Request::get("/v1/webhooks/fullscript")),
    ];
    for (status, request) in requests {
        assert_eq!(gateway.post(&request).status, status, "{request:?}");
    }
    let metrics = gateway.metrics();
    (gateway, metrics)
}

#[test]
fn every_outcome_is_counted() {
    let (_gateway, metrics) = told();
    let check = |plugin: &str, outcome: &str, expected: u32| {
        let labels = [("plugin", plugin), ("outcome", outcome)];
        metrics.check("labgate_webhooks_total", &labels, expected);
    };
    check("junction", "accepted", 2);
    check("junction", "duplicate", 1);
    check("junction", "ignored", 2);
    check("junction", "quarantined", 1);
    check("junction", "rejected", 2);
    check("junction", "unavailable", 0);
    check("fullscript", "accepted", 1);
    check("fullscript", "rejected", 0);
    check("relay", "accepted", 0);
}

#[test]
fn every_reason_is_counted_and_there_before_the_first_forgery() {
    let (_gateway, metrics) = told();
    let check = |plugin: &str, reason: &str, expected: u32| {
        let labels = [("plugin", plugin), ("reason", reason)];
        metrics.check("labgate_rejections_total", &labels, expected);
    };
    check("junction", "stale", 1);
    check("junction", "missing_header", 1);
    for reason in ["malformed_header", "future", "unknown_version", "mismatch", "wrong_method"] {
        check("junction", reason, 0);
        check("relay", reason, 0);
    }
}

#[test]
fn event_types_are_counted_if_the_vendor_documents_them() {
    let (_gateway, metrics) = told();
    let check = |plugin: &str, event_type: &str, expected: u32| {
        let labels = [("plugin", plugin), ("event_type", event_type)];
        metrics.check("labgate_events_by_type_total", &labels, expected);
    };
    // The duplicate among them: what a vendor sends is what is counted.
    check("junction", "labtest.order.created", 3);
    check("junction", "lab_report.parsing_job.created", 1);
    check("fullscript", "order.placed", 1);
    check("fullscript", "other", 0);
    // The unknown type, and the body without any.
    check("junction", "other", 2);
}

#[test]
fn secrets_are_counted_by_their_place() {
    let (_gateway, metrics) = told();
    let check = |plugin: &str, secret: &str, expected: u32| {
        let labels = [("plugin", plugin), ("secret", secret)];
        metrics.check("labgate_secret_used_total", &labels, expected);
    };
    check("junction", "0", 5);
    check("junction", "1", 1);
    check("fullscript", "0", 1);
}

#[test]
fn a_secret_that_nobody_uses_is_zero_and_not_absent() {
    let metrics = spawn_gateway().metrics();
    for secret in ["0", "1"] {
        let labels = [("plugin", "junction"), ("secret", secret)];
        metrics.check("labgate_secret_used_total", &labels, 0);
    }
}

#[test]
fn times_are_told() {
    let (_gateway, metrics) = told();
    let count = |name: &str, labels: &[(&str, &str)]| metrics.find(name, labels).unwrap();
    assert!(count("labgate_intake_seconds_count", &[("plugin", "junction")]) >= 6.0);
    assert!(count("labgate_intake_seconds_sum", &[("plugin", "junction")]) > 0.0);
    assert!(count("labgate_commit_seconds_count", &[]) >= 6.0);
    assert!(count("labgate_commit_batch_size_sum", &[]) >= 7.0);
    metrics.check("labgate_commit_batch_size_bucket", &[("le", "1")], 7);
    let last = count("labgate_last_webhook_timestamp_seconds", &[("plugin", "junction")]);
    let now = f64::from(u32::try_from(now()).unwrap());
    assert!((now - 60.0..=now).contains(&last), "{last}");
    let silent = [("plugin", "relay")];
    assert_eq!(metrics.find("labgate_last_webhook_timestamp_seconds", &silent), None);
    metrics.check("labgate_quarantined", &[("plugin", "junction")], 1);
}

#[test]
fn the_build_and_the_process_are_told() {
    let metrics = spawn_gateway().metrics();
    metrics.check("labgate_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    for name in ["process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"]
    {
        assert!(metrics.find(name, &[]).unwrap() > 0.0, "{name}");
    }
}

#[test]
fn every_metric_has_help_and_type_and_labels_that_are_known() {
    let (_gateway, metrics) = told();
    let names: BTreeSet<_> = metrics
        .text()
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split(' ').next())
        .filter(|name| name.starts_with("labgate_"))
        .collect();
    let expected = [
        "labgate_admin_requests_total",
        "labgate_build_info",
        "labgate_commit_batch_size",
        "labgate_commit_seconds",
        "labgate_events_by_type_total",
        "labgate_intake_seconds",
        "labgate_last_webhook_timestamp_seconds",
        "labgate_quarantined",
        "labgate_rejections_total",
        "labgate_retention_clock_ahead_seconds",
        "labgate_secret_used_total",
        "labgate_unknown_plugin_total",
        "labgate_unknown_values_total",
        "labgate_webhooks_pruned_total",
        "labgate_webhooks_total",
    ];
    for name in expected {
        assert!(names.contains(name), "no {name} among {names:?}");
        assert!(metrics.text().contains(&format!("# HELP {name} ")), "{name}");
    }
}
