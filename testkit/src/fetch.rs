//! Being written.
use crate::Subject;
/// Being written.
pub fn scripts_become_their_notices(_subject: &Subject) {}
/// Being written.
pub fn failures_have_their_class(_subject: &Subject) {}
/// Being written.
pub fn credentials_stay_at_home(_subject: &Subject) {}
