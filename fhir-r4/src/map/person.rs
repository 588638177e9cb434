//! Who is tested, and who tests.

use labgate_core::{
    Phi,
    model::{Address, Lab, Patient},
};

use super::{Mapper, lab::is_organization};
use crate::{
    resolve::{literal, versioned},
    types::{self, ContactPoint, HumanName, PostalAddress, Reference, Resource},
    versions::AsOf,
};

impl Mapper<'_> {
    /// The patient that a subject leads to; where the body does not hold the resource, its id. That
    /// of a group, a device or a place is drift.
    pub(super) fn patient(
        &mut self,
        from: usize,
        subject: Option<&Reference>,
    ) -> Option<Phi<Patient>> {
        let subject = subject?;
        let found = self.resources.resolve_to("Patient", from, subject, AsOf::Now);
        if let Some(place) = found
            && let Resource::Patient(patient) = &self.resources.entries[place].resource
        {
            let id = self.resources.name(place).map(|id| id.as_str().into());
            return Some(Phi::new(self.person(patient, id)));
        }
        let text = subject.reference.as_deref().map(|text| versioned(text).0);
        let id = text.and_then(|text| match literal(text) {
            Some(("Patient", id)) => Some(id.to_owned()),
            Some(_) => None,
            None => text.strip_prefix("urn:uuid:").map(String::from),
        });
        let is_patient = subject.r#type.as_deref().is_none_or(|kind| kind == "Patient");
        let identified = || subject.identifier.as_ref().filter(|_| is_patient)?.token();
        let Some(id) = id.or_else(identified) else {
            let kind = self.resources.entries[from].resource.kind();
            self.unknown(&format!("{kind}.subject"));
            return None;
        };
        Some(Phi::new(Patient { provider_patient_id: Some(id), ..Patient::default() }))
    }

    fn person(&mut self, patient: &types::Patient, id: Option<String>) -> Patient {
        let name = official(patient.name.as_deref());
        let birth_date = patient.birth_date.as_ref().and_then(|date| date.date);
        if patient.birth_date.is_some() && birth_date.is_none() {
            self.unknown("Patient.birthDate");
        }
        let telecom = patient.telecom.as_deref();
        Patient {
            provider_patient_id: id,
            reference: None,
            first_name: name.and_then(|name| Some(name.given.as_ref()?.join(" "))),
            last_name: name.and_then(|name| name.family.clone().or_else(|| name.text.clone())),
            birth_date,
            gender: patient.gender.clone(),
            email: contact(telecom, "email"),
            phone: contact(telecom, "phone"),
            address: address(patient.address.as_deref()),
        }
    }

    /// The lab: the organisation among the performers, else whoever of them has a name.
    pub(super) fn lab(&self, from: usize, performers: Option<&[Reference]>) -> Option<Lab> {
        let performers = performers.unwrap_or_default();
        let is_lab = |performer: &&Reference| {
            let place = self.resources.resolve(from, performer);
            let found = place.map(|place| self.resources.entries[place].resource.kind());
            found == Some("Organization") || is_organization(performer)
        };
        let lab = performers.iter().find(is_lab);
        let name = lab.into_iter().chain(performers).find_map(|it| self.performer(from, it))?;
        Some(Lab { slug: None, name: Some(name) })
    }

    /// The name of a performer; of a role, that of its organisation.
    pub(super) fn performer(&self, from: usize, performer: &Reference) -> Option<String> {
        let place = self.resources.resolve(from, performer);
        let found = place.map(|place| (place, &self.resources.entries[place].resource));
        if let Some((place, Resource::PractitionerRole(role))) = found {
            let mut ends = role.organization.iter().chain(&role.practitioner);
            let name = ends.find_map(|end| self.named(place, end));
            return name.or_else(|| performer.display.clone());
        }
        self.named(from, performer)
    }

    fn named(&self, from: usize, performer: &Reference) -> Option<String> {
        let place = self.resources.resolve(from, performer);
        let resolved = place.and_then(|place| match &self.resources.entries[place].resource {
            Resource::Organization(organization) => organization.name.clone(),
            Resource::Practitioner(practitioner) => {
                full_name(official(practitioner.name.as_deref())?)
            }
            Resource::PractitionerRole(_)
            | Resource::Appointment(_)
            | Resource::DiagnosticReport(_)
            | Resource::Observation(_)
            | Resource::Patient(_)
            | Resource::ServiceRequest(_)
            | Resource::Specimen(_) => None,
        });
        resolved.or_else(|| performer.display.clone())
    }
}

/// Of several names the official one, else the one that is in use, else the first.
pub(super) fn official(names: Option<&[HumanName]>) -> Option<&HumanName> {
    let rank = |name: &&HumanName| match name.r#use.as_deref() {
        Some("official") => 0,
        Some("usual") => 1,
        Some("temp" | "nickname" | "anonymous") => 3,
        Some("old" | "maiden") => 4,
        Some(_) | None => 2,
    };
    names?.iter().min_by_key(rank)
}

/// A name as people write it.
pub(super) fn full_name(name: &HumanName) -> Option<String> {
    name.text.clone().or_else(|| {
        let given = name.given.iter().flatten();
        let parts: Vec<&str> = given.chain(&name.family).map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    })
}

/// The first of the contacts of a system that is still in use.
pub(super) fn contact(contacts: Option<&[ContactPoint]>, system: &str) -> Option<String> {
    let mut contacts = contacts.unwrap_or_default().iter();
    let fits = |it: &&ContactPoint| {
        it.system.as_deref() == Some(system) && it.r#use.as_deref() != Some("old")
    };
    contacts.find(fits)?.value.clone()
}

/// The first address that is still in use.
pub(super) fn address(addresses: Option<&[PostalAddress]>) -> Option<Address> {
    let mut addresses = addresses.unwrap_or_default().iter();
    let address = addresses.find(|it| it.r#use.as_deref() != Some("old"))?;
    let lines = address.line.as_deref().unwrap_or_default();
    let (first, others) = lines.split_first().unzip();
    Some(Address {
        first_line: first.or(address.text.as_ref()).cloned(),
        second_line: others.filter(|others| !others.is_empty()).map(|others| others.join(", ")),
        city: address.city.clone(),
        state: address.state.clone(),
        postal_code: address.postal_code.clone(),
        country: address.country.clone(),
        access_notes: None,
    })
}
