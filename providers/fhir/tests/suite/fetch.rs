//! What no script can tell of asking the server.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_executor::block_on;
use http::{Request, Response};
use labgate_core::{
    DynProvider, Identifier,
    errands::{Client, ErrandError, Unreachable},
    notice::{FetchNotice, FetchSubject},
};
use labgate_testkit::lent;
use serde_json::json;

use crate::subject;

#[test]
fn nothing_is_fetched_without_access() {
    assert!(subject().provider().fetch().is_none());
}

#[test]
fn a_search_that_finds_no_report_is_tried_again() {
    let outcome =
        r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"OperationOutcome"}}]}"#;
    for nothing in [r#"{"resourceType":"Bundle","total":0}"#, r#"{"entry":[]}"#, outcome] {
        assert_eq!(fetched("DiagnosticReport/7", nothing), Err(ErrandError::NotFound), "{nothing}");
    }
}

#[test]
fn what_can_not_be_read_is_kept_as_it_is() {
    for document in ["<html>", r#"{"entry":[{"resource":{"resourceType":"DiagnosticReport"}}]}"#] {
        assert_eq!(fetched("DiagnosticReport/7", document), Ok(vec![document.into()]));
    }
}

#[test]
fn an_id_can_not_change_the_question() {
    for odd in
        ["DiagnosticReport/", "DiagnosticReport/7&_id=8", "DiagnosticReport/7/8", "Patient/7"]
    {
        let error = fetched(odd, "{}").unwrap_err();
        let expected = "reference: expected DiagnosticReport/ID with an id as in FHIR";
        assert_eq!(error.to_string(), expected, "{odd}");
    }
}

#[test]
fn a_token_is_not_shown() {
    let shown = format!("{:?}", provider());
    assert!(shown.contains("https://fhir.example/R4") && !shown.contains("a-token-of"), "{shown}");
}

fn provider() -> Arc<dyn DynProvider> {
    let api = json!({ "base_url": "https://fhir.example/R4", "token": "a-token-of-the-server" });
    let subject = subject().laid_over(json!({ "api": api }));
    subject.provider()
}

/// What comes of asking for `reference`, where the server answers `body` to anything.
fn fetched(reference: &str, body: &'static str) -> Result<Vec<Bytes>, ErrandError> {
    let [reference, order] = [reference, "sr-7"].map(|id| Identifier::new(id).unwrap());
    let pointer = FetchNotice::new(FetchSubject::Report, reference, order);
    let provider = provider();
    block_on(provider.fetch().unwrap().fetch(&pointer, &lent(&Answers(body))))
}

/// A server that has one answer.
struct Answers(&'static str);

#[async_trait]
impl Client for Answers {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        Ok(Response::new(Bytes::from_static(self.0.as_bytes())))
    }
}
