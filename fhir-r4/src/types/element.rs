//! Elements that resources are made of.
//!
//! Source: hl7.org/fhir/R4/datatypes.html.

use labgate_core::{Decimal, decode::Scalar};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::Moment;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Meta {
    pub(crate) version_id: Option<labgate_core::Identifier>,
    pub(crate) last_updated: Option<Moment>,
}

#[derive(Deserialize)]
pub(crate) struct Coding {
    pub(crate) system: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) display: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct CodeableConcept {
    pub(crate) coding: Option<Vec<Coding>>,
    pub(crate) text: Option<String>,
}

impl CodeableConcept {
    pub(crate) fn codings(&self) -> &[Coding] {
        self.coding.as_deref().unwrap_or_default()
    }

    /// What it says to people, or failing that its code.
    pub(crate) fn words(&self) -> Option<&str> {
        let displays = self.codings().iter().filter_map(|coding| coding.display.as_deref());
        let codes = self.codings().iter().filter_map(|coding| coding.code.as_deref());
        self.text.as_deref().into_iter().chain(displays).chain(codes).find(|text| !text.is_empty())
    }
}

#[derive(Deserialize)]
pub(crate) struct Identifier {
    pub(crate) system: Option<String>,
    pub(crate) value: Option<String>,
}

impl Identifier {
    /// `SYSTEM|VALUE` (hl7.org/fhir/R4/search.html#token), which is no logical id: those have no
    /// `|`.
    pub(crate) fn token(&self) -> Option<String> {
        let value = self.value.as_deref().filter(|value| !value.is_empty())?;
        Some(format!("{}|{value}", self.system.as_deref().unwrap_or_default()))
    }
}

#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) reference: Option<String>,
    pub(crate) identifier: Option<Identifier>,
    pub(crate) display: Option<String>,
}

/// A number by the digits that stand in the body; some vendors put them into a string.
pub(crate) struct Number(pub(crate) Decimal);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Scalar::deserialize(deserializer)? {
            Scalar::Number(number) => Ok(Self(number)),
            Scalar::Text(text) => {
                text.parse().map(Self).map_err(|_| D::Error::custom("expected a number"))
            }
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Quantity {
    pub(crate) value: Option<Number>,
    pub(crate) comparator: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) code: Option<String>,
}

impl Quantity {
    /// The unit in the lab's words, or failing that its code.
    pub(crate) fn unit(&self) -> Option<&str> {
        self.unit.as_deref().or(self.code.as_deref())
    }
}

#[derive(Deserialize)]
pub(crate) struct Range {
    pub(crate) low: Option<Quantity>,
    pub(crate) high: Option<Quantity>,
}

#[derive(Deserialize)]
pub(crate) struct Ratio {
    pub(crate) numerator: Option<Quantity>,
    pub(crate) denominator: Option<Quantity>,
}

#[derive(Deserialize)]
pub(crate) struct Period {
    pub(crate) start: Option<Moment>,
    pub(crate) end: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment {
    pub(crate) content_type: Option<String>,
    pub(crate) url: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Annotation {
    pub(crate) text: Option<String>,
}
