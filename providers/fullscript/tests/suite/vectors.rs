//! Signatures that were computed elsewhere, each checked at the time that it names.

use http::{HeaderMap, HeaderValue, Method};
use jiff::Timestamp;
use labgate_core::RawRequest;
use serde_json::Value;

use crate::subject::{CHALLENGE_TOKEN, FULLSCRIPT, config};

#[test]
fn every_vector_is_judged_as_it_says() {
    let text = include_str!("../data/signature-vectors.json");
    let vectors: Value = serde_json::from_str(text).unwrap();
    for vector in vectors["vectors"].as_array().unwrap() {
        let told = |key: &str| vector[key].as_str().unwrap();
        let provider = FULLSCRIPT.built(config(&[told("secret")], CHALLENGE_TOKEN));
        let header = HeaderValue::from_str(told("header")).unwrap();
        let request = RawRequest {
            method: Method::POST,
            path: "/v1/webhooks/fullscript".into(),
            query: String::new(),
            headers: HeaderMap::from_iter([("fullscript-signature".parse().unwrap(), header)]),
            body: told("body_utf8").to_owned().into(),
        };
        let now = Timestamp::from_second(vector["now_unix"].as_i64().unwrap()).unwrap();
        let accepted = provider.verify(&request, now).is_ok();
        let expected = match told("expect") {
            // Fields in any order are read: the header is what was signed, not how it is laid out.
            "accept" | "accept-if-lenient" => true,
            "reject" => false,
            other => panic!("a vector expects {other}"),
        };
        assert_eq!(accepted, expected, "{}", told("name"));
    }
}
