//! What every provider must be able to show.

use labgate_acme::Acme;

labgate_testkit::conformance!(Acme);
