//! People and organisations.

use labgate_core::decode::Shape;
use serde::Deserialize;

use super::{Identifier, List, Moment, shape};

/// hl7.org/fhir/R4/patient.html
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Patient {
    pub(crate) id: Option<String>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) name: Option<List<HumanName>>,
    pub(crate) telecom: Option<List<ContactPoint>>,
    pub(crate) gender: Option<String>,
    pub(crate) birth_date: Option<Moment>,
    pub(crate) address: Option<List<PostalAddress>>,
}

pub(super) const PATIENT: Shape = shape! {
    unread: [
        "meta", "active", "deceasedBoolean", "deceasedDateTime", "maritalStatus",
        "multipleBirthBoolean", "multipleBirthInteger", "photo", "contact", "communication",
        "generalPractitioner", "managingOrganization", "link", "name[].prefix", "name[].suffix",
        "**.period", "telecom[].rank", "address[].text", "address[].district",
    ],
    dispensable: ["identifier", "name", "telecom", "gender", "birthDate", "address"]
};

#[derive(Deserialize)]
pub(crate) struct HumanName {
    pub(crate) r#use: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) family: Option<String>,
    pub(crate) given: Option<List<String>>,
}

#[derive(Deserialize)]
pub(crate) struct ContactPoint {
    pub(crate) system: Option<String>,
    pub(crate) value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PostalAddress {
    pub(crate) line: Option<List<String>>,
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) country: Option<String>,
}

/// hl7.org/fhir/R4/organization.html
#[derive(Deserialize)]
pub(crate) struct Organization {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
}

pub(super) const ORGANIZATION: Shape = shape! {
    unread: [
        "meta", "identifier", "active", "alias", "telecom", "address", "partOf", "contact",
        "endpoint",
    ],
    dispensable: ["name"]
};

/// hl7.org/fhir/R4/practitioner.html
#[derive(Deserialize)]
pub(crate) struct Practitioner {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<List<HumanName>>,
}

pub(super) const PRACTITIONER: Shape = shape! {
    unread: [
        "meta", "identifier", "active", "telecom", "address", "gender", "birthDate", "photo",
        "qualification", "communication", "name[].prefix", "name[].suffix", "**.period",
    ],
    dispensable: ["name"]
};
