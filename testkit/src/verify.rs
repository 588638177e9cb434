//! Being written.
use crate::Subject;
/// Being written.
pub fn goldens_are_accepted_under_each_secret(_subject: &Subject) {}
/// Being written.
pub fn flipped_byte_is_refused(_subject: &Subject) {}
/// Being written.
pub fn changed_header_is_refused(_subject: &Subject) {}
/// Being written.
pub fn stale_and_future_are_refused(_subject: &Subject) {}
/// Being written.
pub fn another_secret_is_refused(_subject: &Subject) {}
