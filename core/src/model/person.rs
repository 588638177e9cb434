//! People and places: always behind [`crate::Phi`].

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whoever the sample is taken from (FHIR: Patient).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Patient {
    /// The vendor's id of the patient. It may change during an order's life: a Junction kit
    /// carries the stock user until somebody registers it.
    pub provider_patient_id: Option<String>,
    /// Your own reference to the patient, as you gave it to the vendor.
    pub reference: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Gender in the vendor's word.
    pub gender: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Where the patient lives, or where a kit goes.
    pub address: Option<Address>,
}

/// A postal address.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Address {
    /// Street and number.
    pub first_line: Option<String>,
    /// Flat, suite or floor.
    pub second_line: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or region.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country in the vendor's words.
    pub country: Option<String>,
    /// How to get in.
    pub access_notes: Option<String>,
}

/// A point on the map, in degrees, by the vendor's own digits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// Degrees north.
    pub latitude: crate::Decimal,
    /// Degrees east.
    pub longitude: crate::Decimal,
}
