//! Observations that come without a report.

use std::collections::{BTreeMap, BTreeSet};

use labgate_core::{
    Identifier, Notice,
    decode::Unreadable,
    model::{OrderDetails, ReportStatus},
    notice::{OrderNotice, ReportNotice},
};

use super::{
    Mapper,
    category::{Branch, branch},
    finding::code,
    report::{Answered, Gathered},
    specimen::Taken,
    words,
};
use crate::{
    types::{Observation, Resource},
    versions::AsOf,
};

/// What makes observations one report: the order, the report's id, and of observations that are each
/// a report of their own the version.
type Key = (Identifier, Option<Identifier>, Option<usize>);

/// An observation of such a report, and the request that it answers, if that is in the body.
struct Loose<'a> {
    place: usize,
    observation: &'a Observation,
    request: Option<usize>,
}

impl<'a> Mapper<'a> {
    /// Observations that belong to no report of the body: each is a partial report by itself, since
    /// each is changed by itself, unless the body as a whole is known to be one report and brings
    /// none besides. Of those that name no order only a lab's are results; the others may be
    /// anybody's pulse. Where the body's order is known, a body of observations alone is its answer.
    pub(super) fn loose_observations(&mut self) -> Result<(), Unreadable> {
        let resources = self.resources;
        let mut loose: BTreeMap<Key, Vec<Loose<'a>>> = BTreeMap::new();
        let only_loose = self.reports == 0;
        let known = self.context.report.clone().filter(|_| only_loose);
        let (mut results, mut others) = (Vec::new(), Vec::new());
        for (place, entry) in resources.entries.iter().enumerate() {
            let Resource::Observation(observation) = &entry.resource else { continue };
            let newest = resources.newest(place);
            let is_part = entry.container.is_some() || self.reported.contains(&newest);
            // An older version has no part in a report of which the body holds one version.
            if is_part || known.is_some() && newest != place {
                continue;
            }
            if matches!(resources.as_of(place), AsOf::Unknown) {
                self.unknown("meta.lastUpdated");
                continue;
            }
            let is_answer = only_loose && self.context.order.is_some();
            let is_result = is_answer || self.is_result(observation);
            if is_result { &mut results } else { &mut others }.push(place);
        }
        // A root of the first pass may be a member of a later one, but never of an earlier one, so
        // a second pass in the opposite order leaves those that no other brings along.
        let (roots, _) = self.roots(results);
        let (mut roots, brought) = self.roots(roots.into_iter().rev());
        roots.sort_unstable();
        if others.iter().any(|place| !brought.contains(place)) {
            self.unknown("Observation.basedOn");
        }
        for place in roots {
            let entry = &resources.entries[place];
            let Resource::Observation(observation) = &entry.resource else { continue };
            let orders = self.orders(place, observation.based_on.as_deref());
            if orders.is_empty() {
                return Err(Unreadable::at("", "an Observation that names no order and has no id"));
            }
            self.claim(entry.size * orders.len())?;
            let report = known.clone().or_else(|| resources.own_order(place));
            let version = known.is_none().then_some(place);
            for Answered { order, request } in orders {
                let key = (order, report.clone(), version);
                loose.entry(key).or_default().push(Loose { place, observation, request });
            }
        }
        loose
            .into_iter()
            .try_for_each(|((order, report, _), found)| self.loose_report(order, report, found))
    }

    /// Whether an observation without a report is a lab's result: it answers an order, a sample was
    /// examined for it, or its category says so. An unknown category may be a lab's.
    fn is_result(&mut self, observation: &Observation) -> bool {
        let answers = observation.based_on.as_ref().is_some_and(|orders| !orders.is_empty());
        if answers || observation.specimen.is_some() {
            return true;
        }
        match branch(observation.category.as_deref()) {
            Some(Branch::Lab) => true,
            Some(Branch::Unknown) => {
                self.unknown("Observation.category");
                true
            }
            Some(Branch::Other) | None => false,
        }
    }

    /// Those of `places` that none before them brings along as a member, and all that they bring.
    fn roots(&self, places: impl IntoIterator<Item = usize>) -> (Vec<usize>, BTreeSet<usize>) {
        let (mut roots, mut brought) = (Vec::new(), BTreeSet::new());
        for root in places {
            if brought.contains(&root) {
                continue;
            }
            roots.push(root);
            let as_of = self.resources.as_of(root);
            let mut waiting = vec![root];
            while let Some(place) = waiting.pop() {
                let resource = &self.resources.entries[place].resource;
                if let Resource::Observation(observation) = resource
                    && brought.insert(place)
                {
                    let members = observation.has_member.iter().flatten();
                    waiting.extend(
                        members.filter_map(|member| {
                            self.resources.resolve_as_of(place, member, as_of)
                        }),
                    );
                }
            }
        }
        (roots, brought)
    }

    fn loose_report(
        &mut self,
        provider_order_id: Identifier,
        provider_report_id: Option<Identifier>,
        found: Vec<Loose<'a>>,
    ) -> Result<(), Unreadable> {
        let told: Vec<_> = found.iter().map(|it| status(it.observation)).collect();
        let strongest = [ReportStatus::Corrected, ReportStatus::Amended, ReportStatus::Partial];
        let status = strongest.into_iter().find(|status| told.contains(status));
        let Some(&Loose { place, observation, request }) = found.first() else { return Ok(()) };
        self.claim_resolved(place, observation.subject.as_ref(), 1)?;
        let patient = self.patient(place, observation.subject.as_ref());
        let as_of = if found.len() == 1 { self.resources.as_of(place) } else { AsOf::Now };
        let roots = found.iter().map(|it| Some(it.place)).collect();
        let mut gathered = self.gather(roots, as_of, 1)?;
        let performing_labs = self.performing_labs(place, [].into_iter(), &gathered, 1)?;
        let specimens = self.samples(place, &[], as_of, &mut gathered, 1)?;
        let effective = observation.effective_date_time.as_ref();
        let effective = effective.or(observation.effective_instant.as_ref());
        let period = observation.effective_period.as_ref();
        let taken = self.taken(effective, period, "Observation.effective");
        let taken = taken.or_else(|| specimens.iter().find_map(Taken::of)).unwrap_or_default();
        let ordering_provider = self.ordering_provider(request)?;
        let Gathered { findings, complete: _, stamp, observations: _ } = gathered;
        let reported_at = stamp.at(self.context.received_at);
        self.notices.push(Notice::Order(Box::new(OrderNotice {
            provider_order_id: provider_order_id.clone(),
            aliases: Vec::new(),
            topic: "Observation".into(),
            entries: Vec::new(),
            details: OrderDetails { patient, ..OrderDetails::default() },
            stated_at: reported_at,
        })));
        let status = status.unwrap_or(ReportStatus::Unknown);
        let categories = observation.category.iter().flatten();
        self.notices.push(Notice::Report(Box::new(ReportNotice {
            provider_report_id,
            provider_status: observation.status.clone(),
            category: categories.map(|concept| code(Some(concept))).collect(),
            collected_at: taken.at,
            collected_on: taken.on,
            provider_reported_at: stamp.future,
            specimens,
            performing_labs,
            ordering_provider,
            observations: findings.observations,
            missing: findings.missing,
            ..ReportNotice::new(provider_order_id, status, reported_at)
        })));
        Ok(())
    }
}

/// How final the report is that an observation makes by itself.
fn status(observation: &Observation) -> ReportStatus {
    let status = observation.status.as_deref().and_then(words::observation_status);
    status.map_or(ReportStatus::Unknown, words::status_of_loose)
}
