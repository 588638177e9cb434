//! The registration list: the one file of the gateway that names a provider.

use labgate_core::Registration;

/// Every provider that Labgate brings along.
pub fn all() -> Vec<Registration> {
    vec![
        Registration::of::<labgate_junction::Junction>(),
        Registration::of::<labgate_fullscript::Fullscript>(),
        Registration::of::<labgate_fhir::Fhir>(),
        Registration::of::<labgate_terra::Terra>(),
    ]
}
