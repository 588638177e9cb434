//! Observations that come without a report.

use labgate_core::{Identifier, model::ReportStatus};
use labgate_fhir_r4::{Context, Resources};
use serde_json::{Value, json};

use super::{ARRIVED, bundle, drift, names, observation, read, report, reports, said, time, with};

#[test]
fn an_observation_without_a_report_is_a_partial_one_of_its_order() {
    let of =
        |order: &str| json!({ "basedOn": [{ "reference": format!("ServiceRequest/{order}") }] });
    let check = |status: &str, expected: ReportStatus| {
        let notices = said(&with(observation("x1", of("o1")), json!({ "status": status })));
        let report = reports(&notices)[0];
        assert_eq!((report.status, report.provider_status.as_deref()), (expected, Some(status)));
    };
    check("registered", ReportStatus::Partial);
    check("preliminary", ReportStatus::Partial);
    check("final", ReportStatus::Partial);
    check("amended", ReportStatus::Amended);
    check("corrected", ReportStatus::Corrected);
    check("cancelled", ReportStatus::Partial);
    check("entered-in-error", ReportStatus::Partial);
    check("unknown", ReportStatus::Unknown);
    check("revised", ReportStatus::Unknown);

    let notices = said(&bundle(&[
        observation("x1", of("o1")),
        observation("x2", of("o2")),
        with(observation("x3", of("o1")), json!({ "issued": "2026-03-05T10:00:00Z" })),
    ]));
    let found: Vec<_> = reports(&notices)
        .into_iter()
        .map(|report| (report.provider_order_id.as_str(), names(&report.observations)))
        .collect();
    assert_eq!(found, [("o1", vec!["x1"]), ("o1", vec!["x3"]), ("o2", vec!["x2"])]);
    assert_eq!(reports(&notices)[1].reported_at, time("2026-03-05T10:00:00Z"));
    // A later version of one of them replaces that one alone.
    let ids = reports(&notices).into_iter().map(|report| report.provider_report_id.clone());
    let expected = ["Observation/x1", "Observation/x3", "Observation/x2"];
    assert_eq!(ids.collect::<Vec<_>>(), expected.map(Identifier::new));
}

#[test]
fn an_observation_of_no_order_counts_if_a_lab_made_it() {
    let of = |category: &str| {
        let system = "http://terminology.hl7.org/CodeSystem/observation-category";
        let category = json!([{ "coding": [{ "system": system, "code": category }] }]);
        said(&observation("x1", json!({ "category": category })))
    };
    let lab = of("laboratory");
    assert_eq!(reports(&lab)[0].provider_order_id.as_str(), "Observation/x1");
    let pulse = of("vital-signs");
    assert!(pulse.notices.is_empty());
    assert_eq!(drift(&pulse), ["Observation.basedOn"]);
    let fetched = read(&observation("x1", json!({})).to_string(), Some("item-9")).unwrap();
    assert_eq!(reports(&fetched)[0].provider_order_id.as_str(), "item-9");
}

#[test]
fn what_stands_beside_a_report_is_no_version_of_it() {
    let told = |resources: &[Value]| {
        let context = Context {
            received_at: time(ARRIVED),
            order: Identifier::new("item-9"),
            report: Identifier::new("result-9"),
        };
        let body = bundle(resources).to_string();
        let notices = Resources::read(body.as_bytes(), "").unwrap().notices(&context).unwrap();
        let told: Vec<_> = reports(&notices)
            .into_iter()
            .map(|report| (report.provider_report_id.clone(), names(&report.observations).len()))
            .collect();
        (told, drift(&notices).len())
    };
    let lab = json!({ "category": [{ "coding": [{ "code": "laboratory" }] }] });
    let body = [
        report(json!({ "result": [{ "reference": "Observation/x1" }] })),
        observation("x1", json!({})),
        observation("x2", lab),
        observation("pulse", json!({})),
    ];
    let (result, stray) = (Identifier::new("result-9"), Identifier::new("Observation/x2"));
    assert_eq!(told(&body), (vec![(result.clone(), 1), (stray, 1)], 1));
    // Observations alone are the report.
    assert_eq!(told(&body[1..]), (vec![(result, 3)], 0));
}

/// Whether an observation with `fields` is a result, and where it says what is not known.
fn check_result(fields: Value, expected: bool, places: &[&str]) {
    let notices = said(&observation("x1", fields.clone()));
    assert_eq!(!notices.notices.is_empty(), expected, "{fields}");
    assert_eq!(drift(&notices), places, "{fields}");
}

#[test]
fn a_lab_is_known_by_any_of_its_names() {
    let of = |system: &str, code: &str| json!({ "category": [{ "coding": [{ "system": system, "code": code }] }] });
    let words = |text: &str| json!({ "category": [{ "text": text }] });
    let section = "http://terminology.hl7.org/CodeSystem/v2-0074";
    let branch = "http://terminology.hl7.org/CodeSystem/observation-category";
    for (system, code) in [
        (section, "LAB"),
        (section, "CH"),
        (section, "MB"),
        ("http://hl7.org/fhir/v2/0074", "LAB"),
        (branch, "laboratory"),
        (branch, "Laboratory"),
        ("http://hl7.org/fhir/observation-category", "LABORATORY"),
        ("http://loinc.org", "26436-6"),
        ("http://snomed.info/sct", "108252007"),
        ("urn:lab", "lab"),
    ] {
        check_result(of(system, code), true, &[]);
    }
    check_result(json!({ "category": [{ "coding": [{ "code": "laboratory" }] }] }), true, &[]);
    check_result(json!({ "category": [{ "coding": [{ "display": "Lab" }] }] }), true, &[]);
    for text in ["Laboratory", "LAB", " laboratory "] {
        check_result(words(text), true, &[]);
    }
    // One of several is enough.
    let several = json!({ "category": [{ "text": "Exam" }, { "coding": [{ "code": "lab" }] }] });
    check_result(several, true, &[]);
}

#[test]
fn what_is_seen_on_a_person_is_no_result() {
    let left = &["Observation.basedOn"];
    for code in ["vital-signs", "Vital Signs", "social-history", "survey", "exam", "imaging"] {
        check_result(json!({ "category": [{ "coding": [{ "code": code }] }] }), false, left);
        check_result(json!({ "category": [{ "text": code }] }), false, left);
    }
    check_result(json!({}), false, left);
    check_result(json!({ "category": [] }), false, left);
}

#[test]
fn an_unknown_category_may_be_a_labs() {
    check_result(
        json!({ "category": [{ "text": "Haemostaseology" }] }),
        true,
        &["Observation.category"],
    );
    let local = json!({ "category": [{ "coding": [{ "system": "urn:lab", "code": "X7" }] }] });
    check_result(local, true, &["Observation.category"]);
}

#[test]
fn what_answers_an_order_or_examines_a_sample_is_a_result() {
    check_result(json!({ "basedOn": [{ "reference": "ServiceRequest/o1" }] }), true, &[]);
    let sample = json!({ "reference": "Specimen/s1" });
    check_result(json!({ "specimen": sample }), true, &[]);
    check_result(json!({ "specimen": sample, "category": [{ "text": "?" }] }), true, &[]);
}

#[test]
fn a_loose_observation_says_what_it_knows() {
    let body = bundle(&[
        observation(
            "x1",
            json!({
                "category": [{ "text": "Laboratory" }], "effectiveDateTime": "2005-07-05",
                "specimen": { "reference": "Specimen/s1" },
                "performer": [{ "reference": "Organization/l1" }],
                "basedOn": [{ "reference": "ServiceRequest/o1" }],
            }),
        ),
        json!({ "resourceType": "Specimen", "id": "s1", "condition": [{ "text": "Clotted" }] }),
        json!({ "resourceType": "Organization", "id": "l1", "name": "Northwind Laboratory" }),
        json!({
            "resourceType": "ServiceRequest", "id": "o1",
            "requester": { "display": "Robin Vale" },
        }),
    ]);
    let notices = said(&body);
    let report = reports(&notices)[0];
    assert_eq!(report.collected_at, None);
    assert_eq!(report.collected_on.unwrap().to_string(), "2005-07-05");
    assert_eq!(report.reported_at, time(ARRIVED));
    assert_eq!(report.category[0].name, "Laboratory");
    assert_eq!(report.specimens[0].condition[0].expose(), "Clotted");
    assert_eq!(report.performing_labs[0].name.as_deref(), Some("Northwind Laboratory"));
    let provider = report.ordering_provider.as_ref().unwrap();
    assert_eq!(provider.name.as_ref().unwrap().expose(), "Robin Vale");
}
