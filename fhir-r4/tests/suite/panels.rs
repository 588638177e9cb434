//! Which panel or finding a value belongs to.

use labgate_core::model::{Interpretation, Observation};
use serde_json::{Value, json};

use super::{bundle, drift, names, notices, observation, report, reports, said, with};

fn members(ids: &[&str]) -> Value {
    let member = |id: &&str| json!({ "reference": id });
    json!({ "hasMember": ids.iter().map(member).collect::<Vec<_>>(), "valueQuantity": null })
}

/// Each observation's name and id, and its parent's.
fn family(observations: &[Observation]) -> Vec<String> {
    let told = |found: &Observation| {
        let own = found.id.as_deref().unwrap_or("-");
        let parent = found.parent.as_ref();
        let parent = parent.map(|it| format!("{}={}", it.id.as_deref().unwrap_or("-"), it.name));
        format!("{} {own} < {}", found.code.name, parent.unwrap_or("-".into()))
    };
    observations.iter().map(told).collect()
}

#[test]
fn each_susceptibility_names_its_isolate() {
    let isolate = |id: &str, germ: &str, member: &str| {
        let value = json!({ "valueCodeableConcept": { "text": germ }, "code": { "text": "Germ" } });
        with(with(observation(id, members(&[member])), value), json!({ "valueQuantity": null }))
    };
    let tried =
        |id: &str| with(observation(id, json!({})), json!({ "code": { "text": "Amoxicillin" } }));
    let contained = [
        isolate("i1", "Escherichia coli", "#s1"),
        isolate("i2", "Klebsiella pneumoniae", "#s2"),
        tried("s1"),
        tried("s2"),
    ];
    // However the report lists them, and beside a panel of everything.
    for listed in [["#i1", "#s1", "#i2", "#s2"], ["#s1", "#s2", "#i1", "#i2"]] {
        let results: Vec<Value> = listed.iter().map(|id| json!({ "reference": id })).collect();
        let body = report(json!({ "contained": contained, "result": results }));
        let notices = said(&body);
        let mut family = family(&reports(&notices)[0].observations);
        family.sort();
        assert_eq!(
            family,
            ["Amoxicillin - < i1=Germ", "Amoxicillin - < i2=Germ", "Germ i1 < -", "Germ i2 < -"]
        );
        assert!(drift(&notices).is_empty());
    }
    let mut all = contained.to_vec();
    all.push(with(
        observation("all", members(&["#s1", "#i1", "#s2", "#i2"])),
        json!({ "code": { "text": "Culture" } }),
    ));
    let notices = said(&report(json!({ "contained": all, "result": [{ "reference": "#all" }] })));
    let mut family = family(&reports(&notices)[0].observations);
    family.sort();
    assert_eq!(
        family,
        [
            "Amoxicillin - < i1=Germ",
            "Amoxicillin - < i2=Germ",
            "Germ i1 < all=Culture",
            "Germ i2 < all=Culture",
        ]
    );
}

#[test]
fn days_of_a_profile_are_told_apart() {
    let day = |id: &str, member: &str| {
        with(observation(id, members(&[member])), json!({ "code": { "text": id } }))
    };
    let level =
        |id: &str| with(observation(id, json!({})), json!({ "code": { "text": "Cortisol" } }));
    let body = bundle(&[
        report(
            json!({ "result": [{ "reference": "Observation/Day 1" }, { "reference": "Observation/Day 2" }] }),
        ),
        day("Day 1", "Observation/c1"),
        day("Day 2", "Observation/c2"),
        level("c1"),
        level("c2"),
    ]);
    let notices = said(&body);
    assert_eq!(
        family(&reports(&notices)[0].observations),
        ["Cortisol - < Day 1=Day 1", "Cortisol - < Day 2=Day 2"]
    );
    // A panel that the report leaves out groups them all the same.
    let mut body = body;
    body["entry"][0]["resource"]["result"] =
        json!([{ "reference": "Observation/c2" }, { "reference": "Observation/c1" }]);
    assert_eq!(
        family(&reports(&said(&body))[0].observations),
        ["Cortisol - < Day 2=Day 2", "Cortisol - < Day 1=Day 1"]
    );
    // What was derived is no part of what it was derived from.
    let derived = json!({ "derivedFrom": [{ "reference": "Observation/c1" }] });
    let body = report(json!({ "contained": [with(level("c3"), derived)] }));
    assert_eq!(reports(&said(&body))[0].observations[0].parent, None);
}

#[test]
fn members_that_an_observation_contains_are_called_by_both_names() {
    let inner = with(observation("p", members(&["#m"])), json!({ "contained": [] }));
    let holder = with(
        observation("x1", members(&["#p"])),
        json!({ "contained": [inner, observation("m", json!({}))] }),
    );
    let body = bundle(&[report(json!({ "result": [{ "reference": "Observation/x1" }] })), holder]);
    let notices = said(&body);
    assert_eq!(family(&reports(&notices)[0].observations), ["m - < x1#p=p"]);
}

#[test]
fn components_are_values_of_their_own() {
    let notices = notices(
        r#""note":[{"text":"At rest"}],"method":{"text":"Cuff"},"component":[
            {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6","display":"Systolic"}]},"valueQuantity":{"value":120.0,"unit":"mmHg"}},
            {"code":{"text":"Diastolic"},"valueQuantity":{"value":80}},
            {"code":{"text":"Mean"},"dataAbsentReason":{"text":"Not asked"}}]"#,
    );
    let report = reports(&notices)[0];
    // What is said of all of them is said once, of what they belong to.
    assert_eq!(
        family(&report.observations),
        ["Glucose x1 < -", "Systolic - < x1=Glucose", "Diastolic - < x1=Glucose"]
    );
    assert_eq!(report.observations[0].value, None);
    assert_eq!(report.observations[0].notes.as_ref().unwrap().expose(), "At rest");
    let systolic = &report.observations[1];
    assert_eq!(systolic.code.loinc.as_deref(), Some("8480-6"));
    assert_eq!((&systolic.notes, systolic.method.as_deref()), (&None, Some("Cuff")));
    assert_eq!(report.missing[0].name, "Mean");
    assert!(drift(&notices).is_empty());
}

#[test]
fn a_judged_panel_alarms() {
    let panic = json!({ "interpretation": [{ "coding": [{ "code": "AA" }] }] });
    let found = observation("o", json!({}));
    let panel = with(observation("p", members(&["#o"])), panic.clone());
    let body = report(json!({ "contained": [panel, found], "result": [{ "reference": "#p" }] }));
    let part = json!({ "code": { "text": "part" }, "valueInteger": 1 });
    let parts = json!({ "valueQuantity": null, "component": [part] });
    let whole = with(with(observation("p", parts), panic), json!({ "id": "p" }));
    for body in [body, report(json!({ "contained": [whole] }))] {
        let notices = said(&body);
        let report = reports(&notices)[0];
        assert!(report.is_critical());
        let panel = &report.observations[0];
        assert_eq!((panel.code.name.as_str(), &panel.value), ("p", &None));
        assert_eq!(panel.interpretation, Interpretation::Critical);
        assert_eq!(report.observations[1].parent.as_ref().unwrap().id, panel.id);
        assert!(report.missing.is_empty());
    }
}

#[test]
fn a_panel_is_listed_only_if_it_says_something() {
    let check = |more: Value, expected: &[&str]| {
        let panel = with(observation("p", members(&["#o"])), more);
        let body = report(json!({
            "contained": [panel, observation("o", json!({}))], "result": [{ "reference": "#p" }],
        }));
        let notices = said(&body);
        assert_eq!(names(&reports(&notices)[0].observations), expected);
        assert!(reports(&notices)[0].missing.is_empty());
        assert!(drift(&notices).is_empty());
    };
    check(json!({}), &["o"]);
    check(json!({ "status": "preliminary" }), &["o"]);
    check(json!({ "note": [{ "text": "Fasting" }] }), &["p", "o"]);
}
