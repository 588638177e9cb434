//! Rows of the reply table that no provider of ours can reach, and what is never said.

use std::sync::Arc;

use actix_web::{http::StatusCode, rt, web};
use http::HeaderMap;
use jiff::Timestamp;
use labgate_core::{
    ConfigError, Decoded, Demo, DynProvider, Identifier, Notices, Provider, RawRequest, Receipt,
    Registration, Reply, VerifiedRequest,
    decode::Unreadable,
    verify::{Coverage, Proof, Reason, Refusal, Verifier},
};
use labgate_tests::{Answer, Request};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;
use crate::{
    application::webhooks_listener,
    config::Server,
    store::{Arrival, StoreError},
    test::TestGateway,
};

/// A provider whose verifier does as it is told, whose vendor takes any 4xx for the last word, and
/// which acknowledges with 204.
#[derive(Debug)]
struct Odd(OddConfig);

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OddConfig {
    lost_its_key: bool,
}

impl Verifier for OddConfig {
    fn verify(&self, request: &RawRequest, _: Timestamp) -> Result<Proof, Refusal> {
        if self.lost_its_key {
            return Err(Refusal::Misconfigured("the account's key is gone"));
        }
        if request.body == "forged" {
            return Err(Reason::Mismatch.into());
        }
        Ok(Proof { secret_index: 0, message_id: None })
    }

    fn secrets(&self) -> usize {
        0
    }

    fn covers(&self) -> Coverage {
        Coverage::FULL
    }

    fn sign(&self, _: &RawRequest, _: &str, _: Timestamp) -> Option<HeaderMap> {
        None
    }
}

impl Provider for Odd {
    const KIND: &'static str = "odd";
    const EVENT_TYPES: &'static [&'static str] = &["odd"];
    const RETRIES: Retries = Retries::AfterServerErrors;
    type Config = OddConfig;
    type Payload = ();

    fn new(config: OddConfig) -> Result<Self, ConfigError> {
        Ok(Self(config))
    }

    fn verifier(&self) -> &dyn Verifier {
        &self.0
    }

    fn decode(&self, request: &VerifiedRequest) -> Result<Decoded<()>, Unreadable> {
        assert_ne!(request.body().as_ref(), b"panic", "as it was told");
        let event_type = Identifier::new("odd").unwrap();
        Ok(Decoded { event_type, event_id: None, payload: Ok(()) })
    }

    fn map(&self, (): ()) -> Result<Notices, Unreadable> {
        Ok(Notices::default())
    }

    fn acknowledge(&self, _: &Receipt) -> Reply {
        Reply::Empty
    }

    fn demo(_: [u8; 32]) -> Demo {
        Demo { config: json!({ "lost_its_key": false }), webhooks: Vec::new(), signer: None }
    }
}

/// A store that is away.
struct Away;

#[async_trait::async_trait]
impl Archive for Away {
    async fn archive(&self, _: Arrival) -> Result<Stored, StoreError> {
        Err(StoreError::Overloaded)
    }
}

async fn check(lost_its_key: bool, expected: StatusCode) -> Option<Value> {
    let gateway = TestGateway::new().await;
    let archive = Arc::new(gateway.store.clone());
    let answer = post(lost_its_key, archive, "x").await;
    assert_eq!(answer.status, expected);
    serde_json::from_slice(&answer.body).ok()
}

async fn post(lost_its_key: bool, archive: Arc<dyn Archive>, body: &'static str) -> Answer {
    let build = Registration::of::<Odd>().build;
    let provider: Arc<dyn DynProvider> = build(json!({ "lost_its_key": lost_its_key })).unwrap();
    let plugins = Plugins::from_iter([Plugin { name: "odd".into(), provider }]);
    let intake = Intake {
        plugins: Arc::new(plugins),
        archive,
        metrics: Arc::new(Metrics::new()),
        max_body_bytes: 4096,
    };
    let settings = Server { listen: ([127, 0, 0, 1], 0).into(), ..Server::default() };
    let (server, address) = webhooks_listener(intake, &settings).unwrap();
    let handle = server.handle();
    let serving = rt::spawn(server);
    let request = Request::post("/v1/webhooks/odd", body);
    let answer = web::block(move || request.send(address)).await.unwrap();
    handle.stop(false).await;
    serving.await.unwrap().unwrap();
    answer
}

#[actix_web::test]
async fn a_misconfigured_plugin_is_our_fault() {
    let body = check(true, StatusCode::INTERNAL_SERVER_ERROR).await.unwrap();
    assert_eq!(body["error"], "configuration_error");
    assert!(!body.to_string().contains("key"), "the sender is not told what is wrong");
}

#[actix_web::test]
async fn a_provider_words_its_own_acknowledgement() {
    assert_eq!(check(false, StatusCode::NO_CONTENT).await, None);
}

#[actix_web::test]
async fn a_store_that_is_away_accepts_nothing() {
    let answer = post(false, Arc::new(Away), "x").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.header("retry-after").is_some());
}

#[actix_web::test]
async fn whatever_may_be_wanted_again_is_no_4xx_to_a_vendor_that_gives_up_on_it() {
    let gateway = TestGateway::new().await;
    let too_long = [LONG, LONG].concat().leak();
    for (body, error) in
        [("forged", "signature_verification_failed"), (too_long, "payload_too_large")]
    {
        let answer = post(false, Arc::new(gateway.store.clone()), body).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{error}");
        assert_eq!(answer.json()["error"], error);
    }
}

#[actix_web::test]
async fn what_never_arrived_whole_is_refused_as_the_vendor_heeds_it() {
    let status = |error, retries| reply::answer(Outcome::NotReceived(error, retries)).status();
    for (error, expected) in [
        (ReceiveError::TooLarge, StatusCode::PAYLOAD_TOO_LARGE),
        (ReceiveError::TimedOut, StatusCode::REQUEST_TIMEOUT),
        (ReceiveError::Broken, StatusCode::BAD_REQUEST),
        (ReceiveError::CrowdedOut, StatusCode::SERVICE_UNAVAILABLE),
        (ReceiveError::NoRoom, StatusCode::SERVICE_UNAVAILABLE),
    ] {
        assert_eq!(status(error, Retries::AfterAnyFailure), expected);
        let heeded = status(error, Retries::AfterServerErrors);
        assert_eq!(heeded, StatusCode::SERVICE_UNAVAILABLE);
        // This vendor heeds a limit of size, and nothing else of ours below 500.
        let heeded = status(error, Retries::AfterServerErrorsOr(&[413]));
        let spared =
            if expected.as_u16() == 413 { expected } else { StatusCode::SERVICE_UNAVAILABLE };
        assert_eq!(heeded, spared);
    }
}

#[actix_web::test]
async fn a_forgery_is_refused_as_the_vendor_heeds_it() {
    for (retries, expected) in [
        (Retries::AfterAnyFailure, StatusCode::UNAUTHORIZED),
        (Retries::AfterServerErrors, StatusCode::SERVICE_UNAVAILABLE),
        (Retries::AfterServerErrorsOr(&[401, 403]), StatusCode::UNAUTHORIZED),
        (Retries::AfterServerErrorsOr(&[408, 429]), StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let response = reply::answer(Outcome::NotProven(retries));
        assert_eq!(response.status(), expected, "{retries:?}");
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        let said: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(said["error"], "signature_verification_failed");
    }
}

/// 3000 bytes.
const LONG: &str = match str::from_utf8(&[b'x'; 3000]) {
    Ok(text) => text,
    Err(_) => unreachable!(),
};

#[actix_web::test]
async fn an_adapter_that_panics_loses_nothing() {
    let gateway = TestGateway::new().await;
    let answer = post(false, Arc::new(gateway.store.clone()), "panic").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let mut open = gateway.backend.connect().unwrap();
    assert_eq!(crate::store::webhooks::quarantined(&mut open, "odd").unwrap(), 1);
}
