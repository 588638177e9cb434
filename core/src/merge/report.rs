//! The reports of an order, as consumers see them.

use std::collections::HashMap;

use uuid::Uuid;

use super::{FiledReport, Series};
use crate::{Identifier, model::Report};

/// The reports of `order_id` as consumers see them, oldest first. Reports to which the vendor gives
/// different ids are different reports: each has versions of its own, and none replaces another's.
pub fn versions(order_id: Uuid, filed: &[FiledReport]) -> Vec<Report> {
    let mut filed: Vec<&FiledReport> = filed.iter().collect();
    filed.sort_by_key(|report| report.age());
    let mut all: HashMap<Option<&Identifier>, Series<&FiledReport>> = HashMap::new();
    for report in filed {
        all.entry(report.notice.provider_report_id.as_ref()).or_default().file(report);
    }
    let mut standings: Vec<_> = all.values().flat_map(Series::standings).collect();
    standings.sort_by_key(|standing| standing.filed.age());
    standings.iter().map(|standing| standing.report(order_id)).collect()
}
