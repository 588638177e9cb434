//! What was examined, and who examined it.

use labgate_core::{
    Phi,
    model::{PerformingLab, Specimen},
};

use super::{Context, order::address};
use crate::payload::{Laboratory, Moment, Sample};

/// Every sample of a result, `sample_id` among them even if nothing else is said of it.
pub(super) fn specimens(
    samples: &[Sample],
    sample_id: Option<String>,
    context: &mut Context,
) -> Vec<Specimen> {
    let mut specimens: Vec<_> = samples.iter().map(|sample| specimen(sample, context)).collect();
    if let Some(id) = sample_id.map(Phi::new)
        && !specimens.iter().any(|specimen| specimen.id.as_ref() == Some(&id))
    {
        specimens.push(Specimen { id: Some(id), ..Specimen::default() });
    }
    specimens
}

fn specimen(sample: &Sample, context: &mut Context) -> Specimen {
    let data = &sample.data;
    let collected = data.date_collected;
    // A day on which the lab received it would pretend to be midnight.
    if matches!(data.date_received, Some(Moment::Day(_))) {
        context.unknown("sample_information.*.date_received");
    }
    let clinical = data.clinical_information.as_ref();
    let notes = clinical.into_iter().flat_map(|clinical| [&clinical.notes, &clinical.information]);
    Specimen {
        id: Some(Phi::new(data.sample_id.clone().unwrap_or_else(|| sample.key.clone()))),
        collected_at: collected.and_then(Moment::time),
        collected_on: collected.and_then(Moment::day),
        received_at: data.date_received.and_then(Moment::time),
        notes: notes.flatten().cloned().map(Phi::new).collect(),
        ..Specimen::default()
    }
}

/// When the samples were taken, if all that say so say the same.
pub(super) fn collected(samples: &[Sample]) -> Option<Moment> {
    let mut moments = samples.iter().filter_map(|sample| sample.data.date_collected);
    let first = moments.next()?;
    moments.all(|moment| moment == first).then_some(first)
}

/// The laboratories that examined them, each once.
pub(super) fn performing_labs(samples: &[Sample]) -> Vec<PerformingLab> {
    let mut labs: Vec<PerformingLab> = Vec::new();
    for (key, laboratory) in samples.iter().flat_map(|sample| &sample.laboratories) {
        let lab = performing_lab(key, laboratory);
        if !labs.contains(&lab) {
            labs.push(lab);
        }
    }
    labs
}

fn performing_lab(key: &str, laboratory: &Laboratory) -> PerformingLab {
    PerformingLab {
        id: Some(key.into()),
        name: laboratory.name.clone(),
        phone: laboratory.phone_number.clone(),
        address: laboratory.address.as_ref().map(|place| Phi::new(address(place))),
        director: laboratory.medical_director.clone().map(Phi::new),
    }
}
