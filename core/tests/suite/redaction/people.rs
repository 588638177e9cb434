//! Notices about a person who does not exist, with a canary in every field that tells of her.

use labgate_core::notice::{AppointmentNotice, OrderNotice, ReportNotice};
use serde_json::{Value, json};

use crate::words::minute;

pub(super) fn patient() -> Value {
    let name = "Zephyrine";
    json!({
        "provider_patient_id": name, "reference": name, "first_name": name, "last_name": name,
        "birth_date": "1961-11-23", "gender": name, "email": name, "phone": name,
        "address": address(),
    })
}

fn address() -> Value {
    let line = "1 Canary Lane";
    json!({
        "first_line": line, "second_line": line, "city": line, "state": line,
        "postal_code": line, "country": line, "access_notes": line,
    })
}

pub(super) fn order_notice() -> OrderNotice {
    let parcel = json!({"tracking_number": "Canary Lane", "tracking_url": "Canary Lane"});
    serde_json::from_value(json!({
        "provider_order_id": "order-1", "topic": "order", "stated_at": minute(0),
        "entries": [{"at": minute(0), "status": "failed", "reason": "haemolysed-canary"}],
        "details": {"patient": patient(), "shipment": {"outbound": parcel, "inbound": parcel}},
    }))
    .unwrap()
}

pub(super) fn appointment_notice() -> AppointmentNotice {
    serde_json::from_value(json!({
        "provider_appointment_id": "appointment-1", "provider_order_id": "order-1",
        "topic": "appointment", "stated_at": minute(0),
        "entries": [{"at": minute(0), "status": "cancelled", "reason": "haemolysed-canary"}],
        "details": {
            "provider_order_id": "order-1", "address": address(),
            "location": {"latitude": "73.1973", "longitude": "73.1973"},
            "confirmation_code": "Zephyrine",
        },
    }))
    .unwrap()
}

pub(super) fn report_notice() -> ReportNotice {
    let quantity = json!({"type": "quantity", "value": "73.1973"});
    let range = json!({"type": "range", "low": "73.1973", "high": "73.1973"});
    let text = json!({"type": "text", "text": "POSITIVE-CANARY"});
    let coded = json!({"type": "coded", "code": "POSITIVE-CANARY"});
    let found = |value| {
        json!({
            "code": {"name": "Glucose"}, "value": value, "interpretation": "unknown",
            "reference_range": {"low": "73.1973", "high": "73.1973"},
            "notes": "haemolysed-canary",
        })
    };
    serde_json::from_value(json!({
        "provider_order_id": "order-1", "status": "final", "critical": false,
        "reported_at": minute(0), "missing": [], "documents": [],
        "observations": [found(quantity), found(range), found(text), found(coded)],
    }))
    .unwrap()
}
