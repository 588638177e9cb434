//! What a webhook may say a great deal of.

use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice,
    merge::Entry,
    model::{
        AppointmentDetails, AppointmentStatus, Code, Interpretation, Observation, OrderDetails,
        OrderStatus, ReportStatus,
    },
    notice::{AppointmentNotice, FetchNotice, FetchSubject, OrderNotice, ReportNotice},
};

/// Notices of one kind, all of one order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Reports under an id each.
    Reports,
    /// Versions of one report.
    Versions,
    /// Statuses in one notice.
    Statuses,
    /// Notices of one status each.
    Orders,
    /// Appointments.
    Appointments,
    /// Pointers to what is to be fetched.
    Pointers,
}

impl Kind {
    /// Each of them.
    pub(super) const ALL: [Self; 6] = [
        Self::Reports,
        Self::Versions,
        Self::Statuses,
        Self::Orders,
        Self::Appointments,
        Self::Pointers,
    ];

    /// What the table calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Reports => "reports",
            Self::Versions => "versions of one report",
            Self::Statuses => "statuses in one notice",
            Self::Orders => "notices of a status each",
            Self::Appointments => "appointments",
            Self::Pointers => "pointers",
        }
    }

    /// So many, from the `from`th on.
    pub(super) fn notices(self, from: usize, count: usize) -> Vec<Notice> {
        let all = from..from + count;
        match self {
            Self::Reports => all.map(|at| report(at, Some(id("report", at)))).collect(),
            Self::Versions => all.map(|at| report(at, None)).collect(),
            Self::Statuses => vec![order(all)],
            Self::Orders => all.map(|at| order(at..at + 1)).collect(),
            Self::Appointments => all.map(appointment).collect(),
            Self::Pointers => all.map(pointer).collect(),
        }
    }
}

fn id(word: &str, number: usize) -> Identifier {
    Identifier::new(format!("{word}-{number}")).expect("a word and a number are an id")
}

fn minute(number: usize) -> Timestamp {
    let minutes = i64::try_from(number).expect("a webhook has fewer notices");
    Timestamp::from_second(1_785_859_200 + 60 * minutes).expect("it is within the century")
}

fn entry<S>(at: usize, status: S) -> Entry<S> {
    Entry {
        at: minute(at),
        provider_event_id: Some(id("event", at)),
        status,
        provider_status: Some("received.walk_in_test.ordered".into()),
        phase: None,
        provider_at: None,
        reason: None,
    }
}

fn order(all: std::ops::Range<usize>) -> Notice {
    Notice::Order(Box::new(OrderNotice {
        provider_order_id: id("order", 0),
        aliases: Vec::new(),
        topic: "order".into(),
        stated_at: minute(all.start),
        entries: all.map(|at| entry(at, OrderStatus::Ordered)).collect(),
        details: OrderDetails::default(),
    }))
}

fn appointment(at: usize) -> Notice {
    Notice::Appointment(Box::new(AppointmentNotice {
        provider_appointment_id: id("appointment", at),
        provider_order_id: id("order", 0),
        topic: "appointment".into(),
        stated_at: minute(at),
        entries: vec![entry(at, AppointmentStatus::Pending)],
        details: AppointmentDetails::default(),
    }))
}

fn report(at: usize, provider_report_id: Option<Identifier>) -> Notice {
    let interpretation =
        if at.is_multiple_of(2) { Interpretation::Normal } else { Interpretation::High };
    let code = Code { name: "Sodium".into(), ..Code::default() };
    let observation = Observation { code, interpretation, ..Observation::default() };
    Notice::Report(Box::new(ReportNotice {
        provider_report_id,
        observations: vec![observation],
        ..ReportNotice::new(id("order", 0), ReportStatus::Final, minute(at))
    }))
}

fn pointer(at: usize) -> Notice {
    Notice::Fetch(FetchNotice::new(FetchSubject::Report, id("report", at), id("order", 0)))
}
