//! How long webhooks are kept: the key, `labgate prune`, and a gateway that prunes by itself.

use std::path::Path;

use labgate_tests::{
    Crowd, Gateway, Home, Request, TOKEN, accepted, junction, labgate, order, orders, sample,
    spawn_gateway, wait_until,
};
use serde_json::Value;

use crate::check::check;

const KEEP: &str = "LABGATE_STORE__KEEP_WEBHOOKS";

/// A gateway without retention that keeps an order, a result, and what nobody can read.
fn kept() -> Gateway {
    let gateway = spawn_gateway();
    assert_eq!(gateway.post(&junction("placed", order("1"))).status, 200);
    let result = sample("junction/demo/4-final");
    assert_eq!(gateway.post(&junction("result", result)).status, 200);
    assert_eq!(gateway.post(&junction("broken", "{")).status, 400);
    gateway
}

fn messages(gateway: &Gateway) -> Vec<Value> {
    gateway.all("/v1/webhooks").iter().map(|kept| kept["message_id"].clone()).collect()
}

#[test]
fn prune_removes_what_is_old_and_leaves_the_model() {
    // It takes longer than a microsecond to start.
    let gateway = kept();
    let (model, feed, before) = (gateway.model(), gateway.feed(), messages(&gateway));
    let (text, folder) = (gateway.home().configuration(), gateway.home().path());
    let reports = gateway.all("/v1/orders").into_iter().flat_map(|order| {
        gateway.list(&format!("/v1/orders/{}/reports", order["id"].as_str().unwrap()))
    });
    let sources: Vec<_> = reports.map(|report| report["source"]["webhook"].clone()).collect();
    assert!(!sources.is_empty() && text.contains("[store]"));

    let run = labgate(folder, &["prune", "--dry-run"], &[(KEEP, "1us")]);
    assert_eq!((run.code, &*run.stdout), (Some(0), "2 webhooks would be removed\n"), "{run:?}");
    assert_eq!(messages(&gateway), before);
    let run = labgate(folder, &["prune"], &[(KEEP, "90d")]);
    assert_eq!((run.code, &*run.stdout), (Some(0), "0 webhooks removed\n"), "{run:?}");
    let run = labgate(folder, &["prune"], &[(KEEP, "1us")]);
    assert_eq!((run.code, &*run.stdout), (Some(0), "2 webhooks removed\n"), "{run:?}");
    assert!(!run.stderr.contains('\u{1b}'), "no bar in a pipe: {run:?}");
    assert_eq!(messages(&gateway), ["broken"]);
    assert_eq!((gateway.model(), gateway.feed()), (model, feed.clone()));
    for webhook in sources {
        let path = format!("/v1/webhooks/{}", webhook.as_str().unwrap());
        assert_eq!(gateway.ask(&Request::get(&path).bearer(TOKEN)).status, 404);
    }
    // What is gone and comes again is new, and tells nothing new.
    let answer = gateway.post(&junction("placed", order("1")));
    assert_eq!((answer.status, answer.json()["duplicate"].as_bool()), (200, None), "{answer:?}");
    assert_eq!(gateway.feed(), feed);
}

#[test]
fn prune_needs_to_be_told_how_long() {
    let run = Home::new().run(&["prune"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let [fault] = run.faults()[..] else { panic!("{run:?}") };
    assert!(fault.contains("store.keep_webhooks") && fault.contains("for ever"), "{fault}");
}

#[test]
fn a_gateway_prunes_soon_after_its_start() {
    let home = kept().kill().with("store", "keep_webhooks = \"1us\"");
    let gateway = home.serve();
    wait_until("the end of a run", || {
        gateway.metrics().find("labgate_webhooks_pruned_total", &[]) == Some(2.0)
    });
    assert_eq!(messages(&gateway), ["broken"]);
    // The next run is an hour away, and a stop does not wait for it.
    assert_eq!(gateway.post(&junction("placed", order("1"))).status, 200);
    assert_eq!(messages(&gateway), ["placed", "broken"]);
    gateway.terminate();
    let (status, log, _home) = gateway.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("webhooks pruned") && !log.contains("WARN"), "{log}");
}

#[test]
fn nothing_is_removed_that_is_not_to_be_removed() {
    let gateway = kept().kill().serve();
    gateway.metrics().check("labgate_webhooks_pruned_total", &[], 0);
    assert_eq!(messages(&gateway).len(), 3);
    let gateway = gateway.kill().with("store", "keep_webhooks = \"4w\"").serve();
    assert_eq!(messages(&gateway).len(), 3);
}

#[test]
fn webhooks_are_taken_while_others_are_removed() {
    let gateway = spawn_gateway();
    let requests = orders(400);
    let crowd = Crowd::new(&requests);
    let (sent, removed) = std::thread::scope(|scope| {
        let clients = scope.spawn(|| crowd.run(8, |_| gateway.webhooks));
        let mut removed = 0;
        for count in [50, 150, 250, 400] {
            crowd.wait_for(count);
            let run = labgate(gateway.home().path(), &["prune"], &[(KEEP, "1us")]);
            assert_eq!(run.code, Some(0), "{run:?}");
            removed += run.stdout.split(' ').next().unwrap().parse::<usize>().unwrap();
        }
        (clients.join().unwrap(), removed)
    });
    assert_eq!(accepted(&sent).len(), requests.len());
    assert_eq!((removed, gateway.all("/v1/webhooks").len()), (400, 0));
    assert_eq!((gateway.all("/v1/orders").len(), gateway.feed().len()), (400, 400));
}

#[test]
fn a_length_that_is_none_is_a_fault() {
    for bad in ["\"Zebra\"", "\"90\"", "\"0d\"", "\"-3d\"", "\"1mo\"", "\"\"", "90", "[\"90d\"]"] {
        let home = Home::new().with("store", &format!("keep_webhooks = {bad}"));
        check(&home, &[&["store.keep_webhooks: "]]);
    }
    check(&Home::new().env(KEEP, "Zebra"), &[&["store.keep_webhooks: ", "`90d`"]]);
}

#[test]
fn check_tells_how_long() {
    let told = |home: &Home| home.run(&["check"]).stdout;
    assert!(told(&Home::new()).contains("store: webhooks are kept for ever\n"));
    let home = Home::new().with("store", "keep_webhooks = \"90d\"");
    assert!(told(&home).contains("store: webhooks are kept for 90 days\n"));
    let home = home.env(KEEP, "12h");
    assert!(told(&home).contains("store: webhooks are kept for 12 hours\n"));
}

#[test]
fn the_schema_tells_what_the_key_means() {
    let run = labgate(Path::new("/"), &["schema"], &[]);
    let schema: Value = serde_json::from_str(&run.stdout).unwrap();
    let key = &schema["$defs"]["StoreSettings"]["properties"]["keep_webhooks"];
    assert!(key["description"].as_str().unwrap().contains("`90d`"), "{key}");
    assert_eq!(key["default"], Value::Null, "{key}");
}
