//! What may be wrong with the files beside a sound provider.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use labgate_testkit::{Subject, config, convergence, fetch, leaves, map, poll, words};

use crate::{
    faults::Fault,
    table::{failed, subject},
};

#[test]
fn an_example_with_a_wrong_field_is_found() {
    check(
        |folder| replace(&folder.join("README.md"), "api_key", "key_of_the_api"),
        config::readme_example_parses,
        "unknown field `key_of_the_api`",
    );
    let no_example = |folder: &Path| replace(&folder.join("README.md"), "[plugins.", "[others.");
    check(no_example, config::readme_example_parses, "shows no [plugins.acme]");
}

#[test]
fn a_meaning_that_is_missing_orphaned_or_another_is_found() {
    let check = |change: fn(&Path), word| check(change, map::goldens_become_their_notices, word);
    check(|folder| remove(folder, "order.notices.json"), "order.notices.json is missing");
    check(|folder| remove(folder, "order.json"), "order.notices.json is the meaning of nothing");
    check(|folder| copy(folder, "order.json", "other.json"), "other stands there twice");
    check(
        |folder| replace(&folder.join("goldens/order.notices.json"), "ordered", "completed"),
        "order: line",
    );
    check(
        |folder| replace(&folder.join("goldens/handshake.notices.json"), "are-you-there", "x"),
        "handshake: line",
    );
    let no_handshake = |folder: &Path| {
        fs::write(folder.join("goldens/order.notices.json"), r#"{ "handshake": null }"#).unwrap();
    };
    check(no_handshake, "order is not answered as a handshake");
}

#[test]
fn a_script_that_is_missing_or_asks_for_something_else_is_found() {
    let fetch_script = |folder: &Path| folder.join("goldens/report.fetch.json");
    let poll_script = |folder: &Path| folder.join("goldens/changes.poll.json");
    check(
        |folder| replace(&fetch_script(folder), "\"GET\"", "\"POST\""),
        fetch::scripts_become_their_notices,
        "the method of request 0",
    );
    check(
        |folder| replace(&poll_script(folder), "/changes", "/news"),
        poll::scripts_become_their_notices,
        "the address of request 0",
    );
    let no_fetch = |folder: &Path| remove(folder, "report.fetch.json");
    let no_poll = |folder: &Path| remove(folder, "changes.poll.json");
    check(no_fetch, fetch::failures_have_their_class, "no NAME.fetch.json");
    check(no_poll, poll::failures_have_their_class, "no NAME.poll.json");
}

#[test]
fn a_life_that_moves_back_or_ends_with_nothing_is_found() {
    let unlisted = |folder: &Path| {
        copy(folder, "order.json", "unlisted.json");
        replace(&folder.join("goldens/unlisted.json"), "order.changed", "unlisted");
    };
    let lives = |last: &'static str| {
        move |acme: &Subject| drop(convergence::never_moves_back(acme, &["result", last]))
    };
    check(unlisted, lives("unlisted"), "unlisted tells of no order");
    check(|_| {}, lives("order"), "result came late and moved the order");
}

#[test]
fn a_table_of_the_readme_that_says_something_else_is_found() {
    let readme = |folder: &Path| folder.join("README.md");
    check(
        |folder| replace(&readme(folder), "where Acme took", "who took"),
        leaves::readme_says_what_is_left_alone,
        "between <!-- unread --> and <!-- /unread -->",
    );
    check(
        |folder| replace(&readme(folder), "<!-- unread -->", ""),
        leaves::readme_says_what_is_left_alone,
        "has no <!-- unread -->",
    );
    check(
        |folder| replace(&readme(folder), "| `at_lab` |", "| `ordered` |"),
        words::readme_shows_the_statuses,
        "between <!-- statuses --> and <!-- /statuses -->",
    );
}

#[test]
fn a_number_that_a_golden_holds_in_another_form_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let acme = copy_of::<{ Fault::RoundsNumbers as u8 }>(folder.path());
    for name in ["result", "report"] {
        replace(&folder.path().join(format!("goldens/{name}.notices.json")), "7.10", "7.1");
    }
    let failed = failed(&acme);
    let [(name, said)] = &failed[..] else { panic!("{failed:#?}") };
    assert_eq!(*name, "leaves::numbers_and_units_are_verbatim");
    assert!(said.contains("result: 7.10 at order.result.value"), "{said}");
}

/// Checks that once `change` has been made to a copy of Acme's files, `run` fails and says `word`.
fn check(change: impl Fn(&Path), run: impl Fn(&Subject), word: &str) {
    let folder = tempfile::tempdir().unwrap();
    let acme = copy_of::<{ Fault::None as u8 }>(folder.path());
    change(folder.path());
    let failure = catch_unwind(AssertUnwindSafe(|| run(&acme))).unwrap_err();
    let said = failure.downcast_ref::<String>().unwrap();
    assert!(said.contains(word), "{said}");
}

/// Acme with the fault `F`, and a copy of its files in `folder`.
fn copy_of<const F: u8>(folder: &Path) -> Subject {
    let mut acme = subject::<F>();
    fs::create_dir(folder.join("goldens")).unwrap();
    fs::copy(acme.folder.join("README.md"), folder.join("README.md")).unwrap();
    for file in fs::read_dir(acme.folder.join("goldens")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.join("goldens").join(file.file_name())).unwrap();
    }
    acme.folder = folder.into();
    acme
}

fn remove(folder: &Path, name: &str) {
    fs::remove_file(folder.join("goldens").join(name)).unwrap();
}

fn copy(folder: &Path, from: &str, to: &str) {
    fs::copy(folder.join("goldens").join(from), folder.join("goldens").join(to)).unwrap();
}

fn replace(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(old));
    fs::write(path, text.replace(old, new)).unwrap();
}
