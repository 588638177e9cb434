//! The lab's judgement of a value.

use labgate_core::model::Interpretation;

use super::Mapper;
use crate::types::{CodeableConcept, Coding};

/// Code systems whose codes the table has: HL7 v3's and v2's, by their new names, their old ones
/// and their OIDs.
const SYSTEMS: &[&str] = &[
    "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
    "http://hl7.org/fhir/v3/ObservationInterpretation",
    "urn:oid:2.16.840.1.113883.5.83",
    "2.16.840.1.113883.5.83",
    "http://terminology.hl7.org/CodeSystem/v2-0078",
    "http://hl7.org/fhir/v2/0078",
    "urn:oid:2.16.840.1.113883.12.78",
    "2.16.840.1.113883.12.78",
];

/// Codes and their displays, in lower case. A finding, a susceptibility or a trend (`POS`, `R`,
/// `U`) is no judgement of ours: it is known, and stays the lab's word. So `<` and `>` are not
/// known here: off the scale may be far off.
/// Source: terminology.hl7.org/CodeSystem-v3-ObservationInterpretation.html,
/// terminology.hl7.org/CodeSystem-v2-0078.html; `C` and `panic` are laboratories' own.
const WORDS: &[(Interpretation, &[&str])] = &[
    (Interpretation::Normal, &["n", "normal"]),
    (Interpretation::Low, &["l", "lu", "low", "significantly low"]),
    (Interpretation::High, &["h", "hu", "high", "significantly high"]),
    (Interpretation::Abnormal, &["a", "abnormal"]),
    (Interpretation::CriticalLow, &["ll", "critical low"]),
    (Interpretation::CriticalHigh, &["hh", "critical high"]),
    (Interpretation::Critical, &["aa", "c", "crit", "critical", "critical abnormal", "panic"]),
    (
        Interpretation::Unknown,
        &[
            "pos", "neg", "ind", "det", "nd", "nr", "rr", "wr", "e", "exp", "une", "r", "s", "i",
            "ms", "vs", "ns", "sdd", "syn-r", "syn-s", "ncl", "b", "d", "u", "w", "hx", "lx", "ex",
            "car", "carrier", "tox", "ac", "ie", "qcf", "hm", "null", "positive", "negative",
        ],
    ),
];

fn known(word: &str) -> Option<Interpretation> {
    let word = word.to_lowercase();
    let mut rows = WORDS.iter().filter(|(_, words)| words.contains(&word.as_str()));
    rows.next().map(|(judgement, _)| *judgement)
}

/// What a word or a code of HL7's says. Marks around it (`HH*`) take nothing from what is critical;
/// what they add to the rest is not known.
fn read(word: &str) -> Option<Interpretation> {
    let bare = word.trim_matches(|sign: char| !sign.is_alphanumeric());
    known(word.trim())
        .or_else(|| known(bare).filter(|it| it.is_critical()))
        .or_else(|| spoken(word))
}

/// What a sentence says that calls something critical and does not deny it.
fn spoken(text: &str) -> Option<Interpretation> {
    const DENIALS: &[&str] = &["no", "non", "not", "never", "without"];
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|sign: char| !sign.is_alphanumeric()).collect();
    let says = |known: &[&str]| words.iter().any(|word| known.contains(word));
    if !mentions(&text) || says(DENIALS) {
        return None;
    }
    Some(match (says(&["low", "ll"]), says(&["high", "hh"])) {
        (true, false) => Interpretation::CriticalLow,
        (false, true) => Interpretation::CriticalHigh,
        (true, true) | (false, false) => Interpretation::Critical,
    })
}

/// Whether a sentence speaks of something critical, be it to deny it.
fn mentions(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|sign: char| !sign.is_alphanumeric());
    words.any(|word| word == "crit" || word.starts_with("critical") || word.starts_with("panic"))
}

/// How grave a judgement is: of several the gravest counts.
fn weight(judgement: Interpretation) -> u8 {
    match judgement {
        Interpretation::Unknown => 0,
        Interpretation::Normal => 1,
        Interpretation::Abnormal => 2,
        Interpretation::Low | Interpretation::High => 3,
        Interpretation::Critical => 4,
        Interpretation::CriticalLow | Interpretation::CriticalHigh => 5,
    }
}

/// What one concept says, and in which of its words.
struct Judged<'a> {
    judgement: Interpretation,
    word: Option<&'a str>,
    is_understood: bool,
}

/// The gravest of all codings and words of a concept. A code of a system that is the lab's own is
/// never taken for HL7's: unless it is spelled out it is understood by its display only, and passed
/// over beside what is understood, if it does not look like a critical one.
fn judge(concept: &CodeableConcept) -> Judged<'_> {
    let codings = concept.codings();
    let of_hl7 = |coding: &Coding| {
        let system = coding.system.as_deref();
        system.is_none_or(|system| SYSTEMS.contains(&system))
    };
    let codes = |hl7: bool| {
        let codings = codings.iter().filter(move |coding| of_hl7(coding) == hl7);
        codings.filter_map(|coding| coding.code.as_deref())
    };
    let displays = codings.iter().filter_map(|coding| coding.display.as_deref());
    let texts: Vec<&str> = displays.chain(concept.text.as_deref()).collect();

    let said = codes(true).chain(texts.iter().copied()).map(|word| (read(word), word));
    let said = said.chain(codes(false).map(|word| (spoken(word), word)));
    let said = said.filter_map(|(judgement, word)| Some((judgement?, word)));
    let said: Vec<(Interpretation, &str)> = said.collect();
    // `max_by_key` takes the last of several.
    let gravest = said.iter().rev().max_by_key(|(judgement, _)| weight(*judgement));
    let judgement = gravest.map(|(judgement, _)| *judgement).unwrap_or_default();

    let alarming = |word| read(word).is_some_and(Interpretation::is_critical);
    let passed_over = codes(true).any(|code| read(code).is_none())
        || codes(false).any(alarming)
        || texts.iter().any(|text| mentions(text));
    let first = codes(true).next().or_else(|| concept.words());
    Judged {
        judgement,
        word: gravest.filter(|(it, _)| it.is_critical()).map(|(_, word)| *word).or(first),
        is_understood: gravest.is_some() && (judgement.is_critical() || !passed_over),
    }
}

impl Mapper<'_> {
    /// The judgement in our word and in the lab's. What is not understood is drift, even beside
    /// a known word: it may be an alarm.
    pub(super) fn judgement(
        &mut self,
        said: Option<&[CodeableConcept]>,
    ) -> (Interpretation, Option<String>) {
        let mut words = Vec::new();
        let mut judgement = Interpretation::Unknown;
        for concept in said.unwrap_or_default() {
            let judged = judge(concept);
            if !judged.is_understood {
                self.unknown("Observation.interpretation[]");
            }
            if weight(judged.judgement) > weight(judgement) {
                judgement = judged.judgement;
            }
            words.extend(judged.word);
        }
        (judgement, (!words.is_empty()).then(|| words.join(", ")))
    }
}
