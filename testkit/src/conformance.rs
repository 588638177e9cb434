//! The one line by which a provider is held to the contract.

/// Makes a `#[test]` of every check of this kit, in one module for each room of the corridor.
///
/// ```text
/// labgate_testkit::conformance!(Acme);                                  // README.md and goldens/ of this crate
/// labgate_testkit::conformance!(Acme, relay: { "signature": "plain" }); // and again, configured otherwise
/// labgate_testkit::conformance!(Acme in "tests/suite/acme");            // from a folder below the crate
/// ```
///
/// What stands behind a further name is laid over the demo's configuration, for providers that know
/// another way of signing; what depends on the configuration is then tested once more, in a module
/// of that name.
#[macro_export]
macro_rules! conformance {
    ($provider:ident $(in $folder:literal)? $(, $further:ident: $overlay:tt)* $(,)?) => {
        fn subject() -> $crate::Subject {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/", $($folder)?);
            $crate::Subject::of::<$provider>(folder, $crate::json!({}))
        }

        $crate::every_check!($crate::tests);

        $(mod $further {
            fn subject() -> $crate::Subject {
                super::subject().laid_over($crate::json!($overlay))
            }

            $crate::checks_of_a_configuration!($crate::tests);

            #[test]
            fn is_another_way_of_signing() {
                $crate::verify::is_another_way_of_signing(&super::subject(), &subject());
            }
        })*
    };
}

/// Calls the macro of this name with every check, by room.
#[doc(hidden)]
#[macro_export]
macro_rules! every_check {
    ($($with:tt)+) => {
        $crate::checks_of_a_configuration! { $($with)+ }
        $($with)+! {
            handshake: webhooks_are_no_handshakes, no_signing_secret_is_given_away,
                no_signature_is_given_away;
            decode: every_prefix_is_an_error, extra_fields_are_accepted,
                unlisted_event_types_say_nothing;
            map: goldens_become_their_notices, says_the_same_twice, keys_are_unique_and_stable,
                times_are_utc, errors_hold_no_content;
            merge: any_two_converge, all_converge;
            leaves: each_is_accounted_for, numbers_and_units_are_verbatim,
                readme_says_what_is_left_alone;
            words: statuses_mean_what_the_table_says, critical_words_alarm,
                event_types_are_listed_and_heard_in_any_case, readme_shows_the_statuses;
            demo: is_understood;
            fetch: scripts_become_their_notices, results_of_others_are_not_reported,
                failures_have_their_class, credentials_stay_at_home;
            poll: scripts_become_their_notices, failures_have_their_class,
                credentials_stay_at_home, cursor_always_advances;
        }
    };
}

/// As [`every_check!`], with those that depend on how the provider is configured.
#[doc(hidden)]
#[macro_export]
macro_rules! checks_of_a_configuration {
    ($($with:tt)+) => {
        $($with)+! {
            config: unknown_field_is_refused, no_secret_is_refused, errors_hold_no_value,
                debug_shows_no_secret, readme_example_parses, schema_is_valid;
            verify: goldens_are_accepted_under_each_secret, flipped_byte_is_refused,
                changed_header_is_refused, stale_and_future_are_refused, another_secret_is_refused;
        }
    };
}

/// Tests of the `subject()` of the module around them.
#[doc(hidden)]
#[macro_export]
macro_rules! tests {
    ($($room:ident: $($check:ident),+;)+) => {
        $(mod $room {
            $(#[test]
            fn $check() {
                $crate::$room::$check(&super::subject());
            })+
        })+
    };
}
