//! Being written.
use crate::Subject;
/// Being written.
pub fn webhooks_are_no_handshakes(_subject: &Subject) {}
/// Being written.
pub fn no_signing_secret_is_given_away(_subject: &Subject) {}
/// Being written.
pub fn no_signature_is_given_away(_subject: &Subject) {}
