//! What a report found, compared with what another version of it found.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    Phi,
    model::{Observation, ObservationValue},
    notice::ReportNotice,
};

/// What was found, in whatever order the lab lists it and whenever it looked, as digests.
///
/// A finding is the vendor's code, or else the name, with its value, unit and status. Judgements,
/// ranges and codings are not part of it: whether they change is for a reader to see in the new
/// version, and no amendment. Statuses and parents are compared only where both versions have
/// them, so that what an adapter learns to read later amends nothing that was filed before.
#[derive(Clone, Debug)]
pub(super) struct Findings {
    values: Digest,
    statuses: Option<Digest>,
    parents: Option<Digest>,
}

type Digest = [u8; 32];

/// The code under which a conclusion is a finding.
const CONCLUSION: &str = "conclusion";

impl Findings {
    pub(super) fn of(notice: &ReportNotice) -> Self {
        let found = &notice.observations;
        let conclusion = notice.conclusion.as_ref().map(|conclusion| {
            (CONCLUSION, Some(ObservationValue::words(conclusion.expose().as_str(), None)))
        });
        let parents: HashMap<_, _> =
            found.iter().filter_map(|found| Some((found.id.as_deref()?, found))).collect();
        // An id may be of one message only, so a parent is known by what it found.
        let parent = |found: &Observation| {
            let parent = found.parent.as_ref()?;
            let known = parents.get(parent.id.as_deref()?).map(|parent| finding(parent));
            Some((parent.name.clone(), known))
        };
        Self {
            values: digest(found.iter().map(finding).chain(conclusion)),
            statuses: digest_if_any(found, |found| found.status),
            parents: digest_if_any(found, parent),
        }
    }

    /// Whether a lab that says this after `before` has changed its mind.
    pub(super) fn amend(&self, before: &Self) -> bool {
        let changed = |now: &Option<Digest>, before: &Option<Digest>| {
            now.is_some() && before.is_some() && now != before
        };
        self.values != before.values
            || changed(&self.statuses, &before.statuses)
            || changed(&self.parents, &before.parents)
    }
}

fn finding(found: &Observation) -> (&str, Option<ObservationValue>) {
    let code = found.code.provider.as_deref().unwrap_or(&found.code.name);
    (code, found.value.as_ref().map(Phi::expose).map(ObservationValue::without_codings))
}

/// The findings with what `aspect` says of each, if it says anything of any.
fn digest_if_any<T: Serialize>(
    found: &[Observation],
    aspect: impl Fn(&Observation) -> Option<T>,
) -> Option<Digest> {
    let aspects: Vec<_> = found.iter().map(aspect).collect();
    let findings = || found.iter().map(finding).zip(&aspects);
    aspects.iter().any(Option::is_some).then(|| digest(findings()))
}

fn digest(findings: impl Iterator<Item = impl Serialize>) -> Digest {
    let json = |finding| {
        serde_json::to_vec(&finding).expect("a finding has string keys and no failing field")
    };
    let findings: BTreeSet<Vec<u8>> = findings.map(json).collect();
    // A JSON text holds no bare line break, so no two sets read the same.
    let digest = findings
        .iter()
        .fold(Sha256::new(), |digest, finding| digest.chain_update(finding).chain_update(b"\n"));
    digest.finalize().into()
}
