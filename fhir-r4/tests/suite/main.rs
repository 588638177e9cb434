//! FHIR R4 in our words: every vocabulary, every kind of value, and bodies that nobody should send.

#![expect(clippy::unwrap_used, reason = "what can't be set up has failed")]

mod absent;
mod elements;
mod history;
mod hostile;
mod judgements;
mod leaves;
mod loose;
mod modifiers;
mod orders;
mod panels;
mod people;
mod ranges;
mod reports;
mod resolving;
mod specimens;
mod values;
mod versions;

use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice, Notices,
    decode::Unreadable,
    model::Observation,
    notice::{AppointmentNotice, OrderNotice, ReportNotice},
};
use labgate_fhir_r4::{Context, Resources};
use serde_json::{Value, json};

/// A patient's name, for bodies that can't be read.
const NAME: &str = "Jordan Avery";

const ARRIVED: &str = "2026-11-21T12:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn read(body: &str, order: Option<&str>) -> Result<Notices, Unreadable> {
    let order = order.map(|order| Identifier::new(order).unwrap());
    Resources::read(body.as_bytes(), "")?.notices(&Context {
        received_at: time(ARRIVED),
        order,
        report: None,
    })
}

fn said(body: &Value) -> Notices {
    read(&body.to_string(), None).unwrap()
}

/// What an observation with `fields` becomes; `fields` is text, since digits matter.
fn notices(fields: &str) -> Notices {
    let body = format!(
        r#"{{"resourceType":"Observation","id":"x1","status":"final","code":{{"text":"Glucose"}},
            "basedOn":[{{"reference":"ServiceRequest/o1"}}],{fields}}}"#
    );
    read(&body, None).unwrap()
}

/// Why `body` can't be read; the words of [`NAME`] must not be in it.
fn refused(body: &str) -> String {
    let error = read(body, None).err().unwrap().to_string();
    assert!(!error.contains("Jordan") && !error.contains("Avery"), "{error}");
    error
}

fn drift(notices: &Notices) -> Vec<&str> {
    notices.drift.iter().map(String::as_str).collect()
}

fn reports(notices: &Notices) -> Vec<&ReportNotice> {
    let all = notices.notices.iter();
    all.filter_map(|notice| match notice {
        Notice::Report(report) => Some(&**report),
        Notice::Order(_) | Notice::Appointment(_) | Notice::Fetch(_) => None,
    })
    .collect()
}

fn orders(notices: &Notices) -> Vec<&OrderNotice> {
    let all = notices.notices.iter();
    all.filter_map(|notice| match notice {
        Notice::Order(order) => Some(&**order),
        Notice::Report(_) | Notice::Appointment(_) | Notice::Fetch(_) => None,
    })
    .collect()
}

fn appointments(notices: &Notices) -> Vec<&AppointmentNotice> {
    let all = notices.notices.iter();
    all.filter_map(|notice| match notice {
        Notice::Appointment(appointment) => Some(&**appointment),
        Notice::Report(_) | Notice::Order(_) | Notice::Fetch(_) => None,
    })
    .collect()
}

/// References of the fetches that are asked for.
fn fetches(notices: &Notices) -> Vec<&str> {
    let all = notices.notices.iter();
    all.filter_map(|notice| match notice {
        Notice::Fetch(fetch) => Some(fetch.reference.as_str()),
        Notice::Report(_) | Notice::Order(_) | Notice::Appointment(_) => None,
    })
    .collect()
}

fn names(observations: &[Observation]) -> Vec<&str> {
    observations.iter().map(|found| found.code.name.as_str()).collect()
}

/// `base` with the fields of `more` over it.
fn with(mut base: Value, more: Value) -> Value {
    let fields = more.as_object().unwrap().clone();
    base.as_object_mut().unwrap().extend(fields);
    base
}

fn bundle(resources: &[Value]) -> Value {
    let entry = |resource: &Value| {
        let address = format!(
            "https://fhir.test/{}/{}",
            resource["resourceType"].as_str().unwrap(),
            resource["id"].as_str().unwrap_or("none"),
        );
        json!({ "fullUrl": address, "resource": resource })
    };
    let entries: Vec<Value> = resources.iter().map(entry).collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "total": 1, "entry": entries })
}

fn observation(id: &str, more: Value) -> Value {
    let base = json!({
        "resourceType": "Observation", "id": id, "status": "final", "code": { "text": id },
        "valueQuantity": { "value": 1, "unit": "mg/dL" },
    });
    with(base, more)
}

fn report(more: Value) -> Value {
    let base = json!({
        "resourceType": "DiagnosticReport", "id": "r1", "status": "final",
        "basedOn": [{ "reference": "ServiceRequest/o1" }],
        "issued": "2026-03-05T10:00:00.000Z", "conclusion": "Nothing unusual.",
    });
    with(base, more)
}
