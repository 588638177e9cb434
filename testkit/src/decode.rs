//! Being written.
use crate::Subject;
/// Being written.
pub fn every_prefix_is_an_error(_subject: &Subject) {}
/// Being written.
pub fn extra_fields_are_accepted(_subject: &Subject) {}
/// Being written.
pub fn unlisted_event_types_say_nothing(_subject: &Subject) {}
