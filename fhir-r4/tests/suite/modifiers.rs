//! What may turn a meaning around is refused, wherever it stands.

use serde_json::{Value, json};

use super::{NAME, bundle, drift, observation, refused, report, reports, said, with};

fn modifier() -> Value {
    json!([{ "url": format!("urn:{NAME}"), "valueString": NAME }])
}

#[test]
fn every_resource_that_is_read_is_refused_with_its_modifier() {
    let ruled = json!({ "implicitRules": format!("urn:{NAME}") });
    let negated = json!({ "modifierExtension": modifier() });
    for kind in [
        "Appointment",
        "DiagnosticReport",
        "Observation",
        "Organization",
        "Patient",
        "Practitioner",
        "ServiceRequest",
        "Specimen",
    ] {
        for (more, field) in [(&negated, "modifierExtension"), (&ruled, "implicitRules")] {
            let body = with(json!({ "resourceType": kind, "id": "x1" }), more.clone());
            let expected = format!("{kind}.{field}: may turn the meaning around");
            let holder = report(json!({ "contained": [body] }));
            assert_eq!(refused(&body.to_string()), expected);
            assert_eq!(refused(&bundle(&[report(json!({})), body]).to_string()), expected);
            assert_eq!(refused(&holder.to_string()), expected);
        }
    }
    for more in [&negated, &ruled] {
        let body = with(bundle(&[report(json!({}))]), more.clone());
        assert!(refused(&body.to_string()).ends_with(": may turn the meaning around"));
    }
}

#[test]
fn a_modifier_is_found_at_any_depth() {
    let modified = |mut body: Value, pointer: &str| {
        body.pointer_mut(pointer).unwrap()["modifierExtension"] = modifier();
        let kind = body["resourceType"].as_str().unwrap().to_owned();
        let expected = format!("{kind}.**.modifierExtension: may turn the meaning around");
        assert_eq!(refused(&body.to_string()), expected, "{pointer}");
        assert_eq!(refused(&body.to_string().replace("modifierE", "modifier\\u0045")), expected);
        if kind != "Bundle" {
            assert_eq!(refused(&report(json!({ "contained": [body] })).to_string()), expected);
        }
    };
    let found = observation(
        "x1",
        json!({
            "component": [{ "code": { "text": "part" }, "valueInteger": 1, "referenceRange": [{}] }],
            "referenceRange": [{ "high": { "value": 5.7 } }],
            "interpretation": [{ "coding": [{ "code": "H" }] }],
            "note": [{ "text": "x" }], "device": { "display": "x" },
        }),
    );
    for pointer in [
        "/code",
        "/valueQuantity",
        "/component/0",
        "/component/0/referenceRange/0",
        "/referenceRange/0",
        "/referenceRange/0/high",
        "/interpretation/0/coding/0",
        "/note/0",
        "/device",
    ] {
        modified(found.clone(), pointer);
    }
    let sample = json!({ "resourceType": "Specimen", "collection": {}, "container": [{}] });
    modified(sample.clone(), "/collection");
    modified(sample, "/container/0");
    modified(bundle(&[report(json!({}))]), "/entry/0");
    let searched = json!({
        "resourceType": "Bundle", "entry": [{ "resource": report(json!({})), "search": {} }],
    });
    modified(searched, "/entry/0/search");
}

#[test]
fn no_modifier_is_none_and_what_says_nothing_may_have_one() {
    let none = json!({ "modifierExtension": [], "implicitRules": null });
    let part = with(
        json!({ "code": { "text": "x" }, "valueInteger": 1 }),
        json!({ "modifierExtension": null }),
    );
    let body = observation("x1", json!({ "component": [part], "referenceRange": [none] }));
    let notices = said(&report(with(none, json!({ "contained": [body] }))));
    assert_eq!(reports(&notices).len(), 1);
    let negated = json!({ "modifierExtension": modifier(), "contained": [{
        "resourceType": "Patient", "modifierExtension": modifier(),
    }] });
    for kind in ["Encounter", "Location"] {
        let foreign = with(json!({ "resourceType": kind, "id": "1" }), negated.clone());
        let notices = said(&bundle(&[report(json!({})), foreign]));
        assert_eq!(reports(&notices).len(), 1);
        assert!(drift(&notices).is_empty());
    }
    // A key of that name inside a text is only a text.
    let text =
        observation("x1", json!({ "note": [{ "text": "modifierExtension, implicitRules" }] }));
    let notices = said(&report(json!({ "contained": [text] })));
    assert_eq!(reports(&notices)[0].observations.len(), 1);
}
