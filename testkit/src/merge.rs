//! Being written.
use crate::Subject;
/// Being written.
pub fn any_two_converge(_subject: &Subject) {}
/// Being written.
pub fn all_converge(_subject: &Subject) {}
