//! Junction's words in ours.

mod appointment;
mod judgement;
mod marker;
mod order;
mod range;
mod result;
mod sample;
mod words;

pub(crate) use words::ORDER_STATUSES;

use std::collections::BTreeSet;

use jiff::Timestamp;
use labgate_core::{Identifier, Phi};
use labgate_core::{
    Notice, Notices,
    merge::Entry,
    model::{OrderDetails, OrderStatus},
    notice::{FetchNotice, FetchSubject, OrderNotice},
};

use crate::payload::{Content, OrderEnd, Payload, Sender};

/// What is at hand while one webhook is mapped.
struct Context {
    sender: Sender,
    received_at: Timestamp,
    path: &'static str,
    drift: BTreeSet<String>,
}

impl Context {
    /// Notes that the value of `field` is none that we know.
    fn unknown(&mut self, field: &str) {
        let path = self.path;
        self.drift.insert(if path.is_empty() { field.into() } else { format!("{path}.{field}") });
    }
}

/// Says in our words what a webhook says.
pub(crate) fn map(payload: Payload) -> Notices {
    let Payload { sender, content, received_at, drift, path } = payload;
    let mut context = Context { sender, received_at, path, drift };
    let notices = match content {
        Content::Order(order) => order::map(*order, &mut context),
        Content::Appointment(appointment) => vec![appointment::map(*appointment, &mut context)],
        Content::Result { critical, result, samples } => {
            result::map(*result, &samples, critical, &mut context)
        }
        Content::OrderEnd { completed, end } => order_end(end, completed, &context),
        Content::MatchReview(review) => review
            .resolved_order_id
            .map(|order| fetch(FetchSubject::Order, order))
            .into_iter()
            .collect(),
        Content::Foreign => Vec::new(),
    };
    Notices { notices, drift: context.drift }
}

/// `order.completed` and `order.cancelled`: the type tells the status, the text is the vendor's.
fn order_end(end: OrderEnd, completed: bool, context: &Context) -> Vec<Notice> {
    let status = if completed { OrderStatus::Completed } else { OrderStatus::Cancelled };
    let entry = Entry {
        at: context.received_at,
        provider_event_id: None,
        status,
        provider_status: Some(end.status),
        phase: None,
        reason: end.cancellation_reason.map(Phi::new),
        provider_at: None,
    };
    let mut notices = vec![Notice::Order(Box::new(OrderNotice {
        provider_order_id: end.order_id.clone(),
        aliases: Vec::new(),
        topic: "order.end".into(),
        entries: vec![entry],
        details: OrderDetails {
            account: context.sender.team_id.clone(),
            ..OrderDetails::default()
        },
        stated_at: context.received_at,
    }))];
    if completed {
        notices.push(fetch(FetchSubject::Report, end.order_id));
    }
    notices
}

/// The webhook only points at what the API has to say.
fn fetch(subject: FetchSubject, provider_order_id: Identifier) -> Notice {
    Notice::Fetch(FetchNotice::new(subject, provider_order_id.clone(), provider_order_id))
}
