//! What is usual, and for whom.

use labgate_core::{
    Decimal,
    decode::Unreadable,
    model::{AgeRange, ReferenceRange},
};

use super::{
    Mapper,
    bound::{Side, Told, inclusive},
    words,
};
use crate::types::{CodeableConcept, Quantity, ReferenceRange as Said};

/// The ranges of one value.
#[derive(Default)]
pub(super) struct Ranges {
    /// The one that applies to everybody.
    pub(super) usual: Option<ReferenceRange>,
    /// Every other.
    pub(super) others: Vec<ReferenceRange>,
}

impl Mapper<'_> {
    /// The reference ranges of an observation with the quantity `value`.
    ///
    /// Where several apply to everybody, the body does not say which is this patient's, so they
    /// become words.
    pub(super) fn ranges(
        &mut self,
        said: Option<&[Said]>,
        value: Option<&Quantity>,
    ) -> Result<Ranges, Unreadable> {
        let (mut usual, mut ranges) = (Vec::new(), Ranges::default());
        for said in said.unwrap_or_default() {
            let Some(range) = self.range(said, value)? else { continue };
            if range.is_for_everybody() {
                usual.push((said, range));
            } else {
                ranges.others.push(range);
            }
        }
        ranges.usual = if let [(_, only)] = &usual[..] {
            Some(only.clone())
        } else {
            let text = |said: &Said| said.text.clone().or_else(|| in_words(said));
            let texts: Vec<String> = usual.iter().filter_map(|(said, _)| text(said)).collect();
            let text = (!texts.is_empty()).then(|| texts.join("; "));
            text.map(|text| ReferenceRange { text: Some(text), ..ReferenceRange::default() })
        };
        Ok(ranges)
    }

    /// One range; `None` if it has neither bounds nor words. Bounds whose units or signs
    /// don't go together become words.
    fn range(
        &mut self,
        said: &Said,
        value: Option<&Quantity>,
    ) -> Result<Option<ReferenceRange>, Unreadable> {
        let bounds = in_words(said);
        if bounds.is_none() && said.text.is_none() {
            return Ok(None);
        }
        let whom = ReferenceRange {
            text: said.text.clone(),
            kind: said.r#type.as_ref().and_then(kind),
            applies_to: applies_to(said)?,
            age: said.age.as_ref().map(|age| AgeRange {
                low: age.low.as_ref().and_then(Quantity::words),
                high: age.high.as_ref().and_then(Quantity::words),
            }),
            ..ReferenceRange::default()
        };
        let low_sign = self.sign(said.low.as_ref(), Side::Low);
        let high_sign = self.sign(said.high.as_ref(), Side::High);
        let is_odd = [low_sign, high_sign].iter().any(|sign| matches!(sign, Told::Unclear));
        if is_odd || is_mixed(said) {
            let text = match (whom.text, bounds) {
                (Some(text), Some(bounds)) => Some(format!("{text} ({bounds})")),
                (text, bounds) => text.or(bounds),
            };
            return Ok(Some(ReferenceRange { text, ..whom }));
        }
        let (low, high) = (number(said.low.as_ref()), number(said.high.as_ref()));
        let own = numbered(said).find(|it| it.unit().is_some());
        let units = own.into_iter().chain(value).flat_map(unit_names);
        let (text, units): (_, Vec<&str>) = (said.text.as_deref(), units.collect());
        let is_included =
            |bound: Option<&Decimal>, sign, side| inclusive(bound?, sign, side, text, &units);
        let own = own.filter(|own| !value.is_some_and(|value| is_same_unit(own, value)));
        Ok(Some(ReferenceRange {
            low_inclusive: is_included(low, low_sign, Side::Low),
            high_inclusive: is_included(high, high_sign, Side::High),
            low: low.cloned(),
            high: high.cloned(),
            unit: own.and_then(Quantity::unit).map(String::from),
            ..whom
        }))
    }

    /// What the comparator of a bound says of it; one that does not go with its side is unclear.
    fn sign(&mut self, bound: Option<&Quantity>, side: Side) -> Told {
        let Some(sign) = bound.and_then(|bound| bound.comparator.as_deref()) else {
            return Told::Nothing;
        };
        if words::comparator(sign).is_none() || !sign.starts_with(side.sign()) {
            self.unknown("Observation.referenceRange[].comparator");
            return Told::Unclear;
        }
        Told::Inclusive(sign != side.sign())
    }
}

/// For whom it is. One that does not say it in words or a code must not be taken for everybody's.
fn applies_to(said: &Said) -> Result<Vec<String>, Unreadable> {
    let words = said.applies_to.iter().flatten().map(|to| to.words().map(String::from));
    words.collect::<Option<_>>().ok_or_else(|| {
        Unreadable::at("Observation.referenceRange[].appliesTo", "nothing that can be said")
    })
}

/// What kind of range it is; `None` for the usual one.
/// Source: hl7.org/fhir/R4/valueset-referencerange-meaning.html
fn kind(concept: &CodeableConcept) -> Option<String> {
    const USUAL: &[&str] = &["normal", "normal range", "reference range", "usual"];
    let is_usual = |word: &str| USUAL.contains(&word.trim().to_lowercase().as_str());
    let text = concept.text.as_deref().filter(|text| !text.is_empty());
    let codes = || concept.codings().iter().filter_map(|coding| coding.code.as_deref());
    if text.is_none_or(is_usual) && codes().any(is_usual) {
        return None;
    }
    let displays = concept.codings().iter().filter_map(|coding| coding.display.as_deref());
    let mut words = text.into_iter().chain(displays).chain(codes());
    words.find(|word| !is_usual(word)).map(String::from)
}

fn number(bound: Option<&Quantity>) -> Option<&Decimal> {
    bound?.number()
}

/// The bounds that have a number.
fn numbered(said: &Said) -> impl Iterator<Item = &Quantity> {
    said.low.iter().chain(&said.high).filter(|bound| bound.number().is_some())
}

/// Whether the bounds are in different units.
fn is_mixed(said: &Said) -> bool {
    let mut units = numbered(said).filter_map(Quantity::unit);
    let first = units.next();
    units.any(|unit| Some(unit) != first)
}

/// Whether two quantities are in one unit, by its words or its code.
fn is_same_unit(one: &Quantity, other: &Quantity) -> bool {
    unit_names(one).any(|name| unit_names(other).any(|known| known == name))
}

fn unit_names(quantity: &Quantity) -> impl Iterator<Item = &str> {
    quantity.unit.as_deref().into_iter().chain(quantity.code.as_deref())
}

/// The bounds as a lab would write them.
fn in_words(said: &Said) -> Option<String> {
    let is_signed = numbered(said).any(|bound| bound.comparator.is_some());
    let unit = numbered(said).find_map(Quantity::unit);
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    match (number(said.low.as_ref()), number(said.high.as_ref())) {
        (None, None) => None,
        _ if is_signed || is_mixed(said) => {
            let words: Vec<String> = numbered(said).filter_map(Quantity::words).collect();
            Some(words.join(" - "))
        }
        (Some(low), Some(high)) => Some(format!("{low}-{high}{unit}")),
        (Some(low), None) => Some(format!(">={low}{unit}")),
        (None, Some(high)) => Some(format!("<={high}{unit}")),
    }
}
