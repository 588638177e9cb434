//! What every provider must be able to show.

use labgate_terra::Terra;

labgate_testkit::conformance!(Terra, milliseconds: { "signature_time": "milliseconds" });
