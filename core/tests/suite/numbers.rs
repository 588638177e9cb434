//! Results as labs write them: no digit is lost, no word is changed.

use labgate_core::{Decimal, model::ObservationValue};
use proptest::prelude::*;
use serde_json::value::RawValue;

const NUMBER: &str = "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?";

/// What a text reads as, in JSON.
fn read(text: &str) -> serde_json::Value {
    serde_json::to_value(ObservationValue::read(text, Some("mg/dL"))).unwrap()
}

proptest! {
    #[test]
    fn a_number_is_written_as_it_was_read(text in NUMBER) {
        let number: Decimal = text.parse().unwrap();
        prop_assert_eq!(number.as_str(), &text);
        prop_assert_eq!(number.to_string(), text.clone());
        let json = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(&json, &format!("\"{text}\""));
        prop_assert!(serde_json::from_str::<Decimal>(&json).unwrap() == number);
    }

    #[test]
    fn a_text_is_a_number_if_json_says_so(text in "-?[0.]{0,2}[-+.0-9eE]{0,6}") {
        let (sign, unsigned) = text.strip_prefix('-').map_or(("", &*text), |rest| ("-", rest));
        // Two liberties that labs take: zeros in front, and none before a point.
        let bare = unsigned.trim_start_matches('0');
        let zero = if bare.starts_with('.') || bare.len() < unsigned.len() { "0" } else { "" };
        let zero = if bare.starts_with(|first: char| first.is_ascii_digit()) { "" } else { zero };
        let json = format!("{sign}{zero}{bare}");
        let number = serde_json::from_str::<&RawValue>(&json).is_ok();
        let point = if unsigned.starts_with('.') { "0" } else { "" };
        let kept = number.then(|| format!("{sign}{point}{unsigned}"));
        prop_assert_eq!(text.parse::<Decimal>().ok().map(|number| number.to_string()), kept);
    }

    #[test]
    fn words_are_no_number(text in "\\PC{0,6}") {
        if let Ok(number) = text.parse::<Decimal>() {
            prop_assert!(number.as_str().ends_with(text.trim_start_matches('-')));
            prop_assert!(text.bytes().all(|byte| b"+-.0123456789eE".contains(&byte)));
        }
    }

    #[test]
    fn a_number_with_a_comparator_keeps_both(
        sign in prop_oneof![Just(""), Just("<"), Just("<="), Just(">="), Just(">")],
        space in " {0,2}",
        number in NUMBER,
    ) {
        let value = read(&format!("{sign}{space}{number}"));
        prop_assert_eq!(&value["type"], "quantity");
        prop_assert_eq!(&value["value"], &number);
        prop_assert_eq!(value["comparator"].as_str().unwrap_or_default(), sign);
        prop_assert_eq!(&value["unit"], "mg/dL");
    }

    #[test]
    fn a_range_keeps_both_ends(
        low in "(0|[1-9][0-9]{0,8})(\\.[0-9]{1,9})?",
        more in "[1-9]",
        digits in "(\\.[0-9]{1,9})?",
    ) {
        // One digit more before the point is always higher.
        let whole = low.split('.').next().unwrap_or_default();
        let high = format!("{more}{whole}{digits}");
        let upside_down = read(&format!("{high}-{low}"));
        prop_assert_eq!(&upside_down["type"], "text");
        for text in [format!("{low}-{high}"), format!(" {low} - {high} ")] {
            let value = read(&text);
            prop_assert_eq!([&value["type"], &value["low"], &value["high"]], ["range", &low, &high]);
        }
    }

    #[test]
    fn words_stay_as_they_are(text in "\\PC{0,20}") {
        let value = read(&text);
        match value["type"].as_str().unwrap() {
            "text" => prop_assert_eq!(&value["text"], &text),
            "quantity" => prop_assert!(text.trim().trim_start_matches(['<', '>', '=']).trim().parse::<Decimal>().is_ok()),
            other => prop_assert!(other == "range" && text.contains('-')),
        }
    }

    #[test]
    fn a_value_is_the_same_after_it_was_kept_as_json(text in prop_oneof![NUMBER, "[<>0-9. -]{0,6}", "\\PC{0,9}"]) {
        let value = ObservationValue::read(&text, None);
        let json = serde_json::to_string(&value).unwrap();
        prop_assert!(serde_json::from_str::<ObservationValue>(&json).unwrap() == value, "{json}");
    }
}

#[test]
fn a_decimal_is_read_from_text_only() {
    for json in ["7.0", "7", "null", "\"\"", "\"7,0\"", "[\"7\"]"] {
        assert!(serde_json::from_str::<Decimal>(json).is_err(), "{json}");
    }
}
