//! What an answer of a vendor's API means for the errand that asked.

use std::time::Duration;

use bytes::Bytes;
use http::{Response, header::RETRY_AFTER};
use labgate_core::{
    decode::Unreadable,
    errands::{ErrandError, Retry, SessionAway, Unreachable, accepted, followed},
};

fn answer(status: u16, retry_after: Option<&str>) -> Result<Bytes, ErrandError> {
    let mut response = Response::builder().status(status);
    if let Some(text) = retry_after {
        response = response.header(RETRY_AFTER, text);
    }
    accepted(response.body(Bytes::from_static(b"a body")).unwrap())
}

fn check(status: u16, retry_after: Option<&str>, expected: ErrandError, retry: Retry) {
    let error = answer(status, retry_after).unwrap_err();
    assert_eq!(error, expected, "{status}");
    assert_eq!(error.retry(), retry, "{status}");
}

#[test]
fn an_answer_is_a_2xx() {
    for status in [200, 201, 202, 204, 206] {
        assert_eq!(answer(status, None).unwrap(), "a body");
    }
}

#[test]
fn another_status_says_whether_to_ask_again() {
    let later = |seconds: u64| Some(Duration::from_secs(seconds));
    let again = |after| Retry::Later { after };
    check(401, None, ErrandError::Refused, Retry::AfterAChange);
    check(403, None, ErrandError::Refused, Retry::AfterAChange);
    check(404, None, ErrandError::NotFound, again(None));
    check(408, None, ErrandError::Unreachable, again(None));
    check(429, None, ErrandError::Throttled { retry_after: None }, again(None));
    check(429, Some("17"), ErrandError::Throttled { retry_after: later(17) }, again(later(17)));
    check(429, Some("soon"), ErrandError::Throttled { retry_after: None }, again(None));
    check(500, None, ErrandError::Failing { retry_after: None }, again(None));
    check(503, Some("60"), ErrandError::Failing { retry_after: later(60) }, again(later(60)));
    for status in [302, 400, 410, 422] {
        check(status, None, ErrandError::Unexpected { status }, Retry::AfterAChange);
    }
}

#[test]
fn an_address_that_was_given_runs_out() {
    let answer = |status: u16| {
        followed(Response::builder().status(status).body(Bytes::from_static(b"a body")).unwrap())
    };
    assert_eq!(answer(200).unwrap(), "a body");
    for status in [401, 403, 404] {
        let error = answer(status).unwrap_err();
        assert_eq!(error, ErrandError::Expired, "{status}");
        assert_eq!(error.retry(), Retry::Later { after: None }, "{status}");
    }
    assert_eq!(answer(500).unwrap_err(), ErrandError::Failing { retry_after: None });
}

#[test]
fn no_answer_is_worth_another_try_and_an_unreadable_one_is_not() {
    let error = ErrandError::from(Unreachable);
    assert_eq!(error.retry(), Retry::Later { after: None });
    let error = ErrandError::from(Unreadable::at("entry[0]", "expected an object"));
    assert_eq!(error.retry(), Retry::AfterAChange);
    assert_eq!(error.to_string(), "entry[0]: expected an object");
}

#[test]
fn an_errand_without_tokens_says_who_must_act() {
    assert_eq!(ErrandError::NotConnected.retry(), Retry::AfterAChange);
    let away = ErrandError::from(SessionAway);
    assert_eq!(away.retry(), Retry::Later { after: None });
}
