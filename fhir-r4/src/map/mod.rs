//! FHIR's words in ours.

mod appointment;
mod bound;
mod category;
mod finding;
mod judgement;
mod lab;
mod loose;
mod order;
mod panel;
mod person;
mod range;
mod report;
mod specimen;
mod stamp;
mod told;
mod value;
mod words;

pub use words::ORDER_STATUSES;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use labgate_core::{
    Notice, Notices,
    decode::{Drift, Unreadable},
};

use super::{
    Context, Resources,
    read::Entry,
    types::{Meta, Moment, Reference, Resource},
};

/// How many times over the notices of one body may say what stands in it. References may lead to
/// one observation or patient from any number of reports and orders, so a small body could say very
/// much.
const REPETITIONS: usize = 32;

/// The notices of one body in the making.
struct Mapper<'a> {
    resources: &'a Resources,
    context: &'a Context,
    drift: Drift,
    notices: Vec<Notice>,
    /// Observations that belong to a report, each by its newest version.
    reported: BTreeSet<usize>,
    /// The group of each observation that another one of the body has for a member.
    groups: BTreeMap<usize, usize>,
    /// How many reports are in the body, versions not counted.
    reports: usize,
    /// How many bytes of the body may still be said.
    room: usize,
}

impl Resources {
    /// Says in our words what the resources say. Contained ones are part of what contains them
    /// and say nothing by themselves.
    ///
    /// A request that must not be carried out (`doNotPerform`) is no order, an appointment that
    /// names no order is none of a lab's, and an observation that names neither order nor lab is
    /// left in the archive: each is drift.
    pub fn notices(&self, context: &Context) -> Result<Notices, Unreadable> {
        let is_report = |(place, entry): &(usize, &Entry)| {
            matches!(entry.resource, Resource::DiagnosticReport(_)) && self.newest(*place) == *place
        };
        let mut mapper = Mapper {
            resources: self,
            context,
            drift: self.drift.clone(),
            notices: Vec::new(),
            reported: BTreeSet::new(),
            groups: panel::groups(self),
            reports: self.entries.iter().enumerate().filter(is_report).count(),
            room: self.entries.iter().map(|entry| entry.size).sum::<usize>() * REPETITIONS,
        };
        for (place, entry) in self.entries.iter().enumerate() {
            if entry.container.is_some() {
                continue;
            }
            match &entry.resource {
                Resource::ServiceRequest(request) => mapper.order(place, request)?,
                Resource::Appointment(appointment) => mapper.appointment(place, appointment),
                Resource::DiagnosticReport(report) => mapper.report(place, report)?,
                Resource::Observation(_)
                | Resource::Organization(_)
                | Resource::Patient(_)
                | Resource::Practitioner(_)
                | Resource::PractitionerRole(_)
                | Resource::Specimen(_) => {}
            }
        }
        mapper.loose_observations()?;
        Ok(Notices { notices: mapper.notices, drift: mapper.drift })
    }
}

impl Mapper<'_> {
    /// Notes that what stands at `field` is nothing that we know, or nothing that we can say.
    fn unknown(&mut self, field: &str) {
        self.drift.insert(field.into());
    }

    /// The instant that `moment` tells; a time that tells none is noted.
    fn instant(&mut self, moment: Option<&Moment>, field: &str) -> Option<Timestamp> {
        let instant = moment?.instant;
        if instant.is_none() {
            self.unknown(field);
        }
        instant
    }

    fn last_updated(&mut self, meta: Option<&Meta>) -> Option<Timestamp> {
        self.instant(meta?.last_updated.as_ref(), "meta.lastUpdated")
    }

    /// Takes up `wanted` bytes of the room that is left.
    fn claim(&mut self, wanted: usize) -> Result<(), Unreadable> {
        let left = self.room.checked_sub(wanted);
        self.room =
            left.ok_or_else(|| Unreadable::at("", "too many notices of the same resources"))?;
        Ok(())
    }

    /// Takes up the room of what `references`, which stand in the entry `from`, lead to in each of
    /// `notices` notices.
    fn claim_resolved<'a>(
        &mut self,
        from: usize,
        references: impl IntoIterator<Item = &'a Reference>,
        notices: usize,
    ) -> Result<(), Unreadable> {
        let resources = self.resources;
        let found = references.into_iter().flat_map(|it| resources.reachable(from, it));
        self.claim(found.map(|place| resources.entries[place].size).sum::<usize>() * notices)
    }
}
