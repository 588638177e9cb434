//! Which check finds which fault, and no other.

use std::{
    collections::BTreeSet,
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    process::Command,
};

use labgate_testkit::{Subject, verify};
use serde_json::json;

use crate::{acme::Acme, faults::Fault};

/// A check by its name.
type Check = (&'static str, fn(&Subject));

/// A fault, the checks that fail for it, and a word of the reason.
type Row = (Subject, Fault, &'static [&'static str], &'static str);

macro_rules! rows {
    ($($fault:ident => $($check:literal),+; $word:literal)+) => {
        [$((subject::<{ Fault::$fault as u8 }>(), Fault::$fault, &[$($check),+][..], $word)),+]
    };
}

fn rows() -> impl IntoIterator<Item = Row> {
    rows! {
        TakesUnknownFields => "config::unknown_field_is_refused"; "unknown field"
        TakesNoSecrets => "config::no_secret_is_refused"; "without one at /secrets"
        QuotesAValue => "config::errors_hold_no_value"; "holds a value"
        ShowsTheSecret => "config::debug_shows_no_secret"; "shows the secret at /secrets"
        ShowsTheApiKey => "config::debug_shows_no_secret"; "shows the secret at report.fetch.json"
        InventsATypeInTheSchema => "config::schema_is_valid"; "the schema"
        TakesTheFirstSecretOnly => "verify::goldens_are_accepted_under_each_secret"; "refused, signed"
        IgnoresTheLastByte => "verify::flipped_byte_is_refused"; "flipped"
        DeniesTheBody => "verify::flipped_byte_is_refused"; "denies it"
        ReadsHeadersLoosely => "verify::changed_header_is_refused"; "acme-signature"
        IgnoresTheTime => "verify::stale_and_future_are_refused"; "covers().time is true"
        DeniesTheTime => "verify::stale_and_future_are_refused"; "covers().time is false"
        TakesAStranger => "verify::another_secret_is_refused"; "stranger"
        AnswersWebhooks => "handshake::webhooks_are_no_handshakes"; "answered as a handshake"
        EchoesTheSecret => "handshake::no_signing_secret_is_given_away"; "gives away the secret"
        SignsWhateverIsAsked => "handshake::no_signature_is_given_away"; "gives away the signature"
        ReadsPrefixes => "decode::every_prefix_is_an_error"; "are read"
        PanicsOnPrefixes => "decode::every_prefix_is_an_error"; "index out of bounds"
        DeniesUnknownFields => "decode::extra_fields_are_accepted"; "new keys are refused"
        KnowsUnlistedTypes => "decode::unlisted_event_types_say_nothing"; "says something"
        Counts => "map::says_the_same_twice"; "another thing each time"
        AnotherKeyEachTime => "map::keys_are_unique_and_stable"; "sent again"
        OneKeyForAll => "map::keys_are_unique_and_stable"; "deduped as one"
        DropsTheOffset => "map::times_are_utc"; "+05:45"
        QuotesTheBody => "map::errors_hold_no_content"; "holds content"
        RemembersOrders => "merge::any_two_converge", "merge::all_converge"; "another state"
        SaysNothing => "map::goldens_become_their_notices", "merge::all_converge", "demo::is_understood"; "no golden says anything"
        Tires => "merge::all_converge"; "another state"
        StampsTheArrival => "merge::any_two_converge", "merge::all_converge"; "timed_by_arrival"
        DropsDrift => "decode::extra_fields_are_accepted", "decode::unlisted_event_types_say_nothing", "words::critical_words_alarm", "words::event_types_are_listed_and_heard_in_any_case"; "nobody noticed"
        TellsAMirror => "poll::scripts_become_their_notices", "poll::credentials_stay_at_home", "poll::cursor_always_advances"; "mirror"
        AssumesTheUnit => "leaves::each_is_accounted_for"; "order.result.unit is another"
        ReadsByAnotherTable => "words::statuses_mean_what_the_table_says"; "in_lab is not \"at_lab\""
        CancelsAsDone => "words::statuses_mean_what_the_table_says", "words::readme_shows_the_statuses"; "canceled is listed as Completed"
        TakesAnyFlagForHigh => "words::critical_words_alarm"; "panic at order.result.flag"
        TakesCapitalsForOthers => "words::event_types_are_listed_and_heard_in_any_case"; "ORDER.CHANGED"
        ReportsForAnyOrder => "fetch::results_of_others_are_not_reported"; "another one in place of A-1"
        ShowsWhatItCantRead => "demo::is_understood"; "an order is placed"
        ShowsNothing => "demo::is_understood"; "no webhooks"
        StandsStill => "poll::cursor_always_advances"; "stands still"
        TrustsAnyHost => "fetch::credentials_stay_at_home"; "elsewhere.example"
        TakesAbsenceForRefusal => "fetch::failures_have_their_class", "poll::failures_have_their_class"; "404"
        DropsRetryAfter => "fetch::failures_have_their_class", "poll::failures_have_their_class"; "429"
    }
}

#[test]
fn each_fault_is_found_by_its_check_alone() {
    let mut wrong = Vec::new();
    for (subject, fault, expected, word) in rows() {
        let failed = failed(&subject);
        let names: BTreeSet<&str> = failed.iter().map(|(name, _)| *name).collect();
        let said = failed.iter().any(|(_, said)| said.contains(word));
        if names != expected.iter().copied().collect() || !said {
            wrong.push(format!("{fault:?}: {failed:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Acme with the fault `F`. What a faulty one makes of the goldens must not become their meaning.
pub(crate) fn subject<const F: u8>() -> Subject {
    let rewrites = env::var_os("LABGATE_GOLDENS").is_some();
    assert!(!rewrites, "only the sound Acme writes meanings: cargo test -p labgate-testkit sound");
    Subject::of::<Acme<F>>(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/acme"), json!({}))
}

/// Checks of the files beside a provider: what is wrong with those is in `files.rs`.
const OF_FILES: [&str; 5] = [
    "config::readme_example_parses",
    "fetch::scripts_become_their_notices",
    "leaves::numbers_and_units_are_verbatim",
    "leaves::readme_says_what_is_left_alone",
    "map::goldens_become_their_notices",
];

#[test]
fn every_check_is_there_for_some_fault() {
    let found: BTreeSet<&str> =
        rows().into_iter().flat_map(|(_, _, checks, _)| checks).copied().collect();
    let idle = checks().into_iter().map(|(name, _)| name);
    let idle: Vec<&str> =
        idle.filter(|name| !found.contains(name) && !OF_FILES.contains(name)).collect();
    assert!(idle.is_empty(), "no fault is found by {idle:?}");
}

#[test]
fn no_faulty_acme_writes_meanings() {
    // A test that works on a copy, in case it does.
    let test = "files::a_meaning_that_is_missing_orphaned_or_another_is_found";
    let mut rewrite = Command::new(env::current_exe().unwrap());
    rewrite.args(["--exact", test]).env("LABGATE_GOLDENS", "rewrite").env_remove("CI");
    let said = String::from_utf8(rewrite.output().unwrap().stdout).unwrap();
    assert!(said.contains("only the sound Acme writes meanings"), "{said}");
}

#[test]
fn a_further_configuration_that_signs_alike_is_found() {
    let acme = subject::<{ Fault::None as u8 }>();
    let alike = || verify::is_another_way_of_signing(&acme, &acme);
    let failure = catch_unwind(AssertUnwindSafe(alike)).unwrap_err();
    assert!(failure.downcast_ref::<String>().unwrap().contains("are one"));
}

/// Every check, by its name.
fn checks() -> Vec<Check> {
    macro_rules! named {
        ($($room:ident: $($check:ident),+;)+) => {
            vec![$($((
                concat!(stringify!($room), "::", stringify!($check)),
                labgate_testkit::$room::$check as fn(&Subject),
            )),+),+]
        };
    }
    let mut checks: Vec<Check> = Vec::new();
    macro_rules! gather {
        ($($all:tt)*) => { checks.extend(named!($($all)*)); };
    }
    labgate_testkit::every_check!(gather);
    checks
}

/// Every check that fails, and why.
pub(crate) fn failed(subject: &Subject) -> Vec<(&'static str, String)> {
    let run = |(name, check): Check| {
        let failure = catch_unwind(AssertUnwindSafe(|| check(subject))).err()?;
        let text = failure.downcast_ref::<String>().cloned();
        Some((name, text.or_else(|| failure.downcast_ref().map(|text: &&str| (*text).into()))?))
    };
    checks().into_iter().filter_map(run).collect()
}
