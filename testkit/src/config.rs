//! Being written.
use crate::Subject;
/// Being written.
pub fn unknown_field_is_refused(_subject: &Subject) {}
/// Being written.
pub fn no_secret_is_refused(_subject: &Subject) {}
/// Being written.
pub fn errors_hold_no_value(_subject: &Subject) {}
/// Being written.
pub fn debug_shows_no_secret(_subject: &Subject) {}
/// Being written.
pub fn readme_example_parses(_subject: &Subject) {}
/// Being written.
pub fn schema_is_valid(_subject: &Subject) {}
