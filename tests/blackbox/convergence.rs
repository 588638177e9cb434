//! Merge over HTTP: whatever the order of arrival, the same orders, appointments and results.

use labgate_tests::{Gateway, junction, names, same, sample, spawn_gateway};

pub(crate) fn post(gateway: &Gateway, names: &[String]) {
    for name in names {
        let answer = gateway.post(&junction(name, sample(name)));
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
    }
}

/// The samples `names` end in the same state forwards, backwards, shuffled and repeated.
fn check(prefixes: &[&str]) {
    let names = names(prefixes);
    assert!(names.len() > 5, "{names:?}");
    let arrive = |names: &[String]| {
        let gateway = spawn_gateway();
        post(&gateway, names);
        gateway.model()
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
