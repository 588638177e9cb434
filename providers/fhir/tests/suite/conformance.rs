//! What every provider must be able to show.

use labgate_fhir::Fhir;

labgate_testkit::conformance!(Fhir);
