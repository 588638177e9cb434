//! The lab's judgement of a value.

use labgate_core::model::Interpretation;

use super::Mapper;
use crate::types::CodeableConcept;

/// Code systems whose codes the table has: of HL7 v3, and of HL7 v2 under its new and old name.
const SYSTEMS: &[&str] = &[
    "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
    "http://hl7.org/fhir/v3/ObservationInterpretation",
    "http://terminology.hl7.org/CodeSystem/v2-0078",
    "http://hl7.org/fhir/v2/0078",
];

/// Source: terminology.hl7.org/CodeSystem-v3-ObservationInterpretation.html, codes and their
/// displays. A finding, a susceptibility or a trend (`POS`, `R`, `U`) is no judgement of ours: it is
/// known, and stays the lab's word.
fn table(word: &str) -> Option<Interpretation> {
    Some(match word {
        "N" | "Normal" => Interpretation::Normal,
        "L" | "LU" | "Low" | "Significantly low" => Interpretation::Low,
        "H" | "HU" | "High" | "Significantly high" => Interpretation::High,
        "A" | "Abnormal" => Interpretation::Abnormal,
        "LL" | "Critical low" => Interpretation::CriticalLow,
        "HH" | "Critical high" => Interpretation::CriticalHigh,
        "AA" | "Critical abnormal" => Interpretation::Critical,
        "POS" | "NEG" | "IND" | "DET" | "ND" | "NR" | "RR" | "WR" | "E" | "EXP" | "UNE" | "R"
        | "S" | "I" | "MS" | "VS" | "NS" | "SDD" | "SYN-R" | "SYN-S" | "NCL" | "B" | "D" | "U"
        | "W" | "<" | ">" | "HX" | "LX" | "EX" | "CAR" | "Carrier" | "TOX" | "AC" | "IE"
        | "QCF" | "HM" | "null" | "Positive" | "Negative" => Interpretation::Unknown,
        _ => return None,
    })
}

/// Which of several judgements of one value is told: the one that says most.
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

impl Mapper<'_> {
    /// The judgement in our word and in the lab's. A code of a system that is the lab's own is
    /// never taken for HL7's.
    pub(super) fn judgement(
        &mut self,
        said: Option<&[CodeableConcept]>,
    ) -> (Interpretation, Option<String>) {
        let said = said.unwrap_or_default();
        let mut words = Vec::new();
        let mut judgement = Interpretation::Unknown;
        for concept in said {
            let of_hl7 =
                |system: Option<&str>| system.is_none_or(|system| SYSTEMS.contains(&system));
            let codes = concept.codings().iter().filter(|coding| of_hl7(coding.system.as_deref()));
            let codes: Vec<&str> = codes.filter_map(|coding| coding.code.as_deref()).collect();
            let known: Vec<_> = codes.iter().copied().chain(concept.text.as_deref()).collect();
            let judged = known.iter().filter_map(|word| table(word)).max_by_key(|it| weight(*it));
            if judged.is_none() {
                self.unknown("Observation.interpretation[]");
            }
            let judged = judged.unwrap_or_default();
            if weight(judged) > weight(judgement) {
                judgement = judged;
            }
            words.extend(codes.first().copied().or_else(|| concept.words()));
        }
        (judgement, (!words.is_empty()).then(|| words.join(", ")))
    }
}
