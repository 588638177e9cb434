//! Elements that resources are made of.
//!
//! Source: hl7.org/fhir/R4/datatypes.html.

use labgate_core::{Decimal, decode::Scalar};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{Extended, List, Moment};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Meta {
    pub(crate) version_id: Option<labgate_core::Identifier>,
    pub(crate) last_updated: Option<Moment>,
    pub(crate) tag: Option<Vec<Coding>>,
}

impl Meta {
    /// Whether the server left elements out (hl7.org/fhir/R4/search.html#summary).
    pub(crate) fn is_subset(&self) -> bool {
        self.tag.iter().flatten().any(|tag| tag.code.as_deref() == Some("SUBSETTED"))
    }
}

#[derive(Deserialize)]
pub(crate) struct Coding {
    pub(crate) system: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) display: Option<String>,
    #[serde(default)]
    extension: Extended,
    #[serde(default, rename = "_code")]
    beside_code: Extended,
}

#[derive(Default, Deserialize)]
pub(crate) struct CodeableConcept {
    pub(crate) coding: Option<List<Coding>>,
    pub(crate) text: Option<String>,
    #[serde(default)]
    extension: Extended,
    #[serde(default, rename = "_text")]
    beside_text: Extended,
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

    /// Why it says nothing, by its extensions.
    pub(crate) fn absent(&self) -> Option<&str> {
        let codings = self.codings().iter().flat_map(|it| [&it.extension, &it.beside_code]);
        let all = [&self.extension, &self.beside_text].into_iter().chain(codings);
        all.into_iter().find_map(|it| it.reason.as_deref())
    }
}

#[derive(Deserialize)]
pub(crate) struct Identifier {
    pub(crate) r#type: Option<CodeableConcept>,
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

    /// Whether it is the placer's or the filler's number of a group of orders.
    pub(crate) fn is_of_group(&self) -> bool {
        self.is_a("PGN") || self.is_a("FGN")
    }

    /// Whether its type has this code (terminology.hl7.org/CodeSystem-v2-0203.html).
    pub(crate) fn is_a(&self, code: &str) -> bool {
        let mut codings = self.r#type.iter().flat_map(CodeableConcept::codings);
        codings.any(|coding| coding.code.as_deref() == Some(code))
    }
}

#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) reference: Option<String>,
    pub(crate) r#type: Option<String>,
    pub(crate) identifier: Option<Identifier>,
    pub(crate) display: Option<String>,
}

impl Reference {
    /// Everything by which it may name something.
    pub(crate) fn names(&self) -> [Option<&str>; 3] {
        let number = self.identifier.as_ref().and_then(|number| number.value.as_deref());
        [self.reference.as_deref(), number, self.display.as_deref()]
    }
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
    #[serde(default)]
    extension: Extended,
    #[serde(default, rename = "_value")]
    beside_value: Extended,
}

impl Quantity {
    /// The unit in the lab's words, or failing that its code.
    pub(crate) fn unit(&self) -> Option<&str> {
        let told = self.unit.as_deref().filter(|unit| !unit.is_empty());
        told.or(self.code.as_deref())
    }

    /// The unit's code, where the unit is in other words.
    pub(crate) fn unit_code(&self) -> Option<&str> {
        self.code.as_deref().filter(|code| self.unit() != Some(*code))
    }

    pub(crate) fn number(&self) -> Option<&Decimal> {
        self.value.as_ref().map(|number| &number.0)
    }

    /// Why there is no number, by its extensions.
    pub(crate) fn absent(&self) -> Option<&str> {
        [&self.extension, &self.beside_value].into_iter().find_map(|it| it.reason.as_deref())
    }

    /// All of it as a lab would write it: `<=0.5 ug/mL`.
    pub(crate) fn words(&self) -> Option<String> {
        let sign = self.comparator.as_deref().unwrap_or_default();
        let unit = self.unit().map(|unit| format!(" {unit}")).unwrap_or_default();
        Some(format!("{sign}{}{unit}", self.number()?))
    }
}

#[derive(Deserialize)]
pub(crate) struct Range {
    pub(crate) low: Option<Quantity>,
    pub(crate) high: Option<Quantity>,
    #[serde(default)]
    extension: Extended,
}

impl Range {
    /// Why it says nothing, by its extensions.
    pub(crate) fn absent(&self) -> Option<&str> {
        let bounds = self.low.iter().chain(&self.high);
        self.extension.reason.as_deref().or_else(|| bounds.into_iter().find_map(Quantity::absent))
    }
}

#[derive(Deserialize)]
pub(crate) struct Ratio {
    pub(crate) numerator: Option<Quantity>,
    pub(crate) denominator: Option<Quantity>,
    #[serde(default)]
    extension: Extended,
}

impl Ratio {
    /// Why it says nothing, by its extensions.
    pub(crate) fn absent(&self) -> Option<&str> {
        let sides = self.numerator.iter().chain(&self.denominator);
        self.extension.reason.as_deref().or_else(|| sides.into_iter().find_map(Quantity::absent))
    }
}

/// What a device measured again and again.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SampledData {
    pub(crate) origin: Option<Quantity>,
    pub(crate) period: Option<Number>,
    pub(crate) factor: Option<Number>,
    pub(crate) lower_limit: Option<Number>,
    pub(crate) upper_limit: Option<Number>,
    pub(crate) dimensions: Option<Number>,
    pub(crate) data: Option<String>,
    #[serde(default)]
    pub(crate) extension: Extended,
}

/// A Period as it is written, where it is a value.
#[derive(Deserialize)]
pub(crate) struct Span {
    pub(crate) start: Option<String>,
    pub(crate) end: Option<String>,
    #[serde(default)]
    pub(crate) extension: Extended,
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
