//! Requests, secrets and what is said of a body that can't be read.

use http::{HeaderMap, Method, header::AUTHORIZATION};
use labgate_core::{
    RawRequest, Secret, Secrets, VerifiedRequest,
    decode::{Reader, Shape},
    verify::{BodyHmac, StandardWebhooks, StaticToken, TimestampedHmac, Verifier as _},
};

use super::check;
use crate::words::minute;

fn request() -> RawRequest {
    let mut headers = HeaderMap::new();
    for name in ["authorization", "svix-signature", "x-patient", "user-agent"] {
        headers.insert(name, "Bearer secret-canary".parse().unwrap());
    }
    let body = br#"{"patient":"Zephyrine","dob":"1961-11-23"}"#;
    let (path, query) = ("/v1/Zephyrine".into(), "token=secret-canary".into());
    RawRequest { method: Method::POST, path, query, headers, body: body.as_slice().into() }
}

fn secrets(texts: &[&str]) -> Secrets {
    let secrets = texts.iter().map(|text| Secret::new(*text).unwrap());
    Secrets::new(secrets.collect::<Vec<_>>()).unwrap()
}

#[test]
fn requests_do_not_print_what_was_sent() {
    let mut request = request();
    check(&request);
    let verifier = BodyHmac::new(&["x-signature"], &secrets(&["secret-canary"]));
    request.headers.extend(verifier.sign(&request, "msg_1", minute(0)).unwrap());
    let kept = ["authorization", "x-patient"];
    check(&VerifiedRequest::prove(&request, &verifier, &kept, minute(0)).unwrap());
    let refusal = VerifiedRequest::prove(&self::request(), &verifier, &kept, minute(0));
    check(&refusal.unwrap_err());
}

#[test]
fn secrets_are_never_printed() {
    let all = secrets(&["secret-canary", "c2VjcmV0LWNhbmFyeQ=="]);
    check(&all);
    check(&TimestampedHmac::new("x-signature", &all));
    check(&BodyHmac::new(&["x-signature"], &all));
    check(&StaticToken::new(AUTHORIZATION, &all).unwrap());
    check(&StandardWebhooks::new(&secrets(&["c2VjcmV0LWNhbmFyeQ=="])).unwrap());
    let error = StandardWebhooks::new(&all).unwrap_err();
    check(&error);
    check(&error.to_string());
}

#[test]
fn errors_name_the_field_and_not_its_content() {
    for body in [
        r#"{"born":"Zephyrine"}"#,
        r#"{"Zephyrine":1}"#,
        r#"{"born":Zephyrine}"#,
        r#"{"born":"1961-11-23"}"#,
        r#""Zephyrine""#,
        r#"["Zephyrine"]"#,
    ] {
        let mut reader = Reader::default();
        let error =
            reader.read::<Born>("data", body.as_bytes(), Shape::default()).map(|_| ()).unwrap_err();
        check(&error);
        check(&error.to_string());
        check(&reader);
    }
}

/// Whom no calendar date fits.
#[derive(serde::Deserialize)]
struct Born {
    #[expect(dead_code, reason = "only its reading is under test")]
    born: u16,
}
