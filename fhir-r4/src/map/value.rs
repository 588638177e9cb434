//! The value of an observation.

use labgate_core::{
    decode::Unreadable,
    model::{Comparator, ObservationValue},
};

use super::{Mapper, finding::codings, words};
use crate::types::{CodeableConcept, Observation, Quantity, Range, Ratio, SampledData, Span};

/// A value, or the reason why there is none.
#[derive(Default)]
pub(super) struct Found {
    pub(super) value: Option<ObservationValue>,
    /// Why there is none, or why a part of it is absent, by extensions.
    pub(super) reason: Option<String>,
}

impl Found {
    fn new(value: Option<ObservationValue>, reason: Option<&str>) -> Self {
        Self { value, reason: reason.map(String::from) }
    }

    fn words(text: Option<String>, reason: Option<&str>) -> Self {
        Self::new(text.map(|text| ObservationValue::words(text, None)), reason)
    }
}

impl Mapper<'_> {
    /// hl7.org/fhir/R4/observation-definitions.html#Observation.value_x_
    ///
    /// A value that our model can't say is not readable, since it would look absent. Neither are two
    /// values, since one would be lost.
    pub(super) fn value<Part>(&mut self, said: &Observation<Part>) -> Result<Found, Unreadable> {
        let string = said.value_string.as_ref().filter(|text| !text.is_empty());
        let primitives = string
            .cloned()
            .into_iter()
            .chain(said.value_boolean.map(|truth| truth.to_string()))
            .chain(said.value_time.clone())
            .chain(said.value_date_time.clone())
            .map(|text| Found::words(Some(text), None));
        let integer = said.value_integer.as_ref().map(|number| ObservationValue::Quantity {
            value: number.0.clone(),
            comparator: None,
            unit: None,
            unit_code: None,
        });
        let quantity = said.value_quantity.as_ref();
        let mut found = primitives
            .chain(integer.map(|number| Found::new(Some(number), None)))
            .chain(quantity.map(|it| Found::new(self.quantity(it), it.absent())))
            .chain(
                said.value_codeable_concept.as_ref().map(|it| Found::new(coded(it), it.absent())),
            )
            .chain(said.value_range.as_ref().map(|it| Found::new(between(it), it.absent())))
            .chain(said.value_ratio.as_ref().map(|it| Found::words(ratio(it), it.absent())))
            .chain(
                said.value_sampled_data
                    .as_ref()
                    .map(|it| Found::words(samples(it), it.extension.reason.as_deref())),
            )
            .chain(
                said.value_period
                    .as_ref()
                    .map(|it| Found::words(span(it), it.extension.reason.as_deref())),
            )
            .chain(said.value_of_other_type.as_ref().map(|_| Found::default()));
        let first = found.next();
        if found.next().is_some() {
            return Err(unreadable("more than one value"));
        }
        let beside = said.beside_value.reason.clone();
        let is_present = first.is_some() || said.beside_value.is_present;
        let mut found = first.unwrap_or_default();
        found.reason = found.reason.or(beside);
        if is_present && found.value.is_none() && found.reason.is_none() {
            return Err(unreadable("nothing that can be said"));
        }
        Ok(found)
    }

    /// A number without a value is none; one with an unknown comparator becomes words, since
    /// without it the number would say something else.
    fn quantity(&mut self, quantity: &Quantity) -> Option<ObservationValue> {
        let value = quantity.number()?.clone();
        let unit = quantity.unit().map(String::from);
        let comparator = match quantity.comparator.as_deref() {
            None => None,
            Some(sign) => {
                let known = words::comparator(sign);
                if known.is_none() {
                    self.unknown("Observation.valueQuantity.comparator");
                    return Some(ObservationValue::words(format!("{sign} {value}"), unit));
                }
                known
            }
        };
        let unit_code = quantity.unit_code().map(String::from);
        Some(ObservationValue::Quantity { value, comparator, unit, unit_code })
    }
}

fn unreadable(problem: &str) -> Unreadable {
    Unreadable::at("Observation.value[x]", problem)
}

/// Two bounds in one unit are a range, and one bound is a number with a comparator: bounds are
/// inclusive (hl7.org/fhir/R4/datatypes.html#Range). Anything else is words.
fn between(range: &Range) -> Option<ObservationValue> {
    let number = |bound: &Option<Quantity>| bound.as_ref()?.number().cloned();
    let bounds = || range.low.iter().chain(&range.high);
    let mut units = bounds().filter(|bound| bound.number().is_some()).filter_map(Quantity::unit);
    let unit = units.next();
    let is_mixed = units.any(|other| Some(other) != unit);
    let is_signed = bounds().any(|bound| bound.comparator.is_some());
    let unit = unit.map(String::from);
    let one = |value, comparator| ObservationValue::Quantity {
        value,
        comparator: Some(comparator),
        unit: unit.clone(),
        unit_code: bounds().find_map(Quantity::unit_code).map(String::from),
    };
    match (number(&range.low), number(&range.high)) {
        (None, None) => None,
        (Some(low), Some(high)) if !is_mixed && !is_signed => {
            Some(ObservationValue::Range { low, high, unit })
        }
        (Some(low), None) if !is_signed => Some(one(low, Comparator::GreaterOrEqual)),
        (None, Some(high)) if !is_signed => Some(one(high, Comparator::LessOrEqual)),
        _ => Some(ObservationValue::words(in_words(range)?, None)),
    }
}

/// A range in words, each bound with its sign and its unit.
pub(super) fn in_words(range: &Range) -> Option<String> {
    let side = |bound: &Option<Quantity>| bound.as_ref().and_then(Quantity::words);
    match (side(&range.low), side(&range.high)) {
        (Some(low), Some(high)) => Some(format!("{low} - {high}")),
        (Some(low), None) => Some(format!("low: {low}")),
        (None, Some(high)) => Some(format!("high: {high}")),
        (None, None) => None,
    }
}

/// A titre as labs write it: `1:40`. A side whose number is not there is `?`; if all that the
/// denominator says is the unit of the numerator, the numerator is all that is meant.
fn ratio(ratio: &Ratio) -> Option<String> {
    let (numerator, denominator) = (ratio.numerator.as_ref(), ratio.denominator.as_ref());
    let number = |side: Option<&Quantity>| side.and_then(Quantity::number).is_some();
    let unit = |side: Option<&Quantity>| side.and_then(Quantity::unit).map(String::from);
    let is_plain =
        !number(denominator) && unit(denominator).is_some() && unit(denominator) == unit(numerator);
    let side = |side: Option<&Quantity>| {
        let sign = side.and_then(|side| side.comparator.as_deref()).unwrap_or_default();
        let value = side.and_then(Quantity::number).map_or("?", |number| number.as_str());
        let unit = side.and_then(Quantity::unit).filter(|unit| *unit != "1");
        format!("{sign}{value}{}", unit.map(|unit| format!(" {unit}")).unwrap_or_default())
    };
    match (number(numerator), number(denominator)) {
        (false, false) => None,
        (true, false) if is_plain => Some(side(numerator)),
        _ => Some(format!("{}:{}", side(numerator), side(denominator))),
    }
}

/// Samples as they are written, and what it takes to understand them.
fn samples(samples: &SampledData) -> Option<String> {
    let data = samples.data.as_deref()?;
    let number = |number: &Option<crate::types::Number>| Some(number.as_ref()?.0.to_string());
    let told = [
        ("origin", samples.origin.as_ref().and_then(Quantity::words)),
        ("period", number(&samples.period).map(|period| format!("{period} ms"))),
        ("factor", number(&samples.factor)),
        ("lower limit", number(&samples.lower_limit)),
        ("upper limit", number(&samples.upper_limit)),
        ("dimensions", number(&samples.dimensions)),
    ];
    let told = told.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
    let told: Vec<String> = told.collect();
    Some(if told.is_empty() { data.into() } else { format!("{data} ({})", told.join(", ")) })
}

/// A period as ISO 8601 writes it; `..` is an open end.
fn span(span: &Span) -> Option<String> {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "..".into());
    let is_present = span.start.is_some() || span.end.is_some();
    is_present.then(|| format!("{}/{}", side(&span.start), side(&span.end)))
}

/// A finding in the lab's words, so that no reader has to look a code up; without words its code.
fn coded(concept: &CodeableConcept) -> Option<ObservationValue> {
    let codings = codings(concept);
    let display = concept.codings().iter().find_map(|coding| coding.display.as_deref());
    let text = concept.text.as_deref().filter(|text| !text.is_empty());
    if let Some(text) = text.or(display) {
        return Some(ObservationValue::Text { text: text.into(), unit: None, codings });
    }
    let code = concept.codings().iter().find_map(|coding| coding.code.clone())?;
    Some(ObservationValue::Coded { code, codings })
}
