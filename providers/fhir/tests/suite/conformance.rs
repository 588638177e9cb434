//! What every provider must be able to show.

use labgate_fhir::Fhir;

labgate_testkit::conformance!(Fhir, body_hmac: { "signature": "body_hmac" });
