//! A token in a header: the right one in any spelling, and no other.

use http::header::AUTHORIZATION;
use labgate_core::verify::{Coverage, Reason, StaticToken, Verifier as _};

use super::{Headers, secrets, sent, verdict};
use crate::words::second;

fn check(headers: Headers<'_>, expected: Result<usize, Reason>) {
    let tokens = secrets(&["new-token", "Bearer old-token"]);
    let verifier = StaticToken::new(AUTHORIZATION, &tokens).unwrap();
    for (body, now) in [(&b"{}"[..], 0), (b"anything", 1_785_859_200)] {
        let proof = verdict(&verifier, body, headers, second(now));
        let found = proof.map(|proof| (proof.secret_index, proof.message_id));
        assert_eq!(found, expected.map(|index| (index, None)), "{headers:?}");
    }
}

#[test]
fn a_token_is_known_with_and_without_its_scheme() {
    check(&[("authorization", "new-token")], Ok(0));
    check(&[("authorization", "Bearer new-token")], Ok(0));
    check(&[("authorization", "old-token")], Ok(1));
    check(&[("authorization", "Bearer old-token")], Ok(1));
    for scheme in ["bearer", "BEARER", "Bearer  "] {
        check(&[("authorization", &format!("{scheme} new-token"))], Ok(0));
    }
}

#[test]
fn any_other_value_is_refused() {
    check(&[], Err(Reason::MissingHeader));
    check(&[("x-authorization", "new-token")], Err(Reason::MissingHeader));
    for other in [
        "",
        "Bearer",
        "Bearer ",
        "new-toke",
        "new-token ",
        "new-tokens",
        "NEW-TOKEN",
        "Basic new-token",
    ] {
        check(&[("authorization", other)], Err(Reason::Mismatch));
    }
    let twice = [("authorization", "new-token"), ("authorization", "new-token")];
    check(&twice, Err(Reason::MalformedHeader));
}

#[test]
fn what_can_not_stand_in_a_header_is_no_token() {
    let error =
        StaticToken::new(AUTHORIZATION, &secrets(&["just-fine", "two\nlines"])).unwrap_err();
    assert_eq!(error.to_string(), "secrets[1]: expected a token of visible ASCII characters");
}

#[test]
fn a_scheme_makes_no_token_longer() {
    let error = StaticToken::new(AUTHORIZATION, &secrets(&["Bearer short"])).unwrap_err();
    assert_eq!(error.to_string(), "secrets[0]: expected a secret of at least 8 bytes");
}

#[test]
fn it_sends_its_first_token_and_admits_that_it_covers_nothing() {
    let verifier =
        StaticToken::new(AUTHORIZATION, &secrets(&["Bearer first-token", "second-token"])).unwrap();
    let signed = verifier.sign(&sent(b"{}"), "msg_1", second(0)).unwrap();
    assert_eq!(signed[AUTHORIZATION], "Bearer first-token");
    assert_eq!(verifier.covers(), Coverage { body: false, time: false });
    assert_eq!(verifier.secrets(), 2);
}
