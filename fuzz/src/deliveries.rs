//! Webhooks out of arbitrary bytes: few orders, few times, and many notices about the same thing.

use arbitrary::Arbitrary;
use jiff::{SignedDuration, Timestamp};
use labgate_core::{
    Identifier, Notice, Phi,
    merge::Entry,
    model::{
        AppointmentDetails, AppointmentStatus, Code, Observation, OrderDetails, OrderStatus,
        ReportStatus,
    },
    notice::{AppointmentNotice, FetchNotice, FetchSubject, OrderNotice, ReportNotice},
};

use crate::NOW;

/// One webhook.
#[derive(Arbitrary, Debug)]
pub struct Delivery {
    /// Whether the vendor sends the one before it again instead.
    pub again: bool,
    /// Whether all before it are on disk when it arrives; otherwise it may share their batch.
    pub after_all: bool,
    said: Vec<Said>,
}

/// One thing that is said, many times over.
#[derive(Arbitrary, Debug)]
struct Said {
    about: About,
    order: u8,
    status: u8,
    at: u8,
    /// 0 for none; of what is said many times each has an id of its own.
    id: u8,
    more: u16,
}

#[derive(Arbitrary, Debug)]
enum About {
    Order { topic: bool },
    Statuses,
    Alias { other: u8 },
    Appointment,
    Report,
    Version,
    Pointer,
}

/// How often a thing is said at most: enough for more than linear costs to show.
const MORE: u16 = 2048;
/// Orders, so that webhooks meet.
const ORDERS: u8 = 4;

impl Delivery {
    /// What it says.
    pub fn notices(&self) -> Vec<Notice> {
        self.said.iter().flat_map(Said::notices).collect()
    }

    /// Whether it gives an order further names.
    pub fn has_aliases(&self) -> bool {
        self.said.iter().any(|said| matches!(said.about, About::Alias { .. }))
    }

    /// How much there is to merge.
    pub fn weight(&self) -> usize {
        self.said.iter().map(|said| said.times().count()).sum()
    }
}

impl Said {
    fn times(&self) -> std::ops::Range<u16> {
        0..1 + self.more % MORE
    }

    fn notices(&self) -> Vec<Notice> {
        match self.about {
            About::Order { topic } => self.times().map(|n| self.order(topic, n..n + 1)).collect(),
            About::Statuses => vec![self.order(true, self.times())],
            About::Alias { other } => vec![self.alias(other)],
            About::Appointment => self.times().map(|n| self.appointment(n)).collect(),
            About::Report => {
                self.times().map(|n| self.report(self.own_id("report", n), n)).collect()
            }
            About::Version => self.times().map(|n| self.report(None, n)).collect(),
            About::Pointer => self.times().map(|n| self.pointer(n)).collect(),
        }
    }

    fn order(&self, topic: bool, times: std::ops::Range<u16>) -> Notice {
        let details =
            OrderDetails { external_id: self.word().map(identifier), ..OrderDetails::default() };
        Notice::Order(Box::new(OrderNotice {
            provider_order_id: order(self.order),
            aliases: Vec::new(),
            topic: if topic { "order" } else { "result" }.into(),
            stated_at: self.at(times.start),
            entries: times.map(|n| self.entry(n, ORDER_STATUSES)).collect(),
            details,
        }))
    }

    fn alias(&self, other: u8) -> Notice {
        Notice::Order(Box::new(OrderNotice {
            provider_order_id: order(self.order),
            aliases: vec![order(other)],
            topic: "order".into(),
            stated_at: self.at(0),
            entries: vec![self.entry(0, ORDER_STATUSES)],
            details: OrderDetails::default(),
        }))
    }

    fn appointment(&self, n: u16) -> Notice {
        let details = AppointmentDetails {
            confirmation_code: self.word().map(Phi::new),
            ..Default::default()
        };
        Notice::Appointment(Box::new(AppointmentNotice {
            provider_appointment_id: self.own_id("appointment", n).unwrap_or_else(|| order(0)),
            provider_order_id: order(self.order),
            topic: "appointment".into(),
            stated_at: self.at(n),
            entries: vec![self.entry(n, APPOINTMENT_STATUSES)],
            details,
        }))
    }

    fn report(&self, provider_report_id: Option<Identifier>, n: u16) -> Notice {
        let status = pick(REPORT_STATUSES, self.status);
        let code = Code { name: self.word().unwrap_or_default(), ..Code::default() };
        let observations = vec![Observation { code, ..Observation::default() }];
        Notice::Report(Box::new(ReportNotice {
            provider_report_id,
            observations,
            ..ReportNotice::new(order(self.order), status, self.at(n))
        }))
    }

    fn pointer(&self, n: u16) -> Notice {
        Notice::Fetch(FetchNotice {
            subject: FetchSubject::Report,
            reference: identifier(format!("reference-{n}")).into(),
            provider_order_id: order(self.order),
            provider_report_id: None,
        })
    }

    fn entry<S: Copy>(&self, n: u16, statuses: &[S]) -> Entry<S> {
        Entry {
            at: self.at(n),
            provider_event_id: self.own_id("event", n),
            status: pick(statuses, self.status),
            provider_status: self.word(),
            phase: None,
            reason: None,
            provider_at: None,
        }
    }

    fn own_id(&self, word: &str, n: u16) -> Option<Identifier> {
        (self.id != 0).then(|| identifier(format!("{word}-{}-{n}", self.id % 8)))
    }

    /// A text that differs with the status.
    fn word(&self) -> Option<String> {
        (!self.status.is_multiple_of(5)).then(|| format!("word-{}", self.status))
    }

    /// Before the arrival, by days and minutes, so that several things have one time.
    fn at(&self, n: u16) -> Timestamp {
        NOW - SignedDuration::from_hours(24 * i64::from(self.at % 16) + 1)
            - SignedDuration::from_mins(i64::from(n))
    }
}

fn order(number: u8) -> Identifier {
    identifier(format!("order-{}", number % ORDERS))
}

fn identifier(text: String) -> Identifier {
    Identifier::new(text).expect("a word and a number are an id")
}

fn pick<S: Copy>(statuses: &[S], number: u8) -> S {
    statuses[usize::from(number) % statuses.len()]
}

const ORDER_STATUSES: &[OrderStatus] = &[
    OrderStatus::Unknown,
    OrderStatus::Ordered,
    OrderStatus::KitInTransit,
    OrderStatus::AtLab,
    OrderStatus::Completed,
    OrderStatus::Cancelled,
];

const APPOINTMENT_STATUSES: &[AppointmentStatus] =
    &[AppointmentStatus::Pending, AppointmentStatus::Scheduled, AppointmentStatus::Cancelled];

const REPORT_STATUSES: &[ReportStatus] = &[
    ReportStatus::Unknown,
    ReportStatus::Partial,
    ReportStatus::Final,
    ReportStatus::Corrected,
    ReportStatus::Cancelled,
];
