//! What every provider must be able to show, shown for both ways of signing.

use labgate_junction::Junction;

labgate_testkit::conformance!(Junction, relay: { "signature": "body_hmac" });
