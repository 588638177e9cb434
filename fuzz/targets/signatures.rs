//! Headers of a sender who knows no secret: none proves it, and none makes a verifier panic.
//!
//! An input is what follows the request line of HTTP: headers, an empty line, and a body.

#![no_main]

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use labgate_core::RawRequest;
use labgate_fuzz::{NOW, Sender, senders};
use libfuzzer_sys::fuzz_target;

/// Every provider, and FHIR once more, since it leaves the scheme to the operator.
static SENDERS: LazyLock<Vec<Sender>> = LazyLock::new(|| {
    let providers = labgate::providers::all();
    let fhir = providers.iter().find(|provider| provider.kind == "fhir");
    let by_hmac = fhir.map(|fhir| Sender::of(fhir, &[("signature", "body_hmac")]));
    senders().into_iter().chain(by_hmac).collect()
});

fuzz_target!(|input: &[u8]| {
    let request = parse(input);
    for Sender { plugin, .. } in SENDERS.iter() {
        let proof = plugin.provider.verify(&request, NOW);
        assert!(proof.is_err(), "{} believes a stranger", plugin.name);
        for method in [Method::GET, Method::POST] {
            let request = RawRequest { method, ..request.clone() };
            let _reply = plugin.provider.handshake(&request);
        }
    }
});

/// Leaves out what is no header.
fn parse(input: &[u8]) -> RawRequest {
    let mut headers = HeaderMap::new();
    let mut rest = input;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let line = &rest[..end];
        rest = &rest[end + 1..];
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    RawRequest { headers, ..RawRequest::post("/v1/webhooks/fuzz", rest.to_vec()) }
}
