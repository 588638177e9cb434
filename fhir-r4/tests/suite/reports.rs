//! DiagnosticReports, and observations that come without one.

use labgate_core::{Identifier, model::ReportStatus};
use labgate_fhir_r4::{Context, Resources};
use serde_json::{Value, json};

use super::{
    ARRIVED, bundle, drift, fetches, names, observation, orders, read, report, reports, said, time,
    with,
};

#[test]
fn every_status_of_a_report_has_its_word() {
    let check = |word: &str, expected: ReportStatus, known: bool| {
        let notices = said(&report(json!({ "status": word })));
        let report = reports(&notices)[0];
        assert_eq!(report.status, expected, "{word}");
        assert_eq!(report.provider_status.as_deref(), Some(word));
        assert_eq!(notices.drift.is_empty(), known, "{word}");
    };
    check("registered", ReportStatus::Partial, true);
    check("partial", ReportStatus::Partial, true);
    check("preliminary", ReportStatus::Partial, true);
    check("final", ReportStatus::Final, true);
    check("amended", ReportStatus::Amended, true);
    check("corrected", ReportStatus::Corrected, true);
    check("appended", ReportStatus::Amended, true);
    check("cancelled", ReportStatus::Cancelled, true);
    check("entered-in-error", ReportStatus::Cancelled, true);
    check("unknown", ReportStatus::Unknown, true);
    check("modified", ReportStatus::Unknown, false);
}

#[test]
fn a_report_answers_each_order_that_it_names() {
    let answers = |more: Value| -> Vec<String> {
        let notices = said(&report(more));
        reports(&notices).iter().map(|report| report.provider_order_id.to_string()).collect()
    };
    let by = |text: &str| json!({ "basedOn": [{ "reference": text }] });
    assert_eq!(answers(by("ServiceRequest/o1")), ["o1"]);
    assert_eq!(answers(by("https://fhir.test/R4/ServiceRequest/o1/_history/3")), ["o1"]);
    assert_eq!(
        answers(by("urn:uuid:6b1f8d0e-0000-4000-8000-000000000001")),
        ["6b1f8d0e-0000-4000-8000-000000000001"]
    );
    assert_eq!(answers(by("CarePlan/7")), ["CarePlan/7"]);
    assert_eq!(
        answers(json!({ "basedOn": [{ "identifier": { "system": "urn:x", "value": "A-1" } }] })),
        ["urn:x|A-1"]
    );
    // An identifier is never another order's id.
    let bare = |value: &str| json!({ "basedOn": [{ "identifier": { "value": value } }] });
    assert_eq!(answers(bare("o1")), ["|o1"]);
    assert_eq!(answers(bare("")), ["DiagnosticReport/r1"]);
    let subject = json!({ "identifier": { "system": "urn:x", "value": "p1" } });
    let notices = said(&report(json!({ "subject": subject })));
    let patient = orders(&notices)[0].details.patient.as_ref().unwrap().expose();
    assert_eq!(patient.provider_patient_id.as_deref(), Some("urn:x|p1"));
    // A search is no id, and without any the report stands for its order.
    assert_eq!(answers(by("ServiceRequest?identifier=urn:x|A-1")), ["DiagnosticReport/r1"]);
    assert_eq!(answers(json!({ "basedOn": [] })), ["DiagnosticReport/r1"]);
    let two = json!([
        { "reference": "ServiceRequest/o1" }, { "reference": "ServiceRequest/o2" },
        { "reference": "ServiceRequest/o1" },
    ]);
    assert_eq!(answers(json!({ "basedOn": two })), ["o1", "o2"]);

    let known = read(&report(json!({})).to_string(), Some("item-9")).unwrap();
    assert_eq!(reports(&known)[0].provider_order_id.as_str(), "item-9");
}

#[test]
fn a_report_says_when_and_by_whom() {
    let body = bundle(&[
        report(json!({
            "effectivePeriod": { "start": "2026-03-04T08:00:00-05:00", "end": "2026-03-05T08:00:00-05:00" },
            "subject": { "reference": "Patient/p1" },
            "performer": [{ "reference": "Organization/l1" }],
            "presentedForm": [
                { "contentType": "application/pdf", "url": "https://fhir.test/Binary/b1" },
                { "contentType": "application/pdf", "data": "JVBERi0=" },
            ],
            "conclusion": "Nothing unusual.",
        })),
        json!({ "resourceType": "Organization", "id": "l1", "name": "Northwind Laboratory" }),
        json!({
            "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1990-02",
            "name": [{ "use": "official", "family": "Avery", "given": ["Jordan", "Lee"] }],
        }),
    ]);
    let notices = said(&body);
    let report = reports(&notices)[0];
    assert_eq!(report.collected_at, Some(time("2026-03-04T13:00:00Z")));
    assert_eq!(report.reported_at, time("2026-03-05T10:00:00Z"));
    assert_eq!(report.status, ReportStatus::Final);
    let files: Vec<&str> = report.documents.iter().map(|file| file.id.as_str()).collect();
    assert_eq!(files, ["https://fhir.test/Binary/b1", "DiagnosticReport/r1#presentedForm[1]"]);
    assert_eq!(names(&report.observations), ["Conclusion"]);

    let order = orders(&notices)[0];
    assert_eq!(order.topic, "DiagnosticReport");
    assert!(order.entries.is_empty());
    assert_eq!(order.details.lab.as_ref().unwrap().name.as_deref(), Some("Northwind Laboratory"));
    let patient = order.details.patient.as_ref().unwrap().expose();
    assert_eq!(patient.first_name.as_deref(), Some("Jordan Lee"));
    assert_eq!(patient.provider_patient_id.as_deref(), Some("p1"));
    assert_eq!(patient.birth_date, None);
    assert_eq!(drift(&notices), ["Patient.birthDate"]);
}

#[test]
fn no_time_of_day_is_made_up() {
    for date in ["2026", "2026-03", "2026-03-04", "2026-03-04T10:00:00"] {
        let notices = said(&report(json!({ "effectiveDateTime": date, "issued": date })));
        let report = reports(&notices)[0];
        assert_eq!(report.collected_at, None, "{date}");
        assert_eq!(report.reported_at, time(ARRIVED), "{date}");
        assert_eq!(drift(&notices), ["DiagnosticReport.effective", "DiagnosticReport.issued"]);
    }
    let updated = json!({ "issued": null, "meta": { "lastUpdated": "2026-03-06T00:00:00Z" } });
    assert_eq!(reports(&said(&report(updated)))[0].reported_at, time("2026-03-06T00:00:00Z"));
}

#[test]
fn a_version_is_as_new_as_its_later_time() {
    let (early, late) = ("2026-03-05T10:00:00Z", "2026-03-06T00:00:00Z");
    let order = json!({ "basedOn": [{ "reference": "ServiceRequest/o1" }] });
    for (issued, updated) in [(early, late), (late, early)] {
        let times = json!({ "issued": issued, "meta": { "lastUpdated": updated } });
        let whole = report(times.clone());
        let loose = with(observation("x1", times), order.clone());
        for body in [whole, loose] {
            let notices = said(&body);
            assert_eq!(reports(&notices)[0].reported_at, time(late), "{body}");
            assert_eq!(orders(&notices)[0].stated_at, time(late), "{body}");
        }
    }
}

#[test]
fn a_report_that_lacks_results_does_not_look_complete() {
    let results = json!([{ "reference": "Observation/x1" }, { "reference": "Observation/x2" }]);
    for status in ["final", "amended", "corrected"] {
        let thin = report(json!({ "status": status, "result": results }));
        let notices = said(&bundle(&[thin, observation("x2", json!({}))]));
        let found = reports(&notices)[0];
        assert_eq!(found.status, ReportStatus::Partial, "{status}");
        assert_eq!(found.provider_status.as_deref(), Some(status));
        assert_eq!(names(&found.observations), ["x2"]);
        assert_eq!(fetches(&notices), ["DiagnosticReport/r1"]);
        assert!(notices.drift.is_empty());
    }
    let nameless = with(report(json!({ "result": results })), json!({ "id": null }));
    let nameless = with(nameless, json!({ "identifier": [{ "value": "R-1" }] }));
    let notices = said(&nameless);
    assert!(fetches(&notices).is_empty());
    assert_eq!(drift(&notices), ["DiagnosticReport.result[]"]);
}

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
