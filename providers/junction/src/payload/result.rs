//! OpenAPI `ClientFacingCriticalResult`, and results with markers as relays send them: with as much
//! of OpenAPI `LabResultsRaw` and of the order as they pass on.

use labgate_core::{
    Identifier,
    decode::{Scalar, Shape, Unread},
    time::VendorTime,
};
use serde::Deserialize;

use super::{Moment, order::OrderTransaction, sample::ByKey};

/// A result, with markers (`labtest.result.ready`) or as a bare alarm (`labtest.result.critical`
/// as Junction documents it). Its key is `order_id`, never `id`.
#[derive(Deserialize)]
pub(crate) struct LabResult {
    pub(crate) order_id: Identifier,
    pub(crate) team_id: Option<Identifier>,
    pub(crate) sample_id: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) interpretation: Option<String>,
    pub(crate) collected_at: Option<Moment>,
    pub(crate) reported_at: Option<VendorTime>,
    pub(crate) created_at: Option<VendorTime>,
    pub(crate) updated_at: Option<VendorTime>,
    pub(crate) marker_count: Option<u64>,
    pub(crate) critical_marker_count: Option<u64>,
    pub(crate) markers: Option<Vec<Marker>>,
    pub(crate) has_missing_results: Option<bool>,
    pub(crate) missing_results: Option<Vec<MissingResult>>,
    pub(crate) sample_information: Option<ByKey>,
    pub(crate) origin: Option<String>,
    pub(crate) order_transaction: Option<OrderTransaction>,
    pub(crate) physician: Option<Physician>,
    pub(crate) notes: Option<String>,
    pub(crate) clinical_notes: Option<String>,
}

pub(super) const SHAPE: Shape = Shape {
    unread: &[
        Unread::because("the order says whose it is", &["user_id"]),
        Unread::because(
            "follows from the value and its range",
            &["markers[].is_above_max_range", "markers[].is_below_min_range"],
        ),
        Unread::because(
            "a name of Junction's for the LOINC code",
            &["markers[].loinc_slug", "missing_results[].loinc_slug"],
        ),
        Unread::because(
            "the catalogue's numbers of what a marker was made of",
            &[
                "markers[].source_markers[].marker_id",
                "markers[].source_markers[].provider_id",
                "missing_results[].source_markers",
            ],
        ),
        Unread::because(
            "other orders of the group have webhooks of their own",
            &[
                "order_transaction.orders[].low_level_status",
                "order_transaction.orders[].low_level_status_created_at",
                "order_transaction.orders[].created_at",
                "order_transaction.orders[].updated_at",
            ],
        ),
    ],
    dispensable: &[
        "team_id",
        "sample_id",
        "collected_at",
        "marker_count",
        "critical_marker_count",
        "markers[].slug",
        "markers[].loinc",
        "markers[].provider_id",
        "markers[].reference_range",
        "markers[].source_interpretation",
        "markers[].source_markers",
        "markers[].source_sample_id",
        "markers[].timestamp",
        "markers[].notes",
        "markers[].performing_laboratory",
        "has_missing_results",
        "missing_results[].slug",
        "missing_results[].loinc",
        "missing_results[].provider_id",
        "missing_results[].inferred_failure_type",
        "missing_results[].note",
        "sample_information",
        "origin",
        "order_transaction",
        "physician",
        "notes",
        "clinical_notes",
    ],
};

/// OpenAPI `BiomarkerResult`.
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
    /// The lab's own word, where `interpretation` is Junction's.
    pub(crate) source_interpretation: Option<String>,
    pub(crate) timestamp: Option<Moment>,
    pub(crate) notes: Option<String>,
    /// The lab's code of the marker.
    pub(crate) provider_id: Option<String>,
    pub(crate) source_markers: Option<Vec<SourceMarker>>,
    pub(crate) source_sample_id: Option<String>,
}

/// What was ordered and led to a marker.
#[derive(Deserialize)]
pub(crate) struct SourceMarker {
    pub(crate) name: Option<String>,
    pub(crate) slug: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct MissingResult {
    pub(crate) name: String,
    pub(crate) slug: Option<String>,
    pub(crate) loinc: Option<String>,
    pub(crate) provider_id: Option<String>,
    pub(crate) inferred_failure_type: Option<String>,
    pub(crate) note: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Physician {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) npi: Option<String>,
}
