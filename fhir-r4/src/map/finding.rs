//! Observation: what was found.

use jiff::Timestamp;
use labgate_core::{
    Phi,
    model::{Code, MissingResult, Observation, ObservationValue},
};

use super::{Mapper, range::range, words};
use crate::types::{self, CodeableConcept, Quantity, Range, Ratio};

/// What was found and what was not.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) observations: Vec<Observation>,
    pub(super) missing: Vec<MissingResult>,
}

/// The longest name of a performer, in bytes; it is repeated with every component.
const NAME: usize = 1024;

impl Mapper<'_> {
    /// Adds to `findings` what an observation found, and each of its components. One that groups
    /// others and has no value of its own adds nothing; one that was withdrawn is missing.
    pub(super) fn find(
        &mut self,
        place: usize,
        observation: &types::Observation,
        findings: &mut Findings,
    ) {
        let standing = observation.status.as_deref().and_then(words::observation_status);
        if standing.is_none() {
            self.unknown("Observation.status");
        }
        if standing == Some(words::Standing::Withdrawn) {
            let reason = observation.data_absent_reason.as_ref().and_then(|reason| reason.words());
            let reason = reason.or(observation.status.as_deref()).map(String::from);
            let name = code(observation.code.as_ref()).name;
            return findings.missing.push(MissingResult {
                name,
                reason,
                ..MissingResult::default()
            });
        }
        let issued = observation.issued.as_ref();
        let effective = observation.effective_date_time.as_ref();
        let at = self
            .instant(effective.or(observation.effective_instant.as_ref()), "Observation.effective")
            .or_else(|| self.began(observation.effective_period.as_ref(), "Observation.effective"))
            .or_else(|| issued.and_then(|issued| issued.instant));
        let mut performers = observation.performer.iter().flatten();
        let performer =
            performers.find_map(|it| self.performer(place, it)).filter(|name| name.len() <= NAME);
        let notes = observation.note.iter().flatten().filter_map(|note| note.text.as_deref());
        let notes: Vec<&str> = notes.collect();
        let notes = (!notes.is_empty()).then(|| Phi::new(notes.join("\n")));
        let components = observation.component.as_deref().unwrap_or_default();
        let groups = !components.is_empty()
            || observation.has_member.as_ref().is_some_and(|members| !members.is_empty());
        let mut told = Told { at, performer, notes };
        self.value_of(observation, groups, &mut told, findings);
        for component in components {
            if component.has_member.is_some() {
                self.unknown("Observation.component[].hasMember");
            }
            self.value_of(component, false, &mut told, findings);
        }
    }

    /// Adds one value, or says that it is missing.
    fn value_of<Part>(
        &mut self,
        said: &types::Observation<Part>,
        groups: bool,
        told: &mut Told,
        findings: &mut Findings,
    ) {
        let value = self.value(said);
        if value.is_none() && (groups || said.data_absent_reason.is_some()) {
            if let Some(reason) = &said.data_absent_reason {
                let reason = reason.words().map(String::from);
                let name = code(said.code.as_ref()).name;
                findings.missing.push(MissingResult { name, reason, ..MissingResult::default() });
            }
            return;
        }
        let unit = said.value_quantity.as_ref().and_then(Quantity::unit);
        let (interpretation, provider_interpretation) =
            self.judgement(said.interpretation.as_deref());
        findings.observations.push(Observation {
            code: code(said.code.as_ref()),
            reference_range: range(said.reference_range.as_deref(), unit),
            value: value.map(Phi::new),
            interpretation,
            provider_interpretation,
            at: told.at,
            notes: told.notes.take(),
            performer: told.performer.clone(),
            ..Observation::default()
        });
    }

    /// hl7.org/fhir/R4/observation-definitions.html#Observation.value_x_
    fn value<Part>(&mut self, said: &types::Observation<Part>) -> Option<ObservationValue> {
        let text = |text: String| ObservationValue::words(text, None);
        if let Some(quantity) = &said.value_quantity {
            return self.quantity(quantity);
        }
        if let Some(found) = &said.value_range {
            return between(found);
        }
        if let Some(number) = &said.value_integer {
            let value = number.0.clone();
            return Some(ObservationValue::Quantity { value, comparator: None, unit: None });
        }
        if let Some(concept) = &said.value_codeable_concept {
            return coded(concept);
        }
        let ratio = said.value_ratio.as_ref().and_then(ratio);
        let truth = said.value_boolean.map(|truth| truth.to_string());
        let words = said.value_string.clone().or(ratio).or(truth);
        words.or_else(|| said.value_date_time.clone()).or_else(|| said.value_time.clone()).map(text)
    }

    /// A number without a value is none; one with a sign that nobody knows is told in words, since
    /// without the sign it would say something else.
    fn quantity(&mut self, quantity: &Quantity) -> Option<ObservationValue> {
        let value = quantity.value.as_ref()?.0.clone();
        let unit = quantity.unit().map(String::from);
        let Some(sign) = quantity.comparator.as_deref() else {
            return Some(ObservationValue::Quantity { value, comparator: None, unit });
        };
        let comparator = words::comparator(sign);
        if comparator.is_none() {
            self.unknown("Observation.valueQuantity.comparator");
            return Some(ObservationValue::words(format!("{sign} {value}"), unit));
        }
        Some(ObservationValue::Quantity { value, comparator, unit })
    }
}

/// What an observation tells of all its values; its notes go with the first of them.
struct Told {
    at: Option<Timestamp>,
    performer: Option<String>,
    notes: Option<Phi<String>>,
}

/// A range that is open on one side is a number with a comparator; its bounds are inclusive.
fn between(range: &Range) -> Option<ObservationValue> {
    use labgate_core::model::Comparator::{GreaterOrEqual, LessOrEqual};
    let number = |bound: &Option<Quantity>| Some(bound.as_ref()?.value.as_ref()?.0.clone());
    let unit = range.low.iter().chain(&range.high).find_map(Quantity::unit).map(String::from);
    let (value, comparator) = match (number(&range.low), number(&range.high)) {
        (Some(low), Some(high)) => return Some(ObservationValue::Range { low, high, unit }),
        (Some(low), None) => (low, GreaterOrEqual),
        (None, Some(high)) => (high, LessOrEqual),
        (None, None) => return None,
    };
    Some(ObservationValue::Quantity { value, comparator: Some(comparator), unit })
}

/// A titre, as labs write it: `1:40`.
fn ratio(ratio: &Ratio) -> Option<String> {
    let side = |side: &Option<Quantity>| {
        let side = side.as_ref()?;
        let sign = side.comparator.as_deref().unwrap_or_default();
        let unit = side.unit().filter(|unit| *unit != "1").map(|unit| format!(" {unit}"));
        Some(format!("{sign}{}{}", side.value.as_ref()?.0, unit.unwrap_or_default()))
    };
    Some(format!("{}:{}", side(&ratio.numerator)?, side(&ratio.denominator)?))
}

/// A finding in words where the lab gives them, so that nobody has to look a code up.
fn coded(concept: &CodeableConcept) -> Option<ObservationValue> {
    let display = concept.codings().iter().find_map(|coding| coding.display.as_deref());
    if let Some(text) = concept.text.as_deref().or(display) {
        return Some(ObservationValue::words(text, None));
    }
    let code = concept.codings().iter().find_map(|coding| coding.code.clone())?;
    Some(ObservationValue::Coded { code, codings: Vec::new() })
}

/// What was measured: LOINC's code by its system, the vendor's own from the first other coding, or
/// failing both its text; the name as the lab writes it, else as a coding does, else the code.
pub(super) fn code(concept: Option<&CodeableConcept>) -> Code {
    let Some(concept) = concept else { return Code::default() };
    let is_loinc = |system: Option<&str>| system == Some("http://loinc.org");
    let first = |loinc: bool| {
        let mut codings = concept.codings().iter();
        codings.find(|it| is_loinc(it.system.as_deref()) == loinc && it.code.is_some())
    };
    let loinc = first(true).and_then(|coding| coding.code.clone());
    let other = first(false).and_then(|coding| coding.code.clone());
    let text = || concept.text.clone().filter(|_| loinc.is_none());
    let name = concept.words().unwrap_or_default().into();
    Code { provider: other.or_else(text), name, loinc, ..Code::default() }
}
