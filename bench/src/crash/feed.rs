//! The feed as a consumer reads it: to its end, and on from there after each restart.
//!
//! Its numbers go up from 1 by one. Each order is created once, first of all, and so is each
//! appointment; then their versions only rise. No state of a report is told twice.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    io,
};

use labgate_core::model::{Event, EventType};
use uuid::Uuid;

use super::{model::Model, story::Story};
use crate::admin::Admin;

/// All that the feed has told so far.
#[derive(Default)]
pub(super) struct Feed {
    last: i64,
    ids: HashSet<Uuid>,
    orders: HashMap<Uuid, Story>,
    appointments: HashMap<Uuid, Story>,
    reports: HashMap<Uuid, BTreeSet<String>>,
    faults: Vec<String>,
}

impl Feed {
    /// How many events there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Reads what is new, and tells which orders it is about.
    pub(super) fn read(&mut self, admin: &mut Admin) -> io::Result<HashSet<Uuid>> {
        let mut touched = HashSet::new();
        loop {
            let page = admin.read(&format!("/v1/events?after={}&limit=500", self.last))?;
            let events: Vec<Event> = serde_json::from_value(page["data"].clone())?;
            if events.is_empty() {
                return Ok(touched);
            }
            for event in events {
                touched.insert(event.order_id);
                self.take(event);
            }
        }
    }

    /// What is wrong with the feed in itself, whoever tells it.
    pub(super) fn faults(&self) -> &[String] {
        &self.faults
    }

    fn take(&mut self, event: Event) {
        let Event { seq, id, event_type, order_id, data, .. } = event;
        if seq != self.last + 1 {
            self.faults.push(format!("feed: number {seq} comes after {}", self.last));
        }
        self.last = self.last.max(seq);
        if !self.ids.insert(id) {
            self.faults.push(format!("feed: number {seq} is an event that was told before"));
        }
        let at = |name: &str| data[name].as_str().and_then(|id| id.parse::<Uuid>().ok());
        let told = match event_type {
            EventType::OrderCreated
            | EventType::OrderUpdated
            | EventType::OrderCompleted
            | EventType::OrderCancelled
            | EventType::OrderFailed => {
                let is_first = event_type == EventType::OrderCreated;
                self.orders.entry(order_id).or_default().tell(order_id, is_first, event_type, data)
            }
            EventType::OrderMerged => Err("no order here has two names".into()),
            EventType::AppointmentCreated | EventType::AppointmentUpdated => {
                let is_first = event_type == EventType::AppointmentCreated;
                let id = at("appointment_id").unwrap_or_default();
                self.appointments.entry(id).or_default().tell(order_id, is_first, event_type, data)
            }
            EventType::ReportPartial
            | EventType::ReportFinal
            | EventType::ReportAmended
            | EventType::ReportCancelled
            | EventType::ReportCritical => {
                let states = self.reports.entry(at("report_id").unwrap_or_default()).or_default();
                let is_new = states.insert(format!("{event_type:?} {}", data["status"]));
                if is_new { Ok(()) } else { Err("a report is told of twice".into()) }
            }
        };
        if let Err(fault) = told {
            self.faults.push(format!("feed: number {seq}, order {order_id}: {fault}"));
        }
    }

    /// Where the feed and what is stored of the order `id` do not agree.
    pub(super) fn compare(&self, id: Uuid, model: &Model) -> Vec<String> {
        let Some(known) = model.orders.get(&id) else {
            return vec![format!("feed: no stored webhook tells of order {id}")];
        };
        let mut faults = Vec::new();
        match self.orders.get(&id) {
            None => faults.push("it was never told of".into()),
            Some(story) => faults.extend(story.compare(known)),
        }
        for (appointment, expected) in &known.appointments {
            match self.appointments.get(appointment) {
                None => faults.push(format!("appointment {appointment} was never told of")),
                Some(story) if story.order() != id || story.newest() > expected.spoken_of => {
                    faults.push(format!("appointment {appointment} changed more often than told"));
                }
                Some(_) => {}
            }
        }
        let reports = known.reports();
        let untold = reports.iter().filter(|report| !self.reports.contains_key(&report.id));
        faults.extend(untold.map(|report| format!("report {} was never told of", report.id)));
        faults.iter().map(|fault| format!("feed: order {id}: {fault}")).collect()
    }

    /// Where the feed tells of more than is stored at all.
    pub(super) fn strangers(&self, model: &Model) -> Vec<String> {
        let mut reports = HashSet::new();
        let mut appointments = HashSet::new();
        for known in model.orders.values() {
            reports.extend(known.reports().iter().map(|report| report.id));
            appointments.extend(known.appointments.keys().copied());
        }
        let strange = [
            ("orders", self.orders.keys().filter(|id| !model.orders.contains_key(id)).count()),
            (
                "appointments",
                self.appointments.keys().filter(|id| !appointments.contains(id)).count(),
            ),
            ("reports", self.reports.keys().filter(|id| !reports.contains(id)).count()),
        ];
        let strange = strange.iter().filter(|(_, count)| *count > 0);
        strange.map(|(what, count)| format!("feed: {count} {what} that nobody sent")).collect()
    }

    /// What was told of the order `id`.
    pub(super) fn story(&self, id: Uuid) -> Option<&Story> {
        self.orders.get(&id)
    }
}
