//! OpenAPI `ClientFacingCriticalResult`, and results with markers as relays send them.

use labgate_core::{
    Identifier,
    decode::{Scalar, Shape},
    time::VendorTime,
};
use serde::Deserialize;

/// A result, with markers (`labtest.result.ready`) or as a bare alarm (`labtest.result.critical`
/// as Junction documents it). Its key is `order_id`, never `id`.
#[derive(Deserialize)]
pub(crate) struct LabResult {
    pub(crate) order_id: Identifier,
    pub(crate) team_id: Option<Identifier>,
    pub(crate) sample_id: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) interpretation: Option<String>,
    pub(crate) collected_at: Option<VendorTime>,
    pub(crate) reported_at: Option<VendorTime>,
    pub(crate) created_at: Option<VendorTime>,
    pub(crate) updated_at: Option<VendorTime>,
    pub(crate) marker_count: Option<u64>,
    pub(crate) markers: Option<Vec<Marker>>,
}

pub(super) const SHAPE: Shape = Shape {
    unread: &[
        "user_id",
        "critical_marker_count",
        "markers[].is_above_max_range",
        "markers[].is_below_min_range",
        "markers[].source_interpretation",
        "markers[].loinc_slug",
        "markers[].provider_id",
        "markers[].source_markers",
        "markers[].source_sample_id",
    ],
    dispensable: &[
        "team_id",
        "sample_id",
        "collected_at",
        "marker_count",
        "markers[].slug",
        "markers[].loinc",
        "markers[].timestamp",
        "markers[].notes",
        "markers[].performing_laboratory",
    ],
};

/// A marker, with as much of OpenAPI `BiomarkerResult` as a relay passes on.
#[derive(Deserialize)]
pub(crate) struct Marker {
    pub(crate) name: String,
    pub(crate) slug: Option<String>,
    pub(crate) unit: Option<String>,
    /// Deprecated by Junction: -1 stands for whatever is no number.
    pub(crate) value: Option<Scalar>,
    /// What was found, in the lab's words.
    pub(crate) result: Option<Scalar>,
    /// `numeric`, `range`, `comment` or `coded_value`.
    pub(crate) r#type: Option<String>,
    pub(crate) loinc: Option<String>,
    pub(crate) reference_range: Option<String>,
    pub(crate) performing_laboratory: Option<String>,
    pub(crate) min_range_value: Option<Scalar>,
    pub(crate) max_range_value: Option<Scalar>,
    pub(crate) interpretation: Option<String>,
    pub(crate) timestamp: Option<VendorTime>,
    pub(crate) notes: Option<String>,
}
