//! Signatures that were made elsewhere, by `openssl dgst -sha256 -hmac`.

use jiff::Timestamp;
use labgate_core::RawRequest;
use labgate_testkit::json;

use crate::subject::terra;

#[test]
fn the_time_is_counted_as_configured() {
    let seconds =
        "t=1785312000,v1=731be301d6d5d47a6d442d1d0fc75867880279d1179b6f6c1bf5e37443ff1ac6";
    let milliseconds =
        "t=1785312000000,v1=1ae8c40734d9d60566f3836a67df957cbb18534f03d1524a173d27d00c3c7a37";
    check("seconds", seconds, true);
    check("seconds", milliseconds, false);
    check("milliseconds", milliseconds, true);
    check("milliseconds", seconds, false);
}

fn check(unit: &str, signature: &str, accepted: bool) {
    let config = json!({ "secrets": ["a-signing-secret-of-terra"], "signature_time": unit });
    let mut request = RawRequest::post("/", r#"{"event_type":"order.status_changed"}"#);
    request.headers.insert("x-terra-signature", signature.parse().unwrap());
    let now = Timestamp::from_second(1_785_312_010).unwrap();
    let verified = terra().built(config).verify(&request, now);
    assert_eq!(verified.is_ok(), accepted, "{unit}: {signature}");
}
