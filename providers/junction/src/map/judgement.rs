//! What the lab thinks of a value or of a whole result.

use labgate_core::model::Interpretation;

use super::{
    Context,
    words::{find, plain},
};

/// Source: OpenAPI `Interpretation`. Relays pass on what the lab wrote, so directions and the flags
/// of HL7 table 0078 are read too, with the asterisk that some labs put behind a critical one.
pub(super) const JUDGEMENTS: &[(&str, Interpretation)] = &[
    ("normal", Interpretation::Normal),
    ("n", Interpretation::Normal),
    ("low", Interpretation::Low),
    ("l", Interpretation::Low),
    ("high", Interpretation::High),
    ("h", Interpretation::High),
    ("abnormal", Interpretation::Abnormal),
    ("a", Interpretation::Abnormal),
    ("critical_low", Interpretation::CriticalLow),
    ("critically_low", Interpretation::CriticalLow),
    ("panic_low", Interpretation::CriticalLow),
    ("crit_low", Interpretation::CriticalLow),
    ("ll", Interpretation::CriticalLow),
    ("ll*", Interpretation::CriticalLow),
    ("critical_high", Interpretation::CriticalHigh),
    ("critically_high", Interpretation::CriticalHigh),
    ("panic_high", Interpretation::CriticalHigh),
    ("crit_high", Interpretation::CriticalHigh),
    ("hh", Interpretation::CriticalHigh),
    ("hh*", Interpretation::CriticalHigh),
    ("critical", Interpretation::Critical),
    ("panic", Interpretation::Critical),
    ("aa", Interpretation::Critical),
    ("c", Interpretation::Critical),
    ("unknown", Interpretation::Unknown),
    ("", Interpretation::Unknown),
];

/// The judgement that `text`, the value of `field`, is. An undocumented word is drift, unless it
/// speaks of a crisis: that alarms.
pub(super) fn judgement(text: &str, field: &str, context: &mut Context) -> Interpretation {
    let word = plain(text);
    if let Some(known) = find(JUDGEMENTS, &word) {
        return known;
    }
    if speaks_of_a_crisis(&word) {
        return Interpretation::Critical;
    }
    context.unknown(field);
    Interpretation::Unknown
}

/// `not_critical` is none.
fn speaks_of_a_crisis(word: &str) -> bool {
    let denied = ["no_", "non_", "not_"].iter().any(|no| word.starts_with(no));
    !denied && (word.contains("crit") || word.contains("panic"))
}

/// What Junction thinks of a marker and what the lab itself wrote, in one: the graver of the two,
/// and both words where they differ. Junction's own defaults to `normal`.
pub(super) fn graver(
    junction: Option<String>,
    lab: Option<String>,
    context: &mut Context,
) -> (Interpretation, Option<String>) {
    let mut judge = |word: &Option<String>, field| {
        word.as_deref().map_or(Interpretation::Unknown, |word| judgement(word, field, context))
    };
    let ours = judge(&junction, "markers[].interpretation");
    let labs = judge(&lab, "markers[].source_interpretation");
    let words = match (junction, lab.filter(|word| !word.trim().is_empty())) {
        (Some(one), Some(other)) if one != other => Some(format!("{one}; {other}")),
        (one, other) => one.or(other),
    };
    (ours.max(labs), words)
}
