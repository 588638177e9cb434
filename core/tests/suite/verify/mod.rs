//! Who is let in, who is turned away, and the reason that the operator sees.

mod body_hmac;
mod own;
mod prove;
mod rotation;
mod standard_webhooks;
mod standard_webhooks_headers;
mod static_token;
mod tampering;
mod timestamped_hmac;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use labgate_core::{
    RawRequest, Secret, Secrets,
    verify::{BodyHmac, Proof, Reason, Refusal, StandardWebhooks, TimestampedHmac, Verifier},
};
use sha2::Sha256;

/// Header names and values, repetitions included.
type Headers<'a> = &'a [(&'static str, &'a str)];

fn secrets(texts: &[&str]) -> Secrets {
    let secrets = texts.iter().map(|text| Secret::new(*text).unwrap());
    Secrets::new(secrets.collect::<Vec<_>>()).unwrap()
}

fn header_map(headers: Headers<'_>) -> HeaderMap {
    let header = |&(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    headers.iter().map(header).collect()
}

fn request(body: &[u8], headers: HeaderMap) -> RawRequest {
    RawRequest { headers, ..sent(body) }
}

/// `body` as it is sent, without any signature.
fn sent(body: &[u8]) -> RawRequest {
    RawRequest::post("/v1/webhooks/plugin", body.to_vec())
}

/// What a refusal to prove gave as its reason.
fn reason_of(refusal: Refusal) -> Reason {
    match refusal {
        Refusal::NotProven(reason) => reason,
        Refusal::Misconfigured(problem) => panic!("misconfigured: {problem}"),
    }
}

fn verdict(
    verifier: &dyn Verifier,
    body: &[u8],
    headers: Headers<'_>,
    now: Timestamp,
) -> Result<Proof, Reason> {
    verifier.verify(&request(body, header_map(headers)), now).map_err(reason_of)
}

/// HMAC-SHA256, computed apart from the code under test.
fn mac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

const FIRST: &str = "whsec_plJ3nmyCDGBKInavdOK15jsl";
const SECOND: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// Builds a verifier from secrets of the form of [`FIRST`].
type Scheme = fn(&Secrets) -> Box<dyn Verifier>;

/// Every scheme whose proof covers the body.
const SCHEMES: [Scheme; 3] = [
    |secrets| Box::new(StandardWebhooks::new(secrets).unwrap()),
    |secrets| Box::new(TimestampedHmac::new("x-signature", secrets)),
    |secrets| Box::new(BodyHmac::new(&["x-signature", "x-signature-256"], secrets)),
];
