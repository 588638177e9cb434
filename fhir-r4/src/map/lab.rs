//! Who did the work, and for whom.

use std::collections::BTreeSet;

use labgate_core::{
    Phi,
    decode::Unreadable,
    model::{OrderingProvider, PerformingLab},
};

use super::{
    Mapper,
    person::{address, contact, full_name, official},
    report::Gathered,
};
use crate::{
    resolve::literal,
    types::{self, CodeableConcept, Identifier, Reference, Resource},
    versions::AsOf,
};

/// The systems of the numbers of laboratories and of clinicians in the United States
/// (hl7.org/fhir/us/core, us-core-organization and us-core-practitioner).
const CLIA: &str = "urn:oid:2.16.840.1.113883.4.7";
const NPI: &str = "http://hl7.org/fhir/sid/us-npi";

impl<'a> Mapper<'a> {
    /// The organisations among the performers of a report and of its observations, each once.
    pub(super) fn performing_labs(
        &mut self,
        place: usize,
        performers: impl Iterator<Item = &'a Reference>,
        gathered: &Gathered<'a>,
        orders: usize,
    ) -> Result<Vec<PerformingLab>, Unreadable> {
        let lent = gathered.observations.iter().flat_map(|(place, observation)| {
            observation.performer.iter().flatten().map(|it| (*place, it))
        });
        let resources = self.resources;
        let (mut known, mut named, mut labs) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for (from, performer) in performers.map(|it| (place, it)).chain(lent) {
            let (from, lab) = self.organization(from, performer);
            let place = resources.resolve_to("Organization", from, lab, AsOf::Now);
            let Some((place, Resource::Organization(organization))) =
                place.map(|place| (place, &resources.entries[place].resource))
            else {
                if is_organization(lab) && named.insert(lab.names()) {
                    labs.push(told_of(lab));
                }
                continue;
            };
            if known.insert(place) {
                self.claim(resources.entries[place].size * orders)?;
                labs.push(self.performing_lab(place, organization));
            }
        }
        Ok(labs)
    }

    /// The reference to the organisation for which a performer works in its role, or the performer.
    fn organization(&self, from: usize, performer: &'a Reference) -> (usize, &'a Reference) {
        let resources = self.resources;
        let role = resources.resolve_to("PractitionerRole", from, performer, AsOf::Now);
        if let Some((place, Resource::PractitionerRole(role))) =
            role.map(|place| (place, &resources.entries[place].resource))
            && let Some(organization) = &role.organization
        {
            return (place, organization);
        }
        (from, performer)
    }

    fn performing_lab(&self, place: usize, lab: &types::Organization) -> PerformingLab {
        let id = number(lab.identifier.as_deref(), CLIA);
        let own = || self.resources.name(place).map(|id| id.as_str().to_owned());
        // No code says that a contact is the director.
        let directs = |purpose: &CodeableConcept| {
            purpose.words().is_some_and(|words| words.to_lowercase().contains("director"))
        };
        let mut contacts = lab.contact.iter().flatten();
        let director = contacts.find(|it| it.purpose.as_ref().is_some_and(directs));
        let director = director.and_then(|it| full_name(it.name.as_ref()?));
        PerformingLab {
            id: id.or_else(own),
            name: lab.name.clone(),
            phone: contact(lab.telecom.as_deref(), "phone"),
            address: address(lab.address.as_deref()).map(Phi::new),
            director: director.map(Phi::new),
        }
    }

    /// Who made the request at `place`.
    pub(super) fn ordering_provider(
        &mut self,
        place: Option<usize>,
    ) -> Result<Option<OrderingProvider>, Unreadable> {
        let resources = self.resources;
        let Some((place, Resource::ServiceRequest(request))) =
            place.map(|place| (place, &resources.entries[place].resource))
        else {
            return Ok(None);
        };
        let Some(requester) = &request.requester else { return Ok(None) };
        self.claim(requester.display.as_ref().map_or(0, String::len))?;
        self.claim_resolved(place, [requester], 1)?;
        let role = resources.resolve_to("PractitionerRole", place, requester, AsOf::Now);
        let Some((role_at, Resource::PractitionerRole(role))) =
            role.map(|place| (place, &resources.entries[place].resource))
        else {
            return Ok(self.provider(place, requester));
        };
        let person = role.practitioner.as_ref().and_then(|it| self.provider(role_at, it));
        let organization = || self.provider(role_at, role.organization.as_ref()?);
        Ok(person.or_else(organization).or_else(|| self.provider(place, requester)))
    }

    /// A clinician or an organisation; a role is known by its reference only.
    fn provider(&self, from: usize, requester: &Reference) -> Option<OrderingProvider> {
        let place = self.resources.resolve(from, requester);
        let found = place.map(|place| &self.resources.entries[place].resource);
        let own = || Some(self.resources.name(place?)?.as_str().to_owned());
        let (id, name) = if let Some(Resource::Practitioner(person)) = found {
            let name = official(person.name.as_deref()).and_then(full_name);
            (number(person.identifier.as_deref(), NPI).or_else(own), name)
        } else if let Some(Resource::Organization(clinic)) = found {
            (number(clinic.identifier.as_deref(), NPI).or_else(own), clinic.name.clone())
        } else {
            let number = requester.identifier.as_ref().and_then(|it| it.value.clone());
            let literal = requester.reference.as_deref().and_then(literal);
            let id = literal.filter(|(kind, _)| *kind != "Patient");
            (number.or_else(|| id.map(|(_, id)| id.to_owned())), None)
        };
        let name = name.or_else(|| requester.display.clone());
        let is_told = id.is_some() || name.is_some();
        is_told.then(|| OrderingProvider { id, name: name.map(Phi::new) })
    }
}

/// The identifier of the system `system`.
fn number(identifiers: Option<&[Identifier]>, system: &str) -> Option<String> {
    let mut identifiers = identifiers.unwrap_or_default().iter();
    identifiers.find(|known| known.system.as_deref() == Some(system))?.value.clone()
}

/// An organisation that is not in the body, as far as the reference itself describes it.
fn told_of(lab: &Reference) -> PerformingLab {
    let number = lab.identifier.as_ref().and_then(|number| number.value.clone());
    let literal = lab.reference.as_deref().and_then(literal);
    let id = number.or_else(|| literal.map(|(_, id)| id.to_owned()));
    PerformingLab { id, name: lab.display.clone(), ..PerformingLab::default() }
}

/// Whether a reference says itself that it leads to an organisation.
pub(super) fn is_organization(reference: &Reference) -> bool {
    let literal = reference.reference.as_deref().and_then(literal).map(|(kind, _)| kind);
    literal.or(reference.r#type.as_deref()) == Some("Organization")
}
