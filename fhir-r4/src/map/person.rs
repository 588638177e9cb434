//! Who is tested, and who tests.

use labgate_core::{
    Phi,
    model::{Address, Lab, Patient},
};

use super::Mapper;
use crate::types::{self, HumanName, PostalAddress, Reference, Resource};

impl Mapper<'_> {
    /// The patient that a subject leads to; where the body does not hold the resource, its id.
    pub(super) fn patient(
        &mut self,
        from: usize,
        subject: Option<&Reference>,
    ) -> Option<Phi<Patient>> {
        let subject = subject?;
        let found = self.resources.resolve(from, subject);
        if let Some(place) = found
            && let Resource::Patient(patient) = &self.resources.entries[place].resource
        {
            let id = self.resources.name(place).map(|id| id.as_str().into());
            return Some(Phi::new(self.person(patient, id)));
        }
        let id = subject.reference.as_deref().and_then(|text| {
            let text = text.split_once("/_history/").map_or(text, |(text, _)| text);
            let (before, id) = text.rsplit_once('/')?;
            before.ends_with("Patient").then(|| id.to_owned())
        });
        let identified = || subject.identifier.as_ref()?.token();
        let provider_patient_id = Some(id.or_else(identified)?);
        Some(Phi::new(Patient { provider_patient_id, ..Patient::default() }))
    }

    fn person(&mut self, patient: &types::Patient, id: Option<String>) -> Patient {
        let name = official(patient.name.as_deref());
        let birth_date = patient.birth_date.as_ref().and_then(|date| date.date);
        if patient.birth_date.is_some() && birth_date.is_none() {
            self.unknown("Patient.birthDate");
        }
        let contact = |system: &str| {
            let mut contacts = patient.telecom.iter().flatten();
            contacts.find(|it| it.system.as_deref() == Some(system))?.value.clone()
        };
        Patient {
            provider_patient_id: id,
            reference: None,
            first_name: name.and_then(|name| Some(name.given.as_ref()?.join(" "))),
            last_name: name.and_then(|name| name.family.clone().or_else(|| name.text.clone())),
            birth_date,
            gender: patient.gender.clone(),
            email: contact("email"),
            phone: contact("phone"),
            address: patient.address.as_deref().and_then(<[_]>::first).map(address),
        }
    }

    /// The lab: the organisation among the performers, else whoever of them has a name.
    pub(super) fn lab(&self, from: usize, performers: Option<&[Reference]>) -> Option<Lab> {
        let performers = performers.unwrap_or_default();
        let is_organization = |performer: &&Reference| {
            let place = self.resources.resolve(from, performer);
            let found = place.map(|place| self.resources.entries[place].resource.type_name());
            let told = performer.reference.as_deref().unwrap_or_default();
            found == Some("Organization") || told.contains("Organization/")
        };
        let lab = performers.iter().find(is_organization);
        let name = lab.into_iter().chain(performers).find_map(|it| self.performer(from, it))?;
        Some(Lab { slug: None, name: Some(name) })
    }

    /// The name of whoever did it.
    pub(super) fn performer(&self, from: usize, performer: &Reference) -> Option<String> {
        let place = self.resources.resolve(from, performer);
        let resolved = place.and_then(|place| match &self.resources.entries[place].resource {
            Resource::Organization(organization) => organization.name.clone(),
            Resource::Practitioner(practitioner) => {
                let name = official(practitioner.name.as_deref())?;
                name.text.clone().or_else(|| {
                    let given = name.given.iter().flatten();
                    let parts: Vec<&str> = given.chain(&name.family).map(String::as_str).collect();
                    (!parts.is_empty()).then(|| parts.join(" "))
                })
            }
            Resource::Appointment(_)
            | Resource::DiagnosticReport(_)
            | Resource::Observation(_)
            | Resource::Patient(_)
            | Resource::ServiceRequest(_)
            | Resource::Specimen(_) => None,
        });
        resolved.or_else(|| performer.display.clone())
    }
}

/// Of several names the official one, else the first.
fn official(names: Option<&[HumanName]>) -> Option<&HumanName> {
    let names = names?;
    names.iter().find(|name| name.r#use.as_deref() == Some("official")).or(names.first())
}

fn address(address: &PostalAddress) -> Address {
    let lines = address.line.as_deref().unwrap_or_default();
    let (first, others) = lines.split_first().unzip();
    Address {
        first_line: first.cloned(),
        second_line: others.filter(|others| !others.is_empty()).map(|others| others.join(", ")),
        city: address.city.clone(),
        state: address.state.clone(),
        postal_code: address.postal_code.clone(),
        country: address.country.clone(),
        access_notes: None,
    }
}
