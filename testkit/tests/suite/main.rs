//! A sound provider passes every check, and each check fails for whoever is at fault.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod acme;
mod faults;
mod files;
mod table;

mod sound {
    use crate::{acme::Acme, faults::Fault};

    type Sound = Acme<{ Fault::None as u8 }>;

    labgate_testkit::conformance!(Sound in "tests/suite/acme");
}
