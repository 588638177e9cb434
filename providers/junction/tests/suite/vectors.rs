//! Signatures that Svix publishes, and some that were computed elsewhere, each checked at the
//! time that it names.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use labgate_core::{DynProvider, RawRequest};
use labgate_testkit::goldens;
use serde_json::Value;

use crate::subject::{JUNCTION, SECRETS, junction};

/// The clock of the generated vectors.
const CLOCK: i64 = 1_785_859_200;

#[test]
fn what_svix_publishes_is_accepted_when_it_was_signed() {
    for vector in vectors()["published"].as_array().unwrap() {
        let told = |key: &str| vector[key].as_str().unwrap();
        let provider = junction(&[told("secret")]);
        let signed_at: i64 = told("svix_timestamp").parse().unwrap();
        let body = told("body").as_bytes();
        for (now, accepted) in [
            (signed_at, true),
            (signed_at + 300, true),
            (signed_at + 301, false),
            (signed_at - 60, true),
            (signed_at - 301, false),
        ] {
            let verdict = verify(&*provider, vector, body, now);
            assert_eq!(verdict.is_some(), accepted, "{}, clock at {now}", told("source"));
        }
        assert_eq!(verify(&*junction(&SECRETS), vector, body, signed_at), None);
    }
}

#[test]
fn what_was_generated_is_judged_as_it_says() {
    let vectors = vectors();
    let generated = &vectors["generated"];
    let [current, old] =
        ["secret_current", "secret_old"].map(|key| generated[key].as_str().unwrap());
    for vector in generated["cases"].as_array().unwrap() {
        let told = |key: &str| vector[key].as_str().unwrap();
        let name = told("body_file").strip_suffix(".json").unwrap();
        let body = goldens::one(&JUNCTION, name).request.body;
        let judged = |secrets: &[&str]| verify(&*junction(secrets), vector, &body, CLOCK).is_some();
        // Whether it passes under the new secret alone, the old one alone, and both.
        let expected = match told("expect") {
            "ok" if told("name").starts_with("rotation") => [true, true, true],
            "ok" => [true, false, true],
            "ok only if old secret is still configured" => [false, true, true],
            "reject" | "reject when clock = 1785859200" => [false, false, false],
            other => panic!("a vector expects {other}"),
        };
        let actual = [judged(&[current]), judged(&[old]), judged(&[current, old])];
        assert_eq!(actual, expected, "{}", told("name"));
    }
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../data/svix-vectors.json")).unwrap()
}

/// The message id, if the vector is accepted.
fn verify(provider: &dyn DynProvider, vector: &Value, body: &[u8], now: i64) -> Option<String> {
    let headers = ["svix-id", "svix-timestamp", "svix-signature"].map(|name| {
        let value = vector[name.replace('-', "_")].as_str().unwrap();
        (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    });
    let request = RawRequest {
        method: Method::POST,
        path: "/v1/webhooks/junction".into(),
        query: String::new(),
        headers: HeaderMap::from_iter(headers),
        body: body.to_vec().into(),
    };
    let now = Timestamp::from_second(now).unwrap();
    let verified = provider.verify(&request, now).ok()?;
    verified.proof().message_id.clone()
}
