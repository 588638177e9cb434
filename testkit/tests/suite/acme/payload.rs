//! Acme's webhooks: an order at a time.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use labgate_core::{
    Decoded, Identifier, Notice, Notices, Phi, VerifiedRequest,
    decode::{Drift, Reader, Scalar, Shape, Unread, Unreadable},
    merge::Entry,
    model::{
        Code, Interpretation, Observation, ObservationValue, OrderDetails, OrderStatus,
        ReportStatus,
    },
    notice::{OrderNotice, ReportNotice},
};
use labgate_testkit::ARRIVAL;
use serde::Deserialize;

use crate::faults::Fault;

pub(crate) struct Payload {
    id: Identifier,
    word: String,
    status: OrderStatus,
    report: Option<Observation>,
    at: Timestamp,
    listed: bool,
    drift: Drift,
}

#[derive(Deserialize)]
struct Body {
    r#type: Identifier,
    at: String,
    order: Order,
}

#[derive(Deserialize)]
struct Order {
    id: Identifier,
    status: String,
    result: Option<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    name: String,
    value: Scalar,
    unit: Option<String>,
    flag: Option<String>,
}

pub(crate) const BODY: Shape = Shape {
    unread: &[Unread::because("says where Acme took the order", &["order.desk"])],
    dispensable: &[],
};

pub(crate) const STATUSES: &[(&str, OrderStatus)] = &[
    ("placed", OrderStatus::Ordered),
    ("in_lab", OrderStatus::AtLab),
    ("done", OrderStatus::Completed),
    ("canceled", OrderStatus::Cancelled),
];

/// As a hurried author has it.
pub(crate) const STATUSES_THAT_END_WELL: &[(&str, OrderStatus)] = &[
    ("placed", OrderStatus::Ordered),
    ("in_lab", OrderStatus::AtLab),
    ("done", OrderStatus::Completed),
    ("canceled", OrderStatus::Completed),
];

fn observation<const F: u8>(finding: Finding, drift: &mut Drift) -> Observation {
    let unit = if Fault::AssumesTheUnit.is(F) { Some("mmol/L".into()) } else { finding.unit };
    let mut value = match finding.value {
        Scalar::Number(number) => number.to_string(),
        Scalar::Text(text) => text,
    };
    if Fault::RoundsNumbers.is(F) {
        value = value.trim_end_matches('0').into();
    }
    let interpretation = match finding.flag.as_deref() {
        Some("HH") => Interpretation::CriticalHigh,
        Some("H") => Interpretation::High,
        None => Interpretation::Unknown,
        Some(_) if Fault::TakesAnyFlagForHigh.is(F) => Interpretation::High,
        Some(_) => {
            drift.insert("order.result.flag".into());
            Interpretation::Unknown
        }
    };
    Observation {
        code: Code { name: finding.name, ..Code::default() },
        value: Some(Phi::new(ObservationValue::read(&value, unit.as_deref()))),
        interpretation,
        provider_interpretation: finding.flag,
        ..Observation::default()
    }
}

pub(crate) fn decode<const F: u8>(
    request: &VerifiedRequest,
) -> Result<Decoded<Payload>, Unreadable> {
    let body = request.body();
    let whole = body.trim_ascii_end().ends_with(b"}") || !body.starts_with(b"{");
    assert!(whole || !Fault::PanicsOnPrefixes.is(F), "an index out of bounds");
    let mut reader = Reader::default();
    let read: Body = match reader.read("", body, BODY) {
        Err(_) if Fault::ReadsPrefixes.is(F) && !whole => Body {
            r#type: Identifier::new("order.changed").unwrap(),
            at: "2026-08-01T09:00:00Z".into(),
            order: Order {
                id: Identifier::new("A-1").unwrap(),
                status: "placed".into(),
                result: None,
            },
        },
        Err(error) if Fault::QuotesTheBody.is(F) => {
            let text = String::from_utf8_lossy(body);
            return Err(Unreadable::at(error.field, format!("not to be read: {text}")));
        }
        read => read?,
    };
    let (civil, _) = read.at.split_at(read.at.len().min(19));
    let at = if Fault::DropsTheOffset.is(F) {
        civil
            .parse::<DateTime>()
            .ok()
            .and_then(|at| Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp()))
    } else {
        read.at.parse().ok()
    };
    let at = at.ok_or_else(|| Unreadable::at("at", "expected an RFC 3339 time"))?;
    let listed = ["order.changed", "result.ready"].contains(&read.r#type.as_str());
    let alike = ["order.changed", "result.ready"]
        .iter()
        .any(|listed| read.r#type.as_str().eq_ignore_ascii_case(listed));
    if !(listed || alike && Fault::TakesCapitalsForOthers.is(F)) {
        reader.unknown_value("type");
    }
    let mut drift = reader.into_drift();
    let report = read.order.result.map(|finding| observation::<F>(finding, &mut drift));
    if Fault::DeniesUnknownFields.is(F) && drift.iter().any(|path| path.ends_with('*')) {
        return Err(Unreadable::at("", "unknown field"));
    }
    let stamped = Fault::StampsTheArrival.is(F) && request.received_at() > ARRIVAL;
    let payload = Payload {
        id: read.order.id,
        status: match read.order.status.as_str() {
            "in_lab" if Fault::ReadsByAnotherTable.is(F) => OrderStatus::Ordered,
            word if Fault::CancelsAsDone.is(F) => OrderStatus::of(STATUSES_THAT_END_WELL, word),
            word => OrderStatus::of(STATUSES, word),
        },
        word: read.order.status,
        report,
        at: if stamped { request.received_at() } else { at },
        listed: listed || Fault::KnowsUnlistedTypes.is(F),
        drift: if Fault::DropsDrift.is(F) { Drift::new() } else { drift },
    };
    Ok(Decoded { event_type: read.r#type, event_id: None, payload: Ok(payload) })
}

impl Payload {
    pub(crate) fn is_done(&self) -> bool {
        self.word == "done"
    }

    pub(crate) fn is_of(&self, order: &Identifier) -> bool {
        self.id == *order
    }

    /// As if it were of that order.
    pub(crate) fn taken_for(mut self, order: &Identifier) -> Self {
        self.id = order.clone();
        self.drift.insert("order.id".into());
        self
    }

    pub(crate) fn told(self, count: usize) -> Notices {
        let entry = Entry {
            at: self.at,
            provider_event_id: None,
            status: self.status,
            provider_status: Some(self.word),
            phase: None,
            reason: None,
            provider_at: None,
        };
        let report = self.report.map(|found| {
            let report = ReportNotice::new(self.id.clone(), ReportStatus::Final, self.at);
            Notice::Report(Box::new(ReportNotice { observations: vec![found], ..report }))
        });
        let notice = Notice::Order(Box::new(OrderNotice {
            provider_order_id: self.id,
            aliases: Vec::new(),
            topic: "order".into(),
            entries: vec![entry],
            details: OrderDetails::default(),
            stated_at: self.at,
        }));
        let mut notices = vec![notice];
        notices.extend(report);
        if !self.listed {
            notices.clear();
        }
        let mut drift = self.drift;
        drift.extend((count > 0).then(|| format!("webhook {count}")));
        Notices { notices, drift }
    }
}
