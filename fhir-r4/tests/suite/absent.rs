//! Values that are absent, withdrawn or still to come: never a null without a reason.

use labgate_core::{
    Phi,
    model::{Interpretation, MissingResult, ObservationStatus},
};
use serde_json::{Value, json};

use super::{drift, observation, report, reports, said, with};

const REASON: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// What is missing of a report of one observation `body`, which has no value.
fn missing(body: Value) -> Vec<MissingResult> {
    let notices = said(&report(json!({ "contained": [body] })));
    let report = reports(&notices)[0].clone();
    assert!(report.observations.is_empty(), "{:?}", report.observations.len());
    assert!(!report.is_critical());
    report.missing
}

fn empty(more: Value) -> Value {
    with(observation("x1", json!({ "valueQuantity": null })), more)
}

fn notes(missing: &MissingResult) -> Vec<&str> {
    missing.notes.iter().map(|note| note.expose().as_str()).collect()
}

#[test]
fn what_is_absent_is_missing_with_all_that_is_said_of_it() {
    let coding = json!({ "system": "http://loinc.org", "code": "2823-3", "display": "Potassium" });
    let body = empty(json!({
        "code": { "coding": [coding], "text": "K" },
        "dataAbsentReason": { "coding": [{ "code": "not-performed", "display": "Not Performed" }] },
        "note": [{ "text": "Grossly hemolyzed" }, { "text": "Please recollect" }],
    }));
    let missing = missing(body);
    assert_eq!((missing.len(), missing[0].name.as_str()), (1, "K"));
    assert_eq!(missing[0].reason.as_deref(), Some("Not Performed"));
    assert_eq!(notes(&missing[0]), ["Grossly hemolyzed", "Please recollect"]);
    let code = missing[0].code.as_ref().unwrap();
    assert_eq!((code.loinc.as_deref(), code.codings.len()), (Some("2823-3"), 1));
}

#[test]
fn an_extension_says_why_wherever_it_stands() {
    let masked = json!([{ "url": REASON, "valueCode": "masked" }]);
    let beside = json!({ "extension": [{ "url": "urn:x", "valueCode": "no" }, masked[0]] });
    let extended = json!({ "extension": masked });
    let flavored = json!({ "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/iso21090-nullFlavor", "valueCode": "masked",
    }] });
    for value in [
        json!({ "valueQuantity": extended }),
        json!({ "valueQuantity": beside }),
        json!({ "valueQuantity": { "unit": "mg/dL", "_value": extended } }),
        json!({ "valueCodeableConcept": extended }),
        json!({ "valueCodeableConcept": { "_text": extended } }),
        json!({ "valueCodeableConcept": { "coding": [extended] } }),
        json!({ "valueCodeableConcept": { "coding": [{ "system": "urn:lab", "_code": beside }] } }),
        json!({ "valueRange": { "low": extended } }),
        json!({ "valueRatio": { "numerator": { "_value": extended }, "denominator": {} } }),
        json!({ "valueRatio": extended }),
        json!({ "valueSampledData": extended }),
        json!({ "valuePeriod": extended }),
        json!({ "_valueString": extended }),
        json!({ "_valueBoolean": beside }),
        json!({ "_valueInteger": extended }),
        json!({ "_valueTime": extended }),
        json!({ "valueDateTime": null, "_valueDateTime": extended }),
        json!({ "dataAbsentReason": extended }),
        json!({ "_valueInteger": flavored }),
    ] {
        let missing = missing(empty(value.clone()));
        assert_eq!(missing[0].reason.as_deref(), Some("masked"), "{value}");
        let part = with(json!({ "code": { "text": "part" } }), value.clone());
        let missing = self::missing(empty(json!({ "component": [part] })));
        assert_eq!(missing[0].reason.as_deref(), Some("masked"), "{value}");
    }
    // Beside words it explains them, and hides nothing.
    let body = empty(json!({ "valueString": "TNP", "_valueString": extended }));
    let notices = said(&report(json!({ "contained": [body] })));
    let found = &reports(&notices)[0].observations[0];
    assert_eq!(found.absent_reason.as_deref(), Some("masked"));
    assert!(found.value.is_some());
}

#[test]
fn nothing_at_all_is_missing_and_seen() {
    for value in [json!({}), json!({ "valueString": "" }), json!({ "valueQuantity": null })] {
        let notices = said(&report(json!({ "contained": [empty(value)] })));
        let report = reports(&notices)[0];
        assert!(report.observations.is_empty());
        assert_eq!(report.missing[0].name, "x1");
        assert_eq!(drift(&notices), ["Observation.value[x]"]);
    }
    // A remark is all that some of them are for.
    let remark = empty(json!({ "note": [{ "text": "See the attached letter" }] }));
    let notices = said(&report(json!({ "contained": [remark] })));
    let found = &reports(&notices)[0].observations[0];
    assert_eq!(found.notes, Some(Phi::new("See the attached letter".into())));
    assert!(drift(&notices).is_empty());
}

#[test]
fn a_judgement_of_what_is_absent_is_kept() {
    let body = empty(json!({
        "dataAbsentReason": { "text": "Above the instrument's range" },
        "interpretation": [{ "coding": [{ "code": "HH" }] }],
        "note": [{ "text": "Called" }],
    }));
    let notices = said(&report(json!({ "contained": [body] })));
    let report = reports(&notices)[0];
    assert!(report.is_critical() && report.missing.is_empty());
    let found = &report.observations[0];
    assert_eq!((&found.value, found.interpretation), (&None, Interpretation::CriticalHigh));
    assert_eq!(found.absent_reason.as_deref(), Some("Above the instrument's range"));
    assert_eq!(found.notes, Some(Phi::new("Called".into())));
}

#[test]
fn what_is_withdrawn_is_missing_and_never_alarms() {
    for status in ["cancelled", "entered-in-error"] {
        let body = observation(
            "x1",
            json!({
                "status": status, "interpretation": [{ "coding": [{ "code": "HH" }] }],
                "note": [{ "text": "Wrong tube" }],
                "component": [{ "code": { "text": "part" }, "valueInteger": 9 }],
            }),
        );
        let missing = missing(body);
        let told: Vec<_> =
            missing.iter().map(|it| (it.name.as_str(), it.reason.as_deref())).collect();
        assert_eq!(told, [("x1", Some(status)), ("part", Some(status))]);
        assert_eq!(notes(&missing[0]), ["Wrong tube"]);
    }
    // Where nothing was measured, words in the place of the value say why.
    let words = json!({ "status": "cancelled", "valueString": "TNP: hemolyzed" });
    assert_eq!(notes(&missing(empty(words))[0]), ["TNP: hemolyzed"]);
    let taken_back = json!({ "status": "entered-in-error", "valueString": "7.9" });
    assert!(notes(&missing(empty(taken_back))[0]).is_empty());
}

#[test]
fn every_value_has_its_status() {
    let check = |word: &str, expected: ObservationStatus, known: bool| {
        let body = report(json!({ "contained": [observation("x1", json!({ "status": word }))] }));
        let notices = said(&body);
        let found = &reports(&notices)[0].observations[0];
        assert_eq!(found.status, Some(expected), "{word}");
        assert_eq!((found.absent_reason.is_none(), notices.drift.is_empty()), (true, known));
    };
    check("registered", ObservationStatus::Preliminary, true);
    check("preliminary", ObservationStatus::Preliminary, true);
    check("final", ObservationStatus::Final, true);
    check("amended", ObservationStatus::Amended, true);
    check("corrected", ObservationStatus::Corrected, true);
    check("unknown", ObservationStatus::Unknown, true);
    check("revised", ObservationStatus::Unknown, false);
    let part = json!([{ "code": { "text": "part" }, "valueInteger": 1 }]);
    let body = empty(json!({ "status": "corrected", "component": part }));
    let notices = said(&report(json!({ "contained": [body] })));
    let found = &reports(&notices)[0].observations[0];
    assert_eq!(
        (found.code.name.as_str(), found.status),
        ("part", Some(ObservationStatus::Corrected))
    );
}

#[test]
fn a_value_that_is_to_come_is_not_missing() {
    for word in ["registered", "preliminary"] {
        let notices = said(&report(json!({ "contained": [empty(json!({ "status": word }))] })));
        let report = reports(&notices)[0];
        let found = &report.observations[0];
        assert_eq!((&found.value, found.absent_reason.as_deref()), (&None, Some(word)));
        assert_eq!(found.status, Some(ObservationStatus::Preliminary));
        assert!(report.missing.is_empty() && notices.drift.is_empty());
    }
}
