//! The lab's judgements: alarms are neither lost nor made up.

use labgate_core::model::Interpretation;

use super::{notices, reports};

#[test]
fn a_judgement_is_the_labs_own() {
    let check = |concepts: &str, expected: Interpretation, word: &str| {
        let notices = notices(&format!(r#""valueInteger":1,"interpretation":{concepts}"#));
        let found = &reports(&notices)[0].observations[0];
        assert_eq!(found.interpretation, expected, "{concepts}");
        assert_eq!(found.provider_interpretation.as_deref(), Some(word), "{concepts}");
        notices.drift.len()
    };
    let v3 = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    for (code, expected) in [
        ("N", Interpretation::Normal),
        ("L", Interpretation::Low),
        ("LU", Interpretation::Low),
        ("H", Interpretation::High),
        ("HU", Interpretation::High),
        ("A", Interpretation::Abnormal),
        ("LL", Interpretation::CriticalLow),
        ("HH", Interpretation::CriticalHigh),
        ("AA", Interpretation::Critical),
        ("POS", Interpretation::Unknown),
        ("NEG", Interpretation::Unknown),
        ("IND", Interpretation::Unknown),
        ("R", Interpretation::Unknown),
    ] {
        let concepts = format!(r#"[{{"coding":[{{"system":"{v3}","code":"{code}"}}]}}]"#);
        assert_eq!(check(&concepts, expected, code), 0);
    }
    check(r#"[{"text":"Critical high"}]"#, Interpretation::CriticalHigh, "Critical high");
    check(r#"[{"coding":[{"code":"A"}]},{"coding":[{"code":"H"}]}]"#, Interpretation::High, "A, H");
    let local = r#"[{"coding":[{"system":"urn:lab","code":"HH"}]}]"#;
    assert_eq!(check(local, Interpretation::Unknown, "HH"), 1);
}

/// The judgement, the lab's word, and whether an alert can see that it was not understood.
fn judged(concepts: &str) -> (Interpretation, String, bool) {
    let notices = notices(&format!(r#""valueInteger":1,"interpretation":{concepts}"#));
    let found = reports(&notices)[0].observations[0].clone();
    assert_eq!(reports(&notices)[0].is_critical(), found.is_critical());
    (
        found.interpretation,
        found.provider_interpretation.unwrap_or_default(),
        !notices.drift.is_empty(),
    )
}

#[test]
fn a_critical_word_alarms_in_every_spelling() {
    use Interpretation::{Critical, CriticalHigh, CriticalLow};
    for (word, expected) in [
        ("HH", CriticalHigh),
        ("hh", CriticalHigh),
        ("HH*", CriticalHigh),
        (" HH! ", CriticalHigh),
        ("(LL)", CriticalLow),
        ("ll", CriticalLow),
        ("LL*", CriticalLow),
        ("AA", Critical),
        ("aa*", Critical),
        ("C", Critical),
        ("C*", Critical),
        ("crit", Critical),
        ("CRIT", Critical),
        ("CRITICAL", Critical),
        ("Critically low", CriticalLow),
        ("CRITICAL HIGH", CriticalHigh),
        ("high_critical", CriticalHigh),
        ("Panic", Critical),
        ("PANIC-LOW", CriticalLow),
        ("Critical value, called to ward", Critical),
    ] {
        for concept in [
            format!(r#"{{"text":"{word}"}}"#),
            format!(r#"{{"coding":[{{"code":"{word}"}}]}}"#),
            format!(r#"{{"coding":[{{"system":"urn:lab","display":"{word}"}}]}}"#),
            format!(
                r#"{{"coding":[{{"system":"urn:oid:2.16.840.1.113883.5.83","code":"{word}"}}]}}"#
            ),
            format!(r#"{{"coding":[{{"system":"http://hl7.org/fhir/v2/0078","code":"{word}"}}]}}"#),
            format!(r#"{{"coding":[{{"code":"N"}},{{"code":"{word}"}}],"text":"Normal"}}"#),
        ] {
            let (interpretation, told, is_drift) = judged(&format!("[{concept}]"));
            assert_eq!(
                (interpretation, told.as_str(), is_drift),
                (expected, word, false),
                "{concept}"
            );
            let beside = format!(r#"[{{"coding":[{{"code":"S"}}]}},{concept},{{"text":"Low"}}]"#);
            let (interpretation, told, is_drift) = judged(&beside);
            assert_eq!((interpretation, told), (expected, format!("S, {word}, Low")), "{beside}");
            assert!(!is_drift);
        }
    }
    // The lab's own code alarms if it is spelled out.
    let own = r#"[{"coding":[{"code":"H"},{"system":"urn:lab","code":"CRIT-HIGH"}]}]"#;
    assert_eq!(judged(own), (CriticalHigh, "CRIT-HIGH".into(), false));
}

#[test]
fn what_is_not_understood_is_seen_whatever_stands_beside_it() {
    use Interpretation::{High, Normal, Unknown};
    let check = |concepts: &str, expected: Interpretation| {
        let (interpretation, word, is_drift) = judged(concepts);
        assert!(is_drift && !word.is_empty(), "{concepts}");
        assert_eq!(interpretation, expected, "{concepts}");
    };
    for word in
        ["H*", "L*", "HHH", "<", ">", "P", "not critical", "NON-CRITICAL", "alert", "kritisch"]
    {
        check(&format!(r#"[{{"coding":[{{"code":"{word}"}}]}}]"#), Unknown);
        check(&format!(r#"[{{"text":"{word}"}}]"#), Unknown);
        check(&format!(r#"[{{"text":"{word}"}},{{"coding":[{{"code":"N"}}]}}]"#), Normal);
    }
    // It looks like HL7's, and its system does not say so.
    check(r#"[{"coding":[{"code":"H"},{"system":"urn:lab","code":"HH"}]}]"#, High);
    check(r#"[{"coding":[{"code":"N"}],"text":"Critical - not called"}]"#, Normal);
    check(r#"[{"coding":[{"code":"ZZ"}],"text":"High"}]"#, High);
}

#[test]
fn a_known_word_is_no_drift() {
    for word in ["POS", "R", "I", "S", "D", "U", "NEG", "IND", "B", "W", "null"] {
        let (interpretation, told, is_drift) =
            judged(&format!(r#"[{{"coding":[{{"code":"{word}"}}]}}]"#));
        assert_eq!(
            (interpretation, told.as_str(), is_drift),
            (Interpretation::Unknown, word, false)
        );
    }
    // Nor is the lab's own code beside HL7's.
    let own = r#"[{"coding":[{"code":"H"},{"system":"urn:lab","code":"17"}]}]"#;
    assert_eq!(judged(own), (Interpretation::High, "H".into(), false));
}
