//! What is usual.

use labgate_core::model::ReferenceRange;

use crate::types::{CodeableConcept, Quantity, ReferenceRange as Said};

/// The reference range of a value in `unit`.
///
/// Ranges of another meaning than `normal` are left out. Where several remain, the body does not
/// say which is this patient's, so they are told in words; and so is a range in another unit than
/// the value's, since ours has none. Bounds are inclusive
/// (hl7.org/fhir/R4/datatypes.html#Range). Source of the meanings:
/// hl7.org/fhir/R4/valueset-referencerange-meaning.html
pub(super) fn range(said: Option<&[Said]>, unit: Option<&str>) -> Option<ReferenceRange> {
    let usual: Vec<&Said> = said.unwrap_or_default().iter().filter(|said| is_usual(said)).collect();
    match usual[..] {
        [] => None,
        [only] if fits(only, unit) => Some(bounds(only)),
        _ => {
            let texts: Vec<String> = usual.into_iter().filter_map(in_words).collect();
            let text = (!texts.is_empty()).then(|| texts.join("; "))?;
            Some(ReferenceRange { text: Some(text), ..ReferenceRange::default() })
        }
    }
}

fn is_usual(said: &Said) -> bool {
    let codings = said.r#type.as_ref().map(CodeableConcept::codings).unwrap_or_default();
    codings.is_empty() || codings.iter().any(|coding| coding.code.as_deref() == Some("normal"))
}

/// Whether both bounds are in the unit of the value, as far as they tell one.
fn fits(said: &Said, unit: Option<&str>) -> bool {
    let same = |bound: &Quantity| {
        let told = [bound.unit.as_deref(), bound.code.as_deref()];
        bound.unit().is_none() || unit.is_none() || told.contains(&unit)
    };
    said.low.iter().chain(&said.high).all(same)
}

fn bounds(said: &Said) -> ReferenceRange {
    let number = |bound: &Option<Quantity>| Some(bound.as_ref()?.value.as_ref()?.0.clone());
    let (low, high) = (number(&said.low), number(&said.high));
    ReferenceRange {
        low_inclusive: low.is_some().then_some(true),
        high_inclusive: high.is_some().then_some(true),
        low,
        high,
        text: said.text.clone(),
        ..ReferenceRange::default()
    }
}

fn in_words(said: &Said) -> Option<String> {
    if said.text.is_some() {
        return said.text.clone();
    }
    let ReferenceRange { low, high, .. } = bounds(said);
    let unit = said.low.iter().chain(&said.high).find_map(Quantity::unit);
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    match (low, high) {
        (Some(low), Some(high)) => Some(format!("{low}-{high}{unit}")),
        (Some(low), None) => Some(format!(">={low}{unit}")),
        (None, Some(high)) => Some(format!("<={high}{unit}")),
        (None, None) => None,
    }
}
