//! A webhook that a vendor proves, and that says a great deal.

use std::{
    io::{Read as _, Write as _},
    net::SocketAddr,
};

use labgate_tests::{Home, Request};
use serde_json::{Value, json};

use crate::{attack::Stop, bodies::STRANGER, strangers::open};

const TOKEN: &str = "token-of-a-fhir-server-for-attacks";
/// As many as fit into the largest body that is taken.
const OBSERVATIONS: usize = 5_800;

pub(crate) fn home() -> Home {
    let fhir =
        format!("provider = \"fhir\"\nsignature = \"static_token\"\nsecrets = [\"{TOKEN}\"]");
    Home::new().with("plugins.fhir", &fhir)
}

/// Observations of one order, each a report of its own.
pub(crate) fn many_of_one_order(to: SocketAddr, begun: &dyn Fn(), stop: &Stop) {
    let entry = |number| {
        json!({ "resource": {
            "resourceType": "Observation", "id": format!("o-{number}"), "status": "final",
            "code": { "text": "Na" }, "basedOn": [{ "reference": "ServiceRequest/r" }],
            "valueString": "1",
        } })
    };
    let entries: Vec<Value> = (0..OBSERVATIONS).map(entry).collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
    let webhook = Request::post("/v1/webhooks/fhir", bundle.to_string())
        .header("content-type", "application/fhir+json")
        .header("authorization", format!("Bearer {TOKEN}"))
        .to_bytes();
    let mut stream = open(STRANGER, to);
    stream.set_nonblocking(false).unwrap();
    begun();
    stream.write_all(&webhook).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200", "what is proven is kept");
    let _ = stop.recv();
}
