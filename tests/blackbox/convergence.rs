//! Merge over HTTP: whatever the order of arrival, the same orders, appointments and results.

use std::{collections::BTreeMap, fs, path::Path};

use labgate_tests::{Gateway, junction, sample, spawn_gateway};
use serde_json::{Value, json};

/// Names of every sample of Junction whose name starts so.
pub(crate) fn names(prefixes: &[&str]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers/junction/goldens");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let name = name.strip_suffix(".json")?;
            let fits = prefixes.iter().any(|prefix| name.starts_with(prefix));
            (fits && !name.contains('.')).then(|| format!("junction/goldens/{name}"))
        })
        .collect();
    names.sort_unstable();
    names
}

pub(crate) fn post(gateway: &Gateway, names: &[String]) {
    for name in names {
        let answer = gateway.post(&junction(name, sample(name)));
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
    }
}

/// Everything the API tells of every order, without what counts or names arrivals.
pub(crate) fn state(gateway: &Gateway) -> BTreeMap<String, Value> {
    let orders = gateway.list("/v1/orders?limit=500").into_iter().map(|mut order| {
        let id = order["id"].as_str().unwrap().to_string();
        order.as_object_mut().unwrap().remove("version");
        let mut appointments = gateway.list(&format!("/v1/orders/{id}/appointments"));
        for appointment in &mut appointments {
            appointment.as_object_mut().unwrap().remove("version");
        }
        appointments.sort_by_key(|appointment| appointment["id"].to_string());
        let mut reports = gateway.list(&format!("/v1/orders/{id}/reports"));
        for report in &mut reports {
            report.as_object_mut().unwrap().remove("source");
        }
        (id, json!({ "order": order, "appointments": appointments, "reports": reports }))
    });
    orders.collect()
}

/// The samples `names` end in the same state forwards, backwards, shuffled and repeated.
fn check(prefixes: &[&str]) {
    let names = names(prefixes);
    assert!(names.len() > 5, "{names:?}");
    let arrive = |names: &[String]| {
        let gateway = spawn_gateway();
        post(&gateway, names);
        state(&gateway)
    };
    let expected = arrive(&names);
    let backwards: Vec<_> = names.iter().rev().cloned().collect();
    same(&arrive(&backwards), &expected, "backwards");
    for seed in 1..4 {
        let mut shuffled = names.clone();
        let count = shuffled.len();
        // Any permutation will do, as long as it is the same in each run.
        shuffled.sort_by_key(|name| {
            let place = names.iter().position(|known| known == name).unwrap();
            (place * (2 * seed + 7) + seed * 5) % (count + seed)
        });
        same(&arrive(&shuffled), &expected, &format!("{shuffled:?}"));
    }
}

fn same(found: &BTreeMap<String, Value>, expected: &BTreeMap<String, Value>, how: &str) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{how}");
    for (id, expected) in expected {
        for part in ["order", "appointments", "reports"] {
            let found = &found[id][part];
            assert!(*found == expected[part], "{how}\n{part}: {found:#}\n{:#}", expected[part]);
        }
    }
}

#[test]
fn a_walk_in_lifecycle_converges() {
    check(&["order-walkin-0", "appointment-psc-0", "result-ready"]);
}

#[test]
fn a_phlebotomy_lifecycle_converges() {
    check(&["order-phleb-", "appointment-phleb-0"]);
}

#[test]
fn a_testkit_lifecycle_converges() {
    check(&["order-testkit-"]);
}

#[test]
fn results_converge() {
    check(&["result-", "order-walkin-01", "order-walkin-07"]);
}
