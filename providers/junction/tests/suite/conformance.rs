//! What every provider must be able to show, shown for both ways of signing.

use labgate_testkit::{configuration, convergence, decoding, demo, goldens, verification};

use crate::subject::{JUNCTION, RELAY};

#[test]
fn goldens_become_their_notices() {
    goldens::become_their_notices(&JUNCTION);
}

#[test]
fn a_wrong_configuration_is_refused() {
    configuration::is_refused_where_it_is_wrong(&JUNCTION);
    configuration::is_refused_where_it_is_wrong(&RELAY);
}

#[test]
fn an_error_of_configuration_holds_no_value() {
    configuration::errors_hold_no_value(&JUNCTION);
    configuration::errors_hold_no_value(&RELAY);
}

#[test]
fn each_secret_of_a_rotation_is_accepted() {
    verification::accepts_each_secret_of_a_rotation(&JUNCTION);
    verification::accepts_each_secret_of_a_rotation(&RELAY);
}

#[test]
fn a_changed_body_is_refused() {
    verification::refuses_a_changed_body(&JUNCTION);
    verification::refuses_a_changed_body(&RELAY);
}

#[test]
fn a_changed_header_is_refused() {
    verification::refuses_a_changed_header(&JUNCTION);
    verification::refuses_a_changed_header(&RELAY);
}

#[test]
fn another_secret_is_refused() {
    verification::refuses_another_secret(&JUNCTION);
    verification::refuses_another_secret(&RELAY);
}

#[test]
fn the_time_is_kept_to() {
    verification::keeps_to_the_time(&JUNCTION);
    verification::keeps_to_the_time(&RELAY);
}

#[test]
fn no_secret_is_given_away() {
    verification::gives_no_secret_away(&JUNCTION);
    verification::gives_no_secret_away(&RELAY);
}

#[test]
fn what_is_cut_short_is_refused() {
    decoding::refuses_what_is_cut_short(&JUNCTION);
}

#[test]
fn what_is_new_is_counted() {
    decoding::counts_what_is_new(&JUNCTION);
}

#[test]
fn errors_hold_no_content() {
    decoding::errors_hold_no_content(&JUNCTION);
}

#[test]
fn a_webhook_says_the_same_twice() {
    convergence::says_the_same_twice(&JUNCTION);
}

#[test]
fn an_event_type_that_is_not_listed_is_counted() {
    decoding::lists_the_event_types_that_it_knows(&JUNCTION);
}

#[test]
fn the_demo_is_understood() {
    demo::is_understood(&JUNCTION);
}

#[test]
fn any_two_webhooks_may_come_in_either_order() {
    convergence::holds_for_every_pair(&JUNCTION);
}
