//! OpenAPI `SampleData`: the samples of a result, by numbers that lead to a person.

use std::collections::BTreeMap;

use labgate_core::decode::{Reader, Shape, Unread};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{Moment, order::Address};

/// A map whose keys are the vendor's: paths of errors and drift must not lead through them.
pub(crate) type ByKey = BTreeMap<String, Box<RawValue>>;

/// One sample, and the laboratories that examined it, by Junction's keys.
pub(crate) struct Sample {
    pub(crate) key: String,
    pub(crate) data: SampleData,
    pub(crate) laboratories: Vec<(String, Laboratory)>,
}

#[derive(Deserialize)]
pub(crate) struct SampleData {
    pub(crate) sample_id: Option<String>,
    pub(crate) date_collected: Option<Moment>,
    pub(crate) date_received: Option<Moment>,
    pub(crate) date_reported: Option<Moment>,
    performing_laboratories: Option<ByKey>,
    pub(crate) clinical_information: Option<ClinicalInformation>,
}

pub(super) const SAMPLE: Shape = Shape {
    unread: &[
        Unread::because("the laboratory's own count", &["control_number"]),
        Unread::because(
            "the time itself has its offset",
            &[
                "date_collected.timezone_offset",
                "date_received.timezone_offset",
                "date_reported.timezone_offset",
            ],
        ),
        Unread::because(
            "our specimens have no place for it",
            &["clinical_information.fasting", "clinical_information.total_volume"],
        ),
    ],
    dispensable: &[
        "sample_id",
        "date_collected",
        "date_received",
        "date_reported",
        "performing_laboratories",
        "clinical_information",
    ],
};

#[derive(Deserialize)]
pub(crate) struct ClinicalInformation {
    pub(crate) notes: Option<String>,
    pub(crate) information: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Laboratory {
    pub(crate) name: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) medical_director: Option<String>,
    pub(crate) address: Option<Address>,
}

const LABORATORY: Shape =
    Shape { unread: &[], dispensable: &["name", "phone_number", "medical_director", "address"] };

/// Reads the samples at `path`.
pub(super) fn read(reader: &mut Reader, path: &str, samples: Option<ByKey>) -> Vec<Sample> {
    let samples: Vec<(_, SampleData)> = each(reader, path, samples, SAMPLE);
    let path = format!("{path}.*.performing_laboratories");
    let sample = |(key, mut data): (String, SampleData)| {
        let laboratories = each(reader, &path, data.performing_laboratories.take(), LABORATORY);
        Sample { key, data, laboratories }
    };
    samples.into_iter().map(sample).collect()
}

/// Reads the object of each key. No result depends on them, so one that is no object is drift.
fn each<T: DeserializeOwned>(
    reader: &mut Reader,
    path: &str,
    objects: Option<ByKey>,
    shape: Shape,
) -> Vec<(String, T)> {
    let place = format!("{path}.*");
    let mut read = Vec::new();
    for (key, object) in objects.into_iter().flatten() {
        match reader.read(&place, object.get().as_bytes(), shape) {
            Ok(object) => read.push((key, object)),
            Err(_) => reader.unknown_value(&place),
        }
    }
    read
}
