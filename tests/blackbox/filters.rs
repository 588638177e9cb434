//! Filters of `/v1/orders`.

use labgate_tests::{Gateway, fullscript, junction, order, sample, spawn_gateway, with};

/// What `query` finds among a placed, a completed and two Fullscript orders.
fn check(gateway: &Gateway, query: &str, expected: &[&str]) {
    let mut found: Vec<String> = gateway
        .list(&format!("/v1/orders?{query}"))
        .iter()
        .map(|order| order["provider_order_id"].as_str().unwrap().into())
        .collect();
    found.sort_unstable();
    assert_eq!(found, expected, "{query}");
}

#[test]
fn orders_are_filtered() {
    let gateway = spawn_gateway();
    let done = with(&sample("junction/demo/5-completed"), "/data/id", "b");
    let amended = "10000000-0000-4000-8000-000000000001";
    let placed = "40000000-0000-4000-8000-000000000004";
    for request in [
        junction("msg_1", order("a")),
        junction("msg_2", done),
        fullscript(sample("fullscript/demo/3-amended")),
        fullscript(sample("fullscript/demo/1-placed")),
    ] {
        assert_eq!(gateway.post(&request).status, 200);
    }
    check(&gateway, "", &[amended, placed, "a", "b"]);
    check(&gateway, "plugin=junction", &["a", "b"]);
    check(&gateway, "plugin=fullscript", &[amended, placed]);
    check(&gateway, "plugin=nobody", &[]);
    check(&gateway, "provider_order_id=a", &["a"]);
    check(&gateway, "provider_order_id=A", &[]);
    check(&gateway, "status=completed", &["b"]);
    check(&gateway, "status=corrected", &[amended]);
    check(&gateway, "status=ordered", &[placed, "a"]);
    check(&gateway, "phase=completed", &[amended, "b"]);
    check(&gateway, "phase=cancelled", &[]);
    check(&gateway, "updated_after=2026-08-01T10:00:00Z", &["b"]);
    check(&gateway, "updated_after=2026-08-01T09:59:59Z", &["a", "b"]);
    check(&gateway, "updated_after=2026-08-01T11:59:59%2B02:00", &["a", "b"]);
    check(&gateway, "updated_after=2030-01-01T00:00:00Z", &[]);
    check(&gateway, "plugin=junction&phase=completed&status=completed", &["b"]);
    check(&gateway, "plugin=fullscript&status=ordered", &[placed]);
}
