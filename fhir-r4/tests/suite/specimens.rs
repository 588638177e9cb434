//! Specimens: what was examined, and in which condition.

use serde_json::{Value, json};

use super::{bundle, drift, observation, orders, report, reports, said, time};

fn sample(more: Value) -> Value {
    let base = json!({
        "resourceType": "Specimen", "id": "s1", "type": { "text": "Serum" }, "status": "available",
        "accessionIdentifier": { "system": "urn:lab", "value": "ACC-1" },
    });
    super::with(base, more)
}

#[test]
fn a_sample_is_told_in_full() {
    let full = sample(json!({
        "status": "unsatisfactory", "receivedTime": "2026-03-04T12:00:00Z",
        "condition": [{ "text": "Hemolyzed" }, { "coding": [{ "code": "LIP" }] }],
        "collection": { "collectedDateTime": "2026-03-04T08:00:00-05:00" },
        "note": [{ "text": "Please recollect." }],
    }));
    let notices =
        said(&bundle(&[report(json!({ "specimen": [{ "reference": "Specimen/s1" }] })), full]));
    assert!(drift(&notices).is_empty());
    let told = reports(&notices)[0];
    let expected = json!([{
        "id": "ACC-1", "kind": "Serum", "condition": ["unsatisfactory", "Hemolyzed", "LIP"],
        "collected_at": "2026-03-04T13:00:00Z", "received_at": "2026-03-04T12:00:00Z",
        "notes": ["Please recollect."],
    }]);
    assert_eq!(serde_json::to_value(&told.specimens).unwrap(), expected);
    assert_eq!(serde_json::to_value(&orders(&notices)[0].details.specimens).unwrap(), expected);
    assert_eq!(told.collected_at, Some(time("2026-03-04T13:00:00Z")));
}

#[test]
fn a_day_is_a_day() {
    let collected = |collection: Value| {
        let body = report(json!({ "specimen": [{ "reference": "Specimen/s1" }] }));
        let notices = said(&bundle(&[body, sample(json!({ "collection": collection }))]));
        let report = reports(&notices)[0];
        assert_eq!(report.collected_at, report.specimens[0].collected_at);
        assert_eq!(report.collected_on, report.specimens[0].collected_on);
        let day = report.collected_on.map(|day| day.to_string());
        (report.collected_at.is_some(), day, drift(&notices).join(" "))
    };
    let on = |day: &str| Some(day.to_owned());
    let day = json!({ "collectedDateTime": "2026-03-04" });
    assert_eq!(collected(day), (false, on("2026-03-04"), String::new()));
    let began = json!({ "collectedPeriod": { "start": "2026-03-03", "end": "2026-03-04" } });
    assert_eq!(collected(began), (false, on("2026-03-03"), String::new()));
    let month = json!({ "collectedDateTime": "2026-03" });
    assert_eq!(collected(month), (false, None, "Specimen.collection.collected".into()));
}

#[test]
fn samples_of_observations_are_the_reports() {
    let of = |id: &str| json!({ "specimen": { "reference": format!("Specimen/{id}") } });
    let second =
        sample(json!({ "id": "s2", "accessionIdentifier": null, "type": { "text": "EDTA" } }));
    let results = ["x1", "x2", "x3"].map(|id| json!({ "reference": format!("Observation/{id}") }));
    let body = bundle(&[
        report(json!({ "result": results })),
        observation("x1", of("s1")),
        observation("x2", of("s2")),
        observation("x3", of("s1")),
        sample(json!({})),
        second,
    ]);
    let notices = said(&body);
    let kinds: Vec<_> =
        reports(&notices)[0].specimens.iter().map(|it| it.kind.clone().unwrap()).collect();
    assert_eq!(kinds, ["Serum", "EDTA"]);
    assert!(drift(&notices).is_empty());
}

#[test]
fn a_sample_may_be_in_the_report_or_nowhere() {
    let inside = report(json!({
        "contained": [sample(json!({}))], "specimen": [{ "reference": "#s1" }],
    }));
    assert_eq!(reports(&said(&inside))[0].specimens[0].kind.as_deref(), Some("Serum"));
    let nowhere = report(json!({ "specimen": [
        { "reference": "Specimen/s1", "display": "Serum", "identifier": { "value": "ACC-1" } },
        { "reference": "Specimen/s2" },
    ] }));
    let expected = json!([{ "id": "ACC-1", "kind": "Serum" }]);
    assert_eq!(serde_json::to_value(&reports(&said(&nowhere))[0].specimens).unwrap(), expected);
}
