//! What an observation says besides its value.

use jiff::{Timestamp, civil::Date};
use labgate_core::{Phi, model::ObservationStatus};

use super::{Mapper, words};
use crate::{
    types::{self, CodeableConcept, Reference, Resource},
    versions::AsOf,
};

/// What an observation says of itself and of each of its components.
#[derive(Clone, Default)]
pub(super) struct Told {
    pub(super) status: Option<ObservationStatus>,
    /// The vendor's word, where the value is still to come.
    pub(super) pending: Option<String>,
    pub(super) at: Option<Timestamp>,
    pub(super) on: Option<Date>,
    pub(super) performer: Option<String>,
    pub(super) method: Option<String>,
    pub(super) body_site: Option<String>,
    pub(super) specimen: Option<Phi<String>>,
}

impl Mapper<'_> {
    /// All of it. Without a time of its own an observation is of the time when it was issued.
    pub(super) fn told(&mut self, place: usize, observation: &types::Observation) -> Told {
        const FIELD: &str = "Observation.effective";
        let word = observation.status.as_deref();
        let known = word.and_then(words::observation_status);
        if known.is_none() {
            self.unknown("Observation.status");
        }
        let status = known.or(word.map(|_| ObservationStatus::Unknown));
        let period = observation.effective_period.as_ref();
        let began = period.and_then(|period| period.start.as_ref().or(period.end.as_ref()));
        let effective = observation.effective_date_time.as_ref();
        let effective = effective.or(observation.effective_instant.as_ref()).or(began);
        if effective.is_some_and(|moment| moment.is_odd) {
            self.unknown(FIELD);
        }
        let at = effective.and_then(|moment| moment.instant);
        let on = effective.and_then(|moment| moment.date).filter(|_| at.is_none());
        let issued = observation.issued.as_ref().filter(|_| on.is_none());
        let mut performers = observation.performer.iter().flatten();
        let told = |concept: Option<&CodeableConcept>| concept?.words().map(String::from);
        let pending = status == Some(ObservationStatus::Preliminary);
        Told {
            status,
            pending: observation.status.clone().filter(|_| pending),
            at: at.or_else(|| issued.and_then(|issued| issued.instant)),
            on,
            performer: performers.find_map(|it| self.performer(place, it)),
            method: told(observation.method.as_ref()),
            body_site: told(observation.body_site.as_ref()),
            specimen: observation.specimen.as_ref().and_then(|it| self.specimen(place, it)),
        }
    }

    /// The number of the specimen that `reference` leads to; where the body does not hold it, how
    /// the reference names it.
    fn specimen(&self, from: usize, reference: &Reference) -> Option<Phi<String>> {
        let found = self.resources.resolve_to("Specimen", from, reference, AsOf::Now);
        let resolved = found.and_then(|place| {
            let Resource::Specimen(specimen) = &self.resources.entries[place].resource else {
                return None;
            };
            self.number(place, specimen)
        });
        let identified = || reference.identifier.as_ref()?.value.clone();
        let id = || {
            let text = reference.reference.as_deref()?.split("/_history/").next()?;
            text.rsplit('/').next().map(String::from)
        };
        let named = resolved.or_else(identified).or_else(id).or_else(|| reference.display.clone());
        named.map(Phi::new)
    }
}
