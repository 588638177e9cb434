//! DiagnosticReports.

use labgate_core::model::ReportStatus;
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
    let nowhere = said(&report(by("ServiceRequest?identifier=urn:x|A-1")));
    assert_eq!(drift(&nowhere), ["DiagnosticReport.basedOn"]);
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
    assert!(report.observations.is_empty());
    assert_eq!(report.conclusion.as_ref().unwrap().expose(), "Nothing unusual.");

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
    let check = |date: &str, on: Option<&str>, places: &[&str]| {
        let notices = said(&report(json!({ "effectiveDateTime": date, "issued": date })));
        let report = reports(&notices)[0];
        assert_eq!(report.collected_at, None, "{date}");
        assert_eq!(report.collected_on.map(|day| day.to_string()).as_deref(), on, "{date}");
        assert_eq!(report.reported_at, time(ARRIVED), "{date}");
        assert_eq!(drift(&notices), places, "{date}");
    };
    let (effective, issued) = ("DiagnosticReport.effective", "DiagnosticReport.issued");
    check("2026", None, &[effective, issued]);
    check("2026-03", None, &[effective, issued]);
    // A day is a day; when the lab reported is no day.
    check("2026-03-04", Some("2026-03-04"), &[issued]);
    check("2026-03-04T10:00:00", Some("2026-03-04"), &[effective, issued]);
    let updated = json!({ "issued": null, "meta": { "lastUpdated": "2026-03-06T00:00:00Z" } });
    assert_eq!(reports(&said(&report(updated)))[0].reported_at, time("2026-03-06T00:00:00Z"));
}

#[test]
fn a_report_says_what_it_is_of() {
    let concept = |system: &str, code: &str, words: &str| json!({ "coding": [{ "system": system, "code": code, "display": words }] });
    let body = report(json!({
        "code": concept("http://loinc.org", "11526-1", "Pathology study"),
        "category": [
            concept("http://terminology.hl7.org/CodeSystem/v2-0074", "SP", "Surgical Pathology"),
            concept("http://loinc.org", "LP7839-6", "Pathology"),
        ],
        "conclusionCode": [concept("http://snomed.info/sct", "408643008", "Ductal carcinoma")],
        "note": [{ "text": "Slides were sent out." }],
    }));
    let notices = said(&body);
    assert!(drift(&notices).is_empty());
    let report = reports(&notices)[0];
    let code = report.code.as_ref().unwrap();
    assert_eq!((code.loinc.as_deref(), code.name.as_str()), (Some("11526-1"), "Pathology study"));
    let categories: Vec<_> = report.category.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(categories, ["Surgical Pathology", "Pathology"]);
    assert_eq!(report.conclusion_codes[0].expose().provider.as_deref(), Some("408643008"));
    assert_eq!(report.notes[0].expose(), "Slides were sent out.");

    // A diagnosis may be all that a report says.
    let coded = report_with(&body, json!({ "conclusion": null }));
    assert!(!reports(&said(&coded))[0].is_pointer());
}

/// `body` with other fields.
fn report_with(body: &Value, more: Value) -> Value {
    with(body.clone(), more)
}

#[test]
fn a_final_report_that_says_nothing_is_seen() {
    for more in [json!({}), json!({ "result": [] }), json!({ "conclusion": "" })] {
        let notices = said(&report(with(json!({ "conclusion": null }), more)));
        assert_eq!(reports(&notices)[0].status, ReportStatus::Final);
        assert_eq!(drift(&notices), ["DiagnosticReport.result"]);
    }
    let none = json!({ "conclusion": null, "status": "registered" });
    assert!(drift(&said(&report(none))).is_empty());
}

#[test]
fn a_report_that_the_server_cut_short_does_not_look_complete() {
    let system = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
    let cut = json!({ "tag": [{ "system": system, "code": "SUBSETTED" }] });
    let notices = said(&report(json!({ "meta": cut })));
    assert_eq!(reports(&notices)[0].status, ReportStatus::Partial);
    assert_eq!(fetches(&notices), ["DiagnosticReport/r1"]);
    assert!(drift(&notices).is_empty());
}

#[test]
fn a_withdrawn_report_raises_no_alarm() {
    let high = json!({ "interpretation": [{ "coding": [{ "code": "HH" }] }] });
    let check = |status: &str, expected: bool| {
        let body = report(json!({
            "status": status, "contained": [observation("x1", high.clone())],
            "result": [{ "reference": "#x1" }],
        }));
        assert_eq!(reports(&said(&body))[0].is_critical(), expected, "{status}");
    };
    check("final", true);
    check("preliminary", true);
    check("unknown", true);
    check("entered-in-error", false);
    check("cancelled", false);
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
