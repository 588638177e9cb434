//! Observation: what was found.

use labgate_core::{
    Phi,
    decode::Unreadable,
    model::{
        Code, Coding, MissingResult, Observation, ObservationStatus, ObservationValue, Parent,
    },
};

use super::{Mapper, range::Ranges, told::Told};
use crate::types::{self, CodeableConcept};

/// What was found and what was not.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) observations: Vec<Observation>,
    pub(super) missing: Vec<MissingResult>,
}

/// What goes with one value.
struct Own {
    id: Option<String>,
    parent: Option<Parent>,
    notes: Vec<String>,
    /// Whether members or components belong to it.
    groups: bool,
}

impl Own {
    /// How many bytes of it an observation repeats.
    fn repeated(&self, told: &Told) -> usize {
        let parent = self.parent.as_ref().map(|parent| {
            parent.name.len() + parent.id.as_ref().map(String::len).unwrap_or_default()
        });
        let specimen = told.specimen.as_ref().map(|specimen| specimen.expose().len());
        let names = [&told.performer, &told.method, &told.body_site];
        let names = names.into_iter().flatten().map(String::len);
        names.chain(parent).chain(specimen).sum()
    }
}

impl Mapper<'_> {
    /// Adds to `findings` what an observation found, and each of its components. One that only
    /// groups others adds nothing by itself; one that was withdrawn is missing. Returns how many
    /// bytes it repeats that it said once.
    pub(super) fn find(
        &mut self,
        place: usize,
        observation: &types::Observation,
        parent: Option<Parent>,
        findings: &mut Findings,
    ) -> Result<usize, Unreadable> {
        let told = self.told(place, observation);
        if told.status.is_some_and(ObservationStatus::is_withdrawn) {
            withdraw(observation, &mut findings.missing);
            return Ok(0);
        }
        let components = observation.component.as_deref().unwrap_or_default();
        let members = observation.has_member.as_deref().unwrap_or_default();
        let groups = !components.is_empty() || !members.is_empty();
        let own = Own {
            id: self.name_within(place).filter(|_| groups),
            parent,
            notes: notes(observation),
            groups,
        };
        let mut repeated = own.repeated(&told);
        let above = self.as_parent(place);
        self.add(observation, own, &told, findings)?;
        for component in components {
            if component.has_member.is_some() {
                self.unknown("Observation.component[].hasMember");
            }
            let parent = above.clone();
            let own = Own { id: None, parent, notes: Vec::new(), groups: false };
            repeated += own.repeated(&told);
            self.add(component, own, &told, findings)?;
        }
        Ok(repeated)
    }

    /// Adds one value, or says that it is missing. Without a value an observation is listed if it is
    /// judged, if its value is to come, or if its notes are all that it says.
    fn add<Part>(
        &mut self,
        said: &types::Observation<Part>,
        own: Own,
        told: &Told,
        findings: &mut Findings,
    ) -> Result<(), Unreadable> {
        let found = self.value(said)?;
        let reason = said.data_absent_reason.as_ref();
        let reason = reason.and_then(|it| it.words().or(it.absent())).map(String::from);
        let reason = reason.or(found.reason);
        let in_words = matches!(found.value, Some(ObservationValue::Text { .. }));
        if found.value.is_some() && reason.is_some() && !in_words {
            let problem = "a reason why there is no value, beside a value";
            return Err(Unreadable::at("Observation.dataAbsentReason", problem));
        }
        let (interpretation, provider_interpretation) =
            self.judgement(said.interpretation.as_deref());
        let is_judged = provider_interpretation.is_some();
        let is_pending = told.pending.is_some() && !own.groups;
        let is_remark = reason.is_none() && !own.notes.is_empty();
        if found.value.is_none() && !is_judged && !is_pending && !is_remark {
            if own.groups && reason.is_none() {
                return Ok(());
            }
            if reason.is_none() {
                self.unknown("Observation.value[x]");
            }
            let code = code(said.code.as_ref());
            let notes = own.notes.into_iter().map(Phi::new).collect();
            findings.missing.push(missing(code, reason, notes));
            return Ok(());
        }
        let Ranges { usual, others } =
            self.ranges(said.reference_range.as_deref(), said.value_quantity.as_ref())?;
        let pending = told.pending.clone().filter(|_| found.value.is_none());
        findings.observations.push(Observation {
            id: own.id,
            parent: own.parent,
            code: code(said.code.as_ref()),
            status: told.status,
            value: found.value.map(Phi::new),
            absent_reason: reason.or(pending),
            reference_range: usual,
            other_ranges: others,
            interpretation,
            provider_interpretation,
            at: told.at,
            on: told.on,
            method: told.method.clone(),
            body_site: told.body_site.clone(),
            specimen: told.specimen.clone(),
            notes: (!own.notes.is_empty()).then(|| Phi::new(own.notes.join("\n"))),
            performer: told.performer.clone(),
        });
        Ok(())
    }
}

/// An observation that was cancelled or withdrawn is missing, for the lab's reason or else by its
/// status. The words of a cancelled one explain it; a withdrawn value is not shown.
fn withdraw(observation: &types::Observation, missing: &mut Vec<MissingResult>) {
    let reason = observation.data_absent_reason.as_ref().and_then(|reason| reason.words());
    let reason = reason.or(observation.status.as_deref()).map(String::from);
    let mut notes = notes(observation);
    if observation.status.as_deref() == Some("cancelled") {
        let coded = observation.value_codeable_concept.as_ref();
        notes.extend(observation.value_string.clone());
        notes.extend(coded.and_then(CodeableConcept::words).map(String::from));
    }
    let notes = notes.into_iter().map(Phi::new).collect();
    missing.push(self::missing(code(observation.code.as_ref()), reason.clone(), notes));
    let parts = observation.component.iter().flatten();
    let codes = parts.map(|component| code(component.code.as_ref()));
    missing.extend(codes.map(|code| self::missing(code, reason.clone(), Vec::new())));
}

fn missing(code: Code, reason: Option<String>, notes: Vec<Phi<String>>) -> MissingResult {
    let name = code.name.clone();
    let is_told = code != Code { name: code.name.clone(), ..Code::default() };
    MissingResult { name, code: is_told.then_some(code), reason, notes }
}

fn notes(observation: &types::Observation) -> Vec<String> {
    observation.note.iter().flatten().filter_map(|note| note.text.clone()).collect()
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
    Code { provider: other.or_else(text), name, loinc, codings: codings(concept) }
}

/// Every coding of a concept that says anything.
pub(super) fn codings(concept: &CodeableConcept) -> Vec<Coding> {
    let coding = |said: &types::Coding| Coding {
        system: said.system.clone(),
        code: said.code.clone(),
        display: said.display.clone(),
    };
    concept.codings().iter().map(coding).filter(|coding| *coding != Coding::default()).collect()
}
