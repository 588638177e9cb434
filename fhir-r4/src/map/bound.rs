//! Whether a bound of a range is usual itself.

use labgate_core::Decimal;

/// Which way a bound looks.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Low,
    High,
}

impl Side {
    /// The sign before a number that is not usual itself.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Low => ">",
            Self::High => "<",
        }
    }
}

/// What a comparator or a text says of a bound.
#[derive(Clone, Copy)]
pub(super) enum Told {
    /// There is none.
    Nothing,
    /// Whether the bound is usual itself.
    Inclusive(bool),
    /// It is about something else, or worded in a way that is not known here.
    Unclear,
}

/// Whether `bound` is usual itself. By definition it is (hl7.org/fhir/R4/datatypes.html#Range),
/// unless its comparator or the text of the range, which may contain `units`, says otherwise; `None`
/// where they contradict each other or are unclear.
pub(super) fn inclusive(
    bound: &Decimal,
    comparator: Told,
    side: Side,
    text: Option<&str>,
    units: &[&str],
) -> Option<bool> {
    let text = text.filter(|text| !text.is_empty());
    let text = text.map_or(Told::Nothing, |text| read(bound, side, text, units));
    match (comparator, text) {
        (Told::Nothing, Told::Nothing) => Some(true),
        (Told::Inclusive(by_sign), Told::Inclusive(by_text)) if by_sign != by_text => None,
        (Told::Inclusive(told), _) | (Told::Nothing, Told::Inclusive(told)) => Some(told),
        (Told::Unclear, _) | (Told::Nothing, Told::Unclear) => None,
    }
}

fn read(bound: &Decimal, side: Side, text: &str, units: &[&str]) -> Told {
    let text = units.iter().fold(text.to_owned(), |text, unit| text.replace(unit, ""));
    let text = text.replace(['–', '—', '−'], "-").replace(['≤', '⩽'], "<=");
    let text = text.replace(['≥', '⩾'], ">=").replace("=<", "<=").replace("=>", ">=");
    let is_number = |sign: char| sign.is_ascii_digit() || sign == '.';
    let (mut told, mut others, mut rest) = (Vec::new(), String::new(), text.as_str());
    while let Some(start) = rest.find(is_number) {
        let (before, from) = rest.split_at(start);
        let (number, after) = from.split_at(from.find(|it| !is_number(it)).unwrap_or(from.len()));
        let words = before.trim_end_matches(|sign: char| "<>= ".contains(sign));
        others.push_str(words);
        if magnitude(number) == magnitude(bound.as_str()) {
            told.push(before[words.len()..].replace(' ', ""));
        }
        rest = after;
    }
    others.push_str(rest);
    let is_plain =
        others.split_whitespace().all(|word| word.trim_matches('-').is_empty() || word == "to");
    told.dedup();
    match &told[..] {
        [sign] if sign == side.sign() => Told::Inclusive(false),
        [sign] if sign.strip_suffix('=') == Some(side.sign()) => Told::Inclusive(true),
        [sign] if sign.is_empty() && is_plain => Told::Inclusive(true),
        _ => Told::Unclear,
    }
}

/// The digits that make a number what it is, without its sign, which a hyphen may look like.
fn magnitude(number: &str) -> &str {
    let number = number.trim_start_matches('-');
    let trimmed = number.trim_end_matches('0').trim_end_matches('.');
    if number.contains('.') { trimmed } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, low: Option<bool>, high: Option<bool>) {
        let of = |bound: &str, side| {
            inclusive(&bound.parse().unwrap(), Told::Nothing, side, Some(text), &["10*3/uL"])
        };
        assert_eq!((of("3.50", Side::Low), of("5.7", Side::High)), (low, high), "{text}");
    }

    #[test]
    fn a_bound_includes_itself_unless_the_text_says_otherwise() {
        let (yes, no) = (Some(true), Some(false));
        check("3.5-5.7", yes, yes);
        check("3.50 – 5.70 10*3/uL", yes, yes);
        check("3.5 to 5.7", yes, yes);
        check("3.5 - <5.7", yes, no);
        check(">3.5 - ≤ 5.7", no, yes);
        check(">=3.5", yes, None);
        check("< 5.7 10*3/uL", None, no);
        check("=<5.7", None, yes);
        check("", yes, yes);
    }

    #[test]
    fn what_is_worded_otherwise_says_nothing_of_a_bound() {
        for text in [
            "under 5.7",
            "Adults: 3.5-5.7",
            "(3.5-5.7)",
            "<3.5 or >5.7",
            "3.5-5.7 mmol/L",
            "Negative",
            "see 13.5 and 15.7",
        ] {
            check(text, None, None);
        }
        let of = |comparator| {
            let bound = "5.7".parse().unwrap();
            inclusive(&bound, comparator, Side::High, Some("<5.7"), &[])
        };
        assert_eq!(of(Told::Inclusive(false)), Some(false));
        assert_eq!(of(Told::Inclusive(true)), None);
    }
}
