//! People and organisations.

use labgate_core::decode::Shape;
use serde::Deserialize;

use super::{CodeableConcept, Identifier, List, Meta, Moment, Reference, shape};

/// hl7.org/fhir/R4/patient.html
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Patient {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) name: Option<List<HumanName>>,
    pub(crate) telecom: Option<List<ContactPoint>>,
    pub(crate) gender: Option<String>,
    pub(crate) birth_date: Option<Moment>,
    pub(crate) address: Option<List<PostalAddress>>,
}

pub(super) const PATIENT: Shape = shape! {
    unread: [
        "what is known of a person orders nothing": ["meta.lastUpdated"],
        "of a person, and nothing of a result hangs on it": [
            "active", "deceasedBoolean", "deceasedDateTime", "maritalStatus",
            "multipleBirthBoolean", "multipleBirthInteger", "photo", "contact", "communication",
            "generalPractitioner", "managingOrganization", "link", "name[].prefix",
            "name[].suffix",
        ],
        "since when it holds": [
            "**.period",
        ],
        "which way to reach somebody is preferred, and how mail is addressed": [
            "telecom[].rank", "address[].type", "address[].district",
        ],
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
    pub(crate) r#use: Option<String>,
    pub(crate) system: Option<String>,
    pub(crate) value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PostalAddress {
    pub(crate) r#use: Option<String>,
    pub(crate) text: Option<String>,
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
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) name: Option<String>,
    pub(crate) telecom: Option<List<ContactPoint>>,
    pub(crate) address: Option<List<PostalAddress>>,
    pub(crate) contact: Option<List<Contact>>,
}

/// hl7.org/fhir/R4/organization-definitions.html#Organization.contact
#[derive(Deserialize)]
pub(crate) struct Contact {
    pub(crate) purpose: Option<CodeableConcept>,
    pub(crate) name: Option<HumanName>,
}

pub(super) const ORGANIZATION: Shape = shape! {
    unread: [
        "its code says it": ["contact[].purpose.text"],
        "of an organization, and nothing of a result hangs on it": [
            "active", "type", "alias", "partOf", "endpoint",
        ],
        "since when it holds": [
            "**.period",
        ],
        "which way to reach somebody is preferred, and how mail is addressed": [
            "telecom[].rank", "address[].type", "address[].district", "contact[].telecom",
            "contact[].address", "contact[].name.prefix", "contact[].name.suffix",
        ],
    ],
    dispensable: ["identifier", "name", "telecom", "address", "contact"]
};

/// hl7.org/fhir/R4/practitioner.html
#[derive(Deserialize)]
pub(crate) struct Practitioner {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) name: Option<List<HumanName>>,
}

pub(super) const PRACTITIONER: Shape = shape! {
    unread: [
        "of a person, and nothing of a result hangs on it": [
            "active", "telecom", "address", "gender", "birthDate", "photo", "qualification",
            "communication", "name[].prefix", "name[].suffix",
        ],
        "since when it holds": [
            "**.period",
        ],
    ],
    dispensable: ["identifier", "name"]
};

/// hl7.org/fhir/R4/practitionerrole.html
#[derive(Deserialize)]
pub(crate) struct PractitionerRole {
    pub(crate) id: Option<String>,
    pub(crate) meta: Option<Meta>,
    pub(crate) identifier: Option<List<Identifier>>,
    pub(crate) practitioner: Option<Reference>,
    pub(crate) organization: Option<Reference>,
}

pub(super) const PRACTITIONER_ROLE: Shape = shape! {
    unread: [
        "what somebody does elsewhere, and when": [
            "active", "period", "code", "specialty", "location", "healthcareService", "telecom",
            "availableTime", "notAvailable", "availabilityExceptions", "endpoint", "**.period",
        ],
    ],
    dispensable: ["identifier", "practitioner", "organization"]
};
