//! What is generated is what the gateway accepts.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use labgate::intake;
use labgate_core::{Notice, RawRequest};

use super::Vendors;
use crate::{
    signer::Signer,
    webhook::{Kind, Webhook},
};

fn raw(webhook: &Webhook) -> RawRequest {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut request = httparse::Request::new(&mut headers);
    let head = request.parse(webhook.request()).unwrap().unwrap();
    let body = &webhook.request()[head..];
    assert_eq!(body, webhook.body());
    let mut map = HeaderMap::new();
    for header in request.headers.iter() {
        let name: HeaderName = header.name.parse().unwrap();
        map.append(name, HeaderValue::from_bytes(header.value).unwrap());
    }
    assert_eq!(map["content-length"], body.len().to_string());
    RawRequest {
        method: Method::POST,
        path: request.path.unwrap().into(),
        query: String::new(),
        headers: map,
        body: body.to_vec().into(),
    }
}

/// What makes a gateway that reads `webhook` know it again, and whether it is of the kind that it
/// claims to be.
fn read(signer: &Signer, webhook: &Webhook) -> String {
    let plugin = signer.plugin(webhook.kind);
    let request = plugin.provider.verify(&raw(webhook), Timestamp::now()).unwrap();
    let arrival = intake::read(plugin, request);
    let said = arrival.notices.unwrap();
    assert_eq!(said.drift, BTreeSet::new(), "{:?}", webhook.kind);
    let event_type = arrival.event_type.unwrap();
    let (expected, tells): (_, fn(&Notice) -> bool) = match webhook.kind {
        Kind::NewOrder => ("labtest.order.created", |notice| matches!(notice, Notice::Order(_))),
        Kind::UpdatedOrder => {
            ("labtest.order.updated", |notice| matches!(notice, Notice::Order(_)))
        }
        Kind::Result => (
            "labtest.result.ready",
            |notice| matches!(notice, Notice::Report(report) if report.observations.len() == 30),
        ),
        Kind::Appointment => {
            ("labtest.appointment.", |notice| matches!(notice, Notice::Appointment(_)))
        }
        Kind::Fullscript => ("", |notice| matches!(notice, Notice::Order(_))),
    };
    assert!(event_type.as_str().starts_with(expected), "{event_type:?}");
    assert!(said.notices.iter().any(tells), "{:?}", webhook.kind);
    arrival.dedupe_key
}

#[test]
fn a_gateway_accepts_each_as_what_it_is() {
    let (signer, _) = Signer::draw();
    let webhooks = Vendors::new(7, signer.clone()).next(4000);
    assert_eq!(webhooks.len(), 4000);
    let mut keys = HashSet::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for webhook in &webhooks {
        let known = !keys.insert(read(&signer, webhook));
        assert_eq!(known, webhook.is_repeated, "{:?}", webhook.kind);
        let kind = if known { "repeated".into() } else { format!("{:?}", webhook.kind) };
        *kinds.entry(kind).or_default() += 1;
    }
    for (kind, percent) in [
        ("NewOrder", 30),
        ("UpdatedOrder", 35),
        ("Result", 15),
        ("Fullscript", 10),
        ("Appointment", 5),
        ("repeated", 5),
    ] {
        let share = kinds[kind] * 100 / webhooks.len();
        assert!(share.abs_diff(percent) <= 2, "{share} % {kind}");
    }
}

#[test]
fn a_seed_makes_the_same_bodies() {
    let bodies = |seed| {
        let mut vendors = Vendors::new(seed, Signer::draw().0);
        let rounds = [vendors.next(400), vendors.next(400)].concat();
        rounds.iter().map(|webhook| webhook.body().to_vec()).collect::<Vec<_>>()
    };
    assert_eq!(bodies(1), bodies(1));
    assert_ne!(bodies(1), bodies(2));
}
