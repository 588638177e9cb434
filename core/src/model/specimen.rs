//! A sample (FHIR: Specimen).

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Phi;

/// What was taken to be tested.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Specimen {
    /// The lab's number of the sample, which leads to a person.
    pub id: Option<Phi<String>>,
    /// What it is of, in the vendor's word.
    pub kind: Option<String>,
    /// What is wrong with it or was done to it, in the lab's words: hemolyzed, rejected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub condition: Vec<Phi<String>>,
    /// When it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<Timestamp>,
    /// The day on which it was taken, where the lab gives no time of day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collected_on: Option<Date>,
    /// When the lab received it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// The lab's remarks on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Phi<String>>,
}

impl Specimen {
    /// Each field of `self`, or where that is not known, of `below`: what an older message said of
    /// the same sample.
    #[must_use]
    pub fn over(&self, below: &Self) -> Self {
        fn told<T: Clone>(over: &[T], below: &[T]) -> Vec<T> {
            if over.is_empty() { below } else { over }.to_vec()
        }
        Self {
            id: self.id.clone(),
            kind: self.kind.clone().or_else(|| below.kind.clone()),
            condition: told(&self.condition, &below.condition),
            collected_at: self.collected_at.or(below.collected_at),
            collected_on: self.collected_on.or(below.collected_on),
            received_at: self.received_at.or(below.received_at),
            notes: told(&self.notes, &below.notes),
        }
    }
}
