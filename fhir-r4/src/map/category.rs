//! Which branch of medicine an observation comes from.

use crate::types::{CodeableConcept, Coding};

/// What the categories of an observation say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Branch {
    /// A laboratory made it.
    Lab,
    /// It was measured, asked or seen on a person.
    Other,
    /// They say it in words that the tables don't have.
    Unknown,
}

/// Codes and words of any system, in lower case with hyphens. Source:
/// hl7.org/fhir/R4/valueset-observation-category.html, and US Core's categories of observations.
const WORDS: &[(&str, Branch)] = &[
    ("laboratory", Branch::Lab),
    ("lab", Branch::Lab),
    ("labs", Branch::Lab),
    ("vital-signs", Branch::Other),
    ("vital-sign", Branch::Other),
    ("vitals", Branch::Other),
    ("social-history", Branch::Other),
    ("imaging", Branch::Other),
    ("procedure", Branch::Other),
    ("survey", Branch::Other),
    ("exam", Branch::Other),
    ("therapy", Branch::Other),
    ("activity", Branch::Other),
    ("sdoh", Branch::Other),
    ("functional-status", Branch::Other),
    ("disability-status", Branch::Other),
    ("cognitive-status", Branch::Other),
    ("care-experience-preference", Branch::Other),
    ("treatment-intervention-preference", Branch::Other),
];

/// Sections of a laboratory, by the system that has them. Source:
/// terminology.hl7.org/CodeSystem-v2-0074.html; LOINC's "studies (set)" of its classes; SNOMED CT's
/// laboratory procedure and laboratory test.
const SECTIONS: &[(&str, &[&str])] = &[
    (
        "v2-0074",
        &[
            "BG", "BLB", "CG", "CH", "CP", "GE", "HM", "IMM", "LAB", "MB", "MCB", "MYC", "OSL",
            "PAT", "SP", "SR", "TX", "URN", "VR",
        ],
    ),
    ("v2/0074", &["LAB", "CH", "HM", "MB"]),
    (
        "loinc.org",
        &[
            "26436-6", "26435-8", "18717-9", "18718-7", "18719-5", "18720-3", "18721-1", "18722-9",
            "18723-7", "18724-5", "18725-2", "18727-8", "18728-6", "18729-4",
        ],
    ),
    ("snomed.info/sct", &["108252007", "15220000"]),
];

/// What the categories say, if there are any: a lab's word counts, then another branch's.
pub(super) fn branch(categories: Option<&[CodeableConcept]>) -> Option<Branch> {
    let said: Vec<Branch> = categories.unwrap_or_default().iter().filter_map(of_concept).collect();
    strongest(&said)
}

fn of_concept(concept: &CodeableConcept) -> Option<Branch> {
    let codings = concept.codings().iter().flat_map(of_coding);
    let text = concept.text.as_deref().map(of_word);
    strongest(&codings.chain(text).collect::<Vec<_>>())
}

fn of_coding(coding: &Coding) -> Vec<Branch> {
    let system = coding.system.as_deref().unwrap_or_default();
    let of_code = |code: &str| {
        let mut sections = SECTIONS.iter().filter(|(known, _)| system.ends_with(known));
        let is_section = sections.any(|(_, codes)| codes.contains(&code));
        if is_section { Branch::Lab } else { of_word(code) }
    };
    let code = coding.code.as_deref().map(of_code);
    code.into_iter().chain(coding.display.as_deref().map(of_word)).collect()
}

fn of_word(word: &str) -> Branch {
    let word = word.trim().to_lowercase().replace([' ', '_'], "-");
    let known = WORDS.iter().find(|(known, _)| *known == word);
    known.map_or(Branch::Unknown, |(_, branch)| *branch)
}

fn strongest(said: &[Branch]) -> Option<Branch> {
    let order = [Branch::Lab, Branch::Other, Branch::Unknown];
    order.into_iter().find(|branch| said.contains(branch))
}
