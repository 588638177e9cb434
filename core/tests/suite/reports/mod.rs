//! The versions of an order's results.

mod convergence;
mod critical;
mod series;
mod versions;

use labgate_core::{
    Phi,
    merge::{FiledReport, versions as merged},
    model::{Code, Observation, ObservationValue, Report, ReportStatus, Source, order_id},
    notice::ReportNotice,
};
use uuid::Uuid;

use crate::words::{id, minute};

/// One value, which the lab did not judge.
pub(crate) fn found(name: &str, value: &str) -> Observation {
    Observation {
        code: Code { name: name.into(), ..Code::default() },
        value: Some(Phi::new(ObservationValue::read(value, Some("mg/dL")))),
        ..Observation::default()
    }
}

/// A report of the glucose in each of `values`.
pub(crate) fn report(at: i64, status: ReportStatus, values: &[&str]) -> ReportNotice {
    ReportNotice {
        observations: values.iter().map(|value| found("Glucose", value)).collect(),
        ..ReportNotice::new(id("order-1"), status, minute(at))
    }
}

/// `notice` as the `number`th webhook brought it.
pub(crate) fn filed(number: usize, notice: &ReportNotice) -> FiledReport {
    let number = u16::try_from(number).unwrap();
    let source = Source { webhook: Uuid::from_u128(number.into()) };
    let received_at = minute(1000 + i64::from(number));
    FiledReport::new(order_id("junction", "order-1"), source, received_at, notice.clone())
}

/// The versions after the notices arrived in this order.
pub(crate) fn versions_of<'a>(arrived: impl IntoIterator<Item = &'a ReportNotice>) -> Vec<Report> {
    let filed = arrived.into_iter().enumerate().map(|(number, notice)| filed(number, notice));
    merged(order_id("junction", "order-1"), &filed.collect::<Vec<_>>())
}
