//! Specimen: what was examined.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use labgate_core::{Phi, decode::Unreadable, model::Specimen};

use super::{Mapper, report::Gathered};
use crate::{
    types::{self, Moment, Period, Reference, Resource},
    versions::AsOf,
};

/// When a sample was taken: the instant, or failing that the day.
#[derive(Clone, Copy, Default)]
pub(super) struct Taken {
    pub(super) at: Option<Timestamp>,
    pub(super) on: Option<Date>,
}

impl Taken {
    pub(super) fn of(specimen: &Specimen) -> Option<Self> {
        let (at, on) = (specimen.collected_at, specimen.collected_on);
        (at.is_some() || on.is_some()).then_some(Self { at, on })
    }
}

impl<'a> Mapper<'a> {
    /// The samples of a report and of its observations, each once. That one of them changed makes
    /// the report as new.
    pub(super) fn samples(
        &mut self,
        place: usize,
        references: &'a [Reference],
        as_of: AsOf,
        gathered: &mut Gathered<'a>,
        orders: usize,
    ) -> Result<Vec<Specimen>, Unreadable> {
        let lent = gathered.observations.iter();
        let lent = lent.filter_map(|(place, it)| Some((*place, it.specimen.as_ref()?)));
        let references = references.iter().map(|it| (place, it)).chain(lent);
        let (mut known, mut named, mut samples) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for (from, reference) in references {
            let resources = self.resources;
            let found = resources.resolve_to("Specimen", from, reference, as_of);
            let Some((place, Resource::Specimen(specimen))) =
                found.map(|place| (place, &resources.entries[place].resource))
            else {
                if named.insert(reference.names()) {
                    samples.extend(told_of(reference));
                }
                continue;
            };
            if !known.insert(place) {
                continue;
            }
            self.claim(resources.entries[place].size * orders)?;
            let updated_at = specimen.meta.as_ref().and_then(|meta| meta.last_updated.as_ref());
            self.stamp(&mut gathered.stamp, updated_at, "meta.lastUpdated");
            samples.push(self.sample(place, specimen));
        }
        Ok(samples)
    }

    /// The samples that `references` lead to.
    pub(super) fn specimens(
        &mut self,
        from: usize,
        references: Option<&[Reference]>,
    ) -> Option<Vec<Specimen>> {
        let resources = self.resources;
        let sample = |reference: &Reference| {
            let place = resources.resolve_to("Specimen", from, reference, AsOf::Now);
            let found = place.map(|place| (place, &resources.entries[place].resource));
            let Some((place, Resource::Specimen(specimen))) = found else {
                return told_of(reference);
            };
            Some(self.sample(place, specimen))
        };
        let found: Vec<_> = references.unwrap_or_default().iter().filter_map(sample).collect();
        (!found.is_empty()).then_some(found)
    }

    fn sample(&mut self, place: usize, specimen: &types::Specimen) -> Specimen {
        let id = self.number(place, specimen).map(Phi::new);
        let field = "Specimen.collection.collected";
        let taken = specimen.collection.as_ref().and_then(|it| {
            self.taken(it.collected_date_time.as_ref(), it.collected_period.as_ref(), field)
        });
        let Taken { at, on } = taken.unwrap_or_default();
        // hl7.org/fhir/R4/valueset-specimen-status.html: any other word says that it is no use.
        let status = specimen.status.iter().filter(|word| *word != "available").cloned();
        let conditions = specimen.condition.iter().flatten();
        let conditions = conditions.filter_map(|it| it.words().map(String::from));
        let notes = specimen.note.iter().flatten().filter_map(|note| note.text.clone());
        Specimen {
            id,
            kind: specimen.r#type.as_ref().and_then(|kind| kind.words()).map(String::from),
            condition: status.chain(conditions).map(Phi::new).collect(),
            collected_at: at,
            collected_on: on,
            received_at: self.instant(specimen.received_time.as_ref(), "Specimen.receivedTime"),
            notes: notes.map(Phi::new).collect(),
        }
    }

    /// The lab's number of a sample, or failing that what it is called by.
    pub(super) fn number(&self, place: usize, specimen: &types::Specimen) -> Option<String> {
        let number = specimen.accession_identifier.as_ref();
        let number = number.and_then(|number| number.value.clone());
        number.or_else(|| self.resources.name(place).map(|name| name.as_str().to_owned()))
    }

    /// When a sample was taken; if that took a while, when it began, as in HL7 v2's OBR-7.
    pub(super) fn taken(
        &mut self,
        moment: Option<&Moment>,
        period: Option<&Period>,
        field: &str,
    ) -> Option<Taken> {
        let began = period.and_then(|period| period.start.as_ref().or(period.end.as_ref()));
        let moment = moment.or(began)?;
        if moment.is_odd {
            self.unknown(field);
        }
        let on = moment.date.filter(|_| moment.instant.is_none());
        Some(Taken { at: moment.instant, on }).filter(|it| it.at.is_some() || it.on.is_some())
    }
}

/// A sample that is not in the body, as far as the reference itself describes it.
fn told_of(reference: &Reference) -> Option<Specimen> {
    let number = reference.identifier.as_ref().and_then(|number| number.value.clone());
    let kind = reference.display.clone();
    let is_told = number.is_some() || kind.is_some();
    is_told.then(|| Specimen { id: number.map(Phi::new), kind, ..Specimen::default() })
}
