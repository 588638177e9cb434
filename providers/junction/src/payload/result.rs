//! OpenAPI `ClientFacingCriticalResult`, and results with markers as relays send them.

use labgate_core::{Identifier, decode::Scalar, time::VendorTime};
use serde::Deserialize;

/// A result, with markers (`labtest.result.ready`) or as a bare alarm (`labtest.result.critical`
/// as Junction documents it). Its key is `order_id`, never `id`.
#[derive(Debug, Deserialize)]
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

pub(super) const UNREAD: &[&str] = &["user_id", "critical_marker_count"];

#[derive(Debug, Deserialize)]
pub(crate) struct Marker {
    pub(crate) name: String,
    pub(crate) slug: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) value: Option<Scalar>,
    pub(crate) min_range_value: Option<Scalar>,
    pub(crate) max_range_value: Option<Scalar>,
    pub(crate) interpretation: Option<String>,
    pub(crate) timestamp: Option<VendorTime>,
    pub(crate) notes: Option<String>,
}
