//! A file that is ruined: told, and never taken for a store.

use std::fs;

use labgate_tests::{Home, Request, TOKEN, junction, order};
use serde_json::json;

#[test]
fn a_store_that_is_ruined_is_not_ready_and_yet_alive() {
    let gateway = Home::on_sqlite().serve();
    assert_eq!(gateway.post(&junction("msg_1", order("1"))).status, 200);
    for name in ["labgate.db", "labgate.db-wal"] {
        let path = gateway.home().path().join(name);
        let length = usize::try_from(fs::metadata(&path).unwrap().len()).unwrap();
        fs::write(path, vec![b'Z'; length]).unwrap();
    }
    let answer = gateway.ask(&Request::get("/readyz"));
    assert_eq!((answer.status, &answer.json()["error"]), (503, &json!("not_ready")));
    assert_eq!(gateway.ask(&Request::get("/healthz")).status, 200);
    assert_eq!(gateway.ask(&Request::get("/metrics")).status, 200);
    for path in ["/v1/orders", "/v1/events"] {
        let answer = gateway.ask(&Request::get(path).bearer(TOKEN));
        assert!([500, 503].contains(&answer.status), "{path}: {answer:?}");
    }
}
