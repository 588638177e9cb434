//! Samples, laboratories and missing results, in every form that they come in.

use labgate_core::{Notice, notice::ReportNotice};
use serde_json::{Value, json};

use crate::subject::read;

#[test]
fn a_date_is_an_object_or_text_and_a_day_stays_a_day() {
    for (date, at, on) in [
        (
            json!({ "timestamp": "2026-09-13T14:40:00+00:00", "timezone_offset": -18000 }),
            Some(TIME),
            None,
        ),
        (json!({ "timestamp": "2026-09-13T14:40:00", "timezone_offset": 0 }), Some(TIME), None),
        (json!({ "timestamp": "2026-09-13" }), None, Some("2026-09-13")),
        (json!("2026-09-13T09:40:00-05:00"), Some(TIME), None),
        (json!("2026-09-13"), None, Some("2026-09-13")),
        (json!(null), None, None),
    ] {
        let body = with_sample("date_collected", date.clone());
        assert_eq!(Vec::from_iter(read(&body).drift), OWN_DRIFT, "{date}");
        let specimen = &report(&body).specimens[0];
        assert_eq!(specimen.collected_at.map(|at| at.to_string()).as_deref(), at, "{date}");
        assert_eq!(specimen.collected_on.map(|on| on.to_string()).as_deref(), on, "{date}");
    }
}

#[test]
fn what_does_not_fit_costs_itself_only() {
    for (field, value, place) in [
        ("date_collected", json!("08/13/2026"), "date_collected"),
        ("date_collected", json!({ "timestamp": 5 }), "date_collected.timestamp"),
        ("date_received", json!("2026-09-14"), "date_received"),
        ("sample_id", json!(7), "sample_id"),
        ("performing_laboratories", json!(["TB"]), "performing_laboratories"),
        ("performing_laboratories", json!({ "TB": "Tampa" }), "performing_laboratories.*"),
        (
            "performing_laboratories",
            json!({ "TB": { "address": "Tampa" } }),
            "performing_laboratories.*.address",
        ),
        ("clinical_information", json!({ "notes": [] }), "clinical_information.notes"),
    ] {
        let body = with_sample(field, value.clone());
        let place = format!("data.sample_information.*.{place}");
        assert!(read(&body).drift.contains(&place), "{value}: {:?}", read(&body).drift);
        assert_eq!(report(&body).observations, report(&self::body()).observations);
        assert_eq!(report(&body).specimens.len(), 2);
    }
    let mut body = body();
    body["data"]["sample_information"]["LB5520918"] = json!("lost");
    assert!(read(&body).drift.contains("data.sample_information.*"));
    assert_eq!(report(&body).specimens.len(), 1);
}

#[test]
fn no_place_of_drift_repeats_a_number_of_a_sample() {
    let mut body = with_sample("new", json!(1));
    body["data"]["sample_information"]["LB5520917"]["sample_id"] = json!([]);
    assert!(!format!("{:?}", read(&body).drift).contains("LB55"));
}

#[test]
fn every_sample_and_laboratory_is_listed_once() {
    let told = report(&body());
    let labs: Vec<_> = told.performing_labs.iter().map(|lab| lab.id.as_deref().unwrap()).collect();
    assert_eq!(labs, ["TB", "SV"]);
    let ids = |report: &ReportNotice| -> Vec<String> {
        report.specimens.iter().map(|it| it.id.as_ref().unwrap().expose().clone()).collect()
    };
    assert_eq!(ids(&told), ["LB5520917", "LB5520918"]);

    let mut other = body();
    other["data"]["sample_id"] = json!("LB5520919");
    assert_eq!(ids(&report(&other)), ["LB5520917", "LB5520918", "LB5520919"]);
    other["data"]["sample_information"] = json!(null);
    assert_eq!(ids(&report(&other)), ["LB5520919"]);
}

#[test]
fn the_time_of_the_sample_is_the_reports_where_there_is_one() {
    let mut body = body();
    body["data"]["collected_at"] = json!(null);
    let told = report(&body);
    assert_eq!((told.collected_at, told.collected_on), (None, None), "two samples of two times");
    body["data"]["sample_information"]["LB5520918"]["date_collected"] = json!(TIME);
    assert_eq!(report(&body).collected_at.unwrap().to_string(), TIME);
    body["data"]["collected_at"] = json!("2026-09-12T10:00:00Z");
    assert_eq!(report(&body).collected_at.unwrap().to_string(), "2026-09-12T10:00:00Z");
}

#[test]
fn a_panel_tells_two_markers_of_one_name_apart() {
    let panel = |sources: Value| {
        let mut body = body();
        body["data"]["markers"][0]["source_markers"] = sources;
        report(&body).observations[0].parent.clone().map(|parent| parent.name)
    };
    assert_eq!(panel(json!([{ "name": "GTT, 1 h", "slug": "gtt-1h" }])).unwrap(), "GTT, 1 h");
    let two = json!([{ "name": "BMP", "slug": "bmp" }, { "name": "CMP", "slug": "cmp" }]);
    assert_eq!(panel(two).unwrap(), "BMP; CMP");
    assert_eq!(panel(json!([{ "name": "Glucose", "slug": "glucose" }])), None, "it is itself");
    assert_eq!(panel(json!([])), None);
    assert_eq!(panel(json!(null)), None);
}

#[test]
fn a_missing_result_says_why() {
    let told = report(&body()).missing;
    assert_eq!(told[0].reason.as_deref(), Some("quantity_not_sufficient_failure"));
    assert_eq!(told[0].code.as_ref().unwrap().loinc.as_deref(), Some("2823-3"));
    assert_eq!(told[0].notes[0].expose(), "Hemolyzed; please recollect.");
    // An unknown word is kept and counted.
    assert_eq!(told[1].reason.as_deref(), Some("sample_evaporated"));
}

#[test]
fn who_ordered_it_is_named_as_far_as_it_is_known() {
    let ordered = |physician: Value| {
        let mut body = body();
        body["data"]["physician"] = physician;
        let told = report(&body).ordering_provider;
        told.map(|it| (it.id, it.name.map(|name| name.expose().clone())))
    };
    let whole = json!({ "first_name": "Noor", "last_name": "Halvorsen", "npi": "1992999999" });
    let name = Some("Noor Halvorsen".to_owned());
    assert_eq!(ordered(whole), Some((Some("1992999999".into()), name)));
    assert_eq!(
        ordered(json!({ "last_name": "Halvorsen" })),
        Some((None, Some("Halvorsen".into())))
    );
    assert_eq!(ordered(json!({})), None);
    assert_eq!(ordered(json!(null)), None);
}

const TIME: &str = "2026-09-13T14:40:00Z";
/// The golden has an unknown reason.
const OWN_DRIFT: [&str; 1] = ["data.missing_results[].inferred_failure_type"];

fn body() -> Value {
    crate::subject::body("result-ready-05-samples-and-missing")
}

/// The result whose first sample has `value` as its `field`.
fn with_sample(field: &str, value: Value) -> Value {
    let mut body = body();
    body["data"]["sample_information"]["LB5520917"][field] = value;
    body
}

fn report(body: &Value) -> ReportNotice {
    let report = read(body).notices.into_iter().find_map(|notice| match notice {
        Notice::Report(report) => Some(*report),
        Notice::Order(_) | Notice::Appointment(_) | Notice::Fetch(_) => None,
    });
    report.unwrap()
}
