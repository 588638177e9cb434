//! What every provider must be able to show.

use labgate_fullscript::Fullscript;

labgate_testkit::conformance!(Fullscript);
