//! Reference ranges: the bounds, and what the text says of them.

use labgate_core::{Decimal, model::ReferenceRange};

/// The range of a marker in `unit`.
pub(super) fn reference_range(
    low: Option<Decimal>,
    high: Option<Decimal>,
    text: Option<String>,
    unit: Option<&str>,
) -> Option<ReferenceRange> {
    if low.is_none() && high.is_none() && text.is_none() {
        return None;
    }
    let told = text.as_deref().and_then(|text| ends(text, unit)).unwrap_or_default();
    Some(ReferenceRange {
        low_inclusive: told.low.filter(|_| low.is_some()),
        high_inclusive: told.high.filter(|_| high.is_some()),
        low,
        high,
        text,
        ..ReferenceRange::default()
    })
}

/// Whether each end is inside, where the text says so.
#[derive(Default)]
struct Ends {
    low: Option<bool>,
    high: Option<bool>,
}

/// On which side of a number the usual values are, and whether the number is one of them.
#[derive(Clone, Copy)]
enum Sign {
    Below { inclusive: bool },
    Above { inclusive: bool },
}

/// Source: Lab Testing, Results, "Reference range parsing": only the text says whether a bound
/// is inside, as in `<5.7`, `<=10.5`, `> OR = 2`, and `1-10`, whose ends are inside. Labs mix
/// these (`30 - <100`). Of words around them, and of other forms, nothing is concluded.
fn ends(text: &str, unit: Option<&str>) -> Option<Ends> {
    let text = text.strip_suffix(unit.unwrap_or_default()).unwrap_or(text);
    let plain: String =
        text.to_ascii_uppercase().chars().filter(|letter| !letter.is_whitespace()).collect();
    let plain = plain.replace('≤', "<=").replace('≥', ">=").replace("OR=", "=");
    let (first, rest) = bound(&plain)?;
    if rest.is_empty() {
        return Some(match first? {
            Sign::Below { inclusive } => Ends { low: None, high: Some(inclusive) },
            Sign::Above { inclusive } => Ends { low: Some(inclusive), high: None },
        });
    }
    let (second, rest) = bound(rest.strip_prefix(['-', '–'])?)?;
    let low = match first {
        None => true,
        Some(Sign::Above { inclusive }) => inclusive,
        Some(Sign::Below { .. }) => return None,
    };
    let high = match second {
        None => true,
        Some(Sign::Below { inclusive }) => inclusive,
        Some(Sign::Above { .. }) => return None,
    };
    rest.is_empty().then_some(Ends { low: Some(low), high: Some(high) })
}

/// A number at the start of `text`, with the sign before it if there is one, and what follows it.
fn bound(text: &str) -> Option<(Option<Sign>, &str)> {
    let signs = [
        ("<=", Sign::Below { inclusive: true }),
        (">=", Sign::Above { inclusive: true }),
        ("<", Sign::Below { inclusive: false }),
        (">", Sign::Above { inclusive: false }),
    ];
    let signed = signs.into_iter().find_map(|(word, sign)| Some((sign, text.strip_prefix(word)?)));
    let (sign, text) = signed.map_or((None, text), |(sign, rest)| (Some(sign), rest));
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let behind =
        unsigned.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let number = &text[..text.len() - behind.len()];
    number.parse::<Decimal>().ok()?;
    Some((sign, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, low: Option<bool>, high: Option<bool>) {
        let number = |text: &str| Some(text.parse().unwrap());
        let range = reference_range(number("30"), number("100"), Some(text.into()), Some("ng/mL"));
        let range = range.unwrap();
        assert_eq!((range.low_inclusive, range.high_inclusive), (low, high), "{text}");
        assert_eq!(range.text.as_deref(), Some(text));
    }

    #[test]
    fn each_end_is_inside_only_where_the_text_says_so() {
        check("30-100", Some(true), Some(true));
        check("30.0 – 100 ng/mL", Some(true), Some(true));
        check("30 - <100", Some(true), Some(false));
        check(">= 30 - <100", Some(true), Some(false));
        check("> 30 - <= 100", Some(false), Some(true));
        check(">30-100", Some(false), Some(true));
        check("-3--1", Some(true), Some(true));
        check("<100", None, Some(false));
        check("< 100 ng/mL", None, Some(false));
        check("≤ 100", None, Some(true));
        check("< or = 100", None, Some(true));
        check(">30", Some(false), None);
        check("≥30", Some(true), None);
        check("> OR = 30", Some(true), None);
    }

    #[test]
    fn nothing_is_concluded_from_other_texts() {
        for text in [
            "",
            "Negative",
            "30 to 100",
            "100",
            "<",
            "30-",
            "-",
            "30-100-200",
            "<30 - 100",
            "30 - >100",
            "< 100 in adults",
            "M: 30-100; F: 20-90",
            "30-100, 20-90",
            "NOT < 100",
        ] {
            check(text, None, None);
        }
    }

    #[test]
    fn a_bound_that_is_not_there_is_not_inside() {
        let range = reference_range(None, None, Some("30 - <100".into()), None).unwrap();
        assert_eq!((range.low_inclusive, range.high_inclusive), (None, None));
        assert!(reference_range(None, None, None, None).is_none());
    }
}
