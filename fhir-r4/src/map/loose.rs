//! Observations that come without a report.

use std::collections::{BTreeMap, BTreeSet};

use labgate_core::{
    Identifier, Notice,
    decode::Unreadable,
    model::{OrderDetails, ReportStatus},
    notice::{OrderNotice, ReportNotice},
};

use super::{Mapper, words};
use crate::types::{CodeableConcept, Observation, Resource};

impl Mapper<'_> {
    /// Observations that belong to no report of the body: each is a partial report by itself, since
    /// each is changed by itself, unless the body as a whole is known to be one report and brings
    /// none besides. Of those that name no order only a lab's are results; the others may be
    /// anybody's pulse. Where the body's order is known, a body of observations alone is its answer.
    pub(super) fn loose_observations(&mut self) -> Result<(), Unreadable> {
        let resources = self.resources;
        let mut loose: BTreeMap<_, Vec<(usize, &Observation)>> = BTreeMap::new();
        let only_loose = resources
            .entries
            .iter()
            .all(|entry| !matches!(entry.resource, Resource::DiagnosticReport(_)));
        let is_answer = only_loose && self.context.order.is_some();
        let (mut results, mut others) = (Vec::new(), Vec::new());
        for (place, entry) in resources.entries.iter().enumerate() {
            let Resource::Observation(observation) = &entry.resource else { continue };
            if entry.container.is_some() || self.reported.contains(&place) {
                continue;
            }
            let answers = observation.based_on.as_ref().is_some_and(|orders| !orders.is_empty());
            let is_result = is_answer || answers || is_lab(observation.category.as_deref());
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
            let known = self.context.report.clone().filter(|_| only_loose);
            let report = known.or_else(|| resources.own_order(place));
            for order in orders {
                loose.entry((order, report.clone())).or_default().push((place, observation));
            }
        }
        loose
            .into_iter()
            .try_for_each(|((order, report), found)| self.loose_report(order, report, found))
    }

    /// Those of `places` that none before them brings along as a member, and all that they bring.
    fn roots(&self, places: impl IntoIterator<Item = usize>) -> (Vec<usize>, BTreeSet<usize>) {
        let (mut roots, mut brought) = (Vec::new(), BTreeSet::new());
        for root in places {
            if brought.contains(&root) {
                continue;
            }
            roots.push(root);
            let mut waiting = vec![root];
            while let Some(place) = waiting.pop() {
                let resource = &self.resources.entries[place].resource;
                if let Resource::Observation(observation) = resource
                    && brought.insert(place)
                {
                    let members = observation.has_member.iter().flatten();
                    let found = members.filter_map(|member| self.resources.resolve(place, member));
                    waiting.extend(found);
                }
            }
        }
        (roots, brought)
    }

    fn loose_report(
        &mut self,
        provider_order_id: Identifier,
        provider_report_id: Option<Identifier>,
        found: Vec<(usize, &Observation)>,
    ) -> Result<(), Unreadable> {
        let (mut reported_at, mut told) = (None, Vec::new());
        for (_, observation) in &found {
            let issued = self.instant(observation.issued.as_ref(), "Observation.issued");
            let updated_at = self.last_updated(observation.meta.as_ref());
            reported_at = reported_at.max(issued).max(updated_at);
            let word = observation.status.as_deref();
            let standing = word.and_then(words::observation_status);
            told.push(standing.map_or(ReportStatus::Unknown, words::status_of_loose));
        }
        let strongest = [ReportStatus::Corrected, ReportStatus::Amended, ReportStatus::Partial];
        let status = strongest.into_iter().find(|status| told.contains(status));
        let provider_status = found.first().and_then(|(_, observation)| observation.status.clone());
        let first =
            found.first().map(|(place, observation)| (*place, observation.subject.as_ref()));
        if let Some((place, subject)) = first {
            self.claim_resolved(place, subject, 1)?;
        }
        let patient = first.and_then(|(place, subject)| self.patient(place, subject));
        let reported_at = reported_at.unwrap_or(self.context.received_at);
        let (findings, _) =
            self.gather(found.iter().map(|(place, _)| Some(*place)).collect(), 1)?;
        self.notices.push(Notice::Order(Box::new(OrderNotice {
            provider_order_id: provider_order_id.clone(),
            topic: "Observation".into(),
            entries: Vec::new(),
            details: OrderDetails { patient, ..OrderDetails::default() },
            stated_at: reported_at,
        })));
        let status = status.unwrap_or(ReportStatus::Unknown);
        self.notices.push(Notice::Report(Box::new(ReportNotice {
            provider_report_id,
            provider_status,
            observations: findings.observations,
            missing: findings.missing,
            ..ReportNotice::new(provider_order_id, status, reported_at)
        })));
        Ok(())
    }
}

/// Source: hl7.org/fhir/R4/valueset-observation-category.html
fn is_lab(categories: Option<&[CodeableConcept]>) -> bool {
    let mut codings = categories.unwrap_or_default().iter().flat_map(CodeableConcept::codings);
    codings.any(|coding| coding.code.as_deref() == Some("laboratory"))
}
