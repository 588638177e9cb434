//! ServiceRequest: an order.

use std::collections::BTreeSet;

use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice,
    decode::Unreadable,
    merge::Entry,
    model::{OrderDetails, OrderStatus, Test, Transaction},
    notice::OrderNotice,
};

use super::{Mapper, finding::code, words};
use crate::types::{Moment, ServiceRequest};

impl Mapper<'_> {
    /// An order. Its status is as old as this version of the resource, or failing that as the
    /// request; a server that tells neither leaves only the arrival.
    pub(super) fn order(
        &mut self,
        place: usize,
        request: &ServiceRequest,
    ) -> Result<(), Unreadable> {
        if request.do_not_perform == Some(true) {
            self.unknown("ServiceRequest.doNotPerform");
            return Ok(());
        }
        let Some(provider_order_id) = self.resources.name(place) else {
            self.unknown("ServiceRequest.id");
            return Ok(());
        };
        let people = request.subject.iter().chain(request.performer.iter().flatten());
        self.claim_resolved(place, people.chain(request.specimen.iter().flatten()), 1)?;
        if request.authored_on.as_ref().is_some_and(|moment| moment.is_odd) {
            self.unknown("ServiceRequest.authoredOn");
        }
        let placed_at = request.authored_on.as_ref().and_then(|moment| moment.instant);
        let updated_at = self.last_updated(request.meta.as_ref());
        let stated_at = updated_at.or(placed_at).unwrap_or(self.context.received_at);
        let version = request.meta.as_ref().and_then(|meta| meta.version_id.clone());
        let is_order = request.intent.as_deref().is_none_or(|intent| {
            is_order(intent).unwrap_or_else(|| {
                self.unknown("ServiceRequest.intent");
                true
            })
        });
        let entry = request.status.as_deref().map(|word| {
            let status = words::order_status(word).unwrap_or_else(|| {
                self.unknown("ServiceRequest.status");
                OrderStatus::Unknown
            });
            let status = if is_order { status } else { recommended(status) };
            Entry {
                at: stated_at,
                provider_event_id: version,
                status,
                provider_status: Some(word.into()),
                phase: None,
                reason: None,
                provider_at: None,
            }
        });
        let notice = OrderNotice {
            provider_order_id,
            topic: "ServiceRequest".into(),
            entries: entry.into_iter().collect(),
            details: self.order_details(place, request, placed_at),
            stated_at,
            aliases: self.resources.aliases(place, request),
        };
        self.notices.push(Notice::Order(Box::new(notice)));
        Ok(())
    }

    fn order_details(
        &mut self,
        place: usize,
        request: &ServiceRequest,
        placed_at: Option<Timestamp>,
    ) -> OrderDetails {
        let period_end = request.occurrence_period.as_ref().and_then(|period| period.end.as_ref());
        let expected = request.occurrence_date_time.as_ref().or(period_end);
        let day = |moment: &Moment| moment.date.filter(|_| placed_at.is_none());
        OrderDetails {
            external_id: placer_number(request),
            patient: self.patient(place, request.subject.as_ref()),
            lab: self.lab(place, request.performer.as_deref()),
            tests: request.code.as_ref().map(|tested| {
                let code = code(Some(tested));
                let slug = code.provider.or(code.loinc);
                vec![Test { slug, name: Some(code.name), ..Test::default() }]
            }),
            specimens: self.specimens(place, request.specimen.as_deref()),
            transaction: self.transaction(place, request),
            expected_by: expected.and_then(|moment| moment.date),
            placed_at,
            placed_on: request.authored_on.as_ref().and_then(day),
            ..OrderDetails::default()
        }
    }

    /// The groups of a request: its requisition, the group numbers among its identifiers, and what
    /// it is based on, a plan or the order of which it carries out a part.
    fn transaction(&self, place: usize, request: &ServiceRequest) -> Option<Transaction> {
        let numbers = request.identifier.iter().flatten();
        let numbers = numbers.filter(|number| number.is_of_group());
        let numbers = request.requisition.iter().chain(numbers);
        let numbers = numbers.filter_map(|number| Identifier::new(number.token()?));
        let plans = request.based_on.iter().flatten();
        let plans = plans.filter_map(|plan| self.resources.order_of(place, plan));
        let mut seen = BTreeSet::new();
        let groups: Vec<_> = numbers.chain(plans).filter(|it| seen.insert(it.clone())).collect();
        let parent = request.replaces.as_deref().and_then(<[_]>::first);
        let parent = parent.and_then(|parent| self.resources.order_of(place, parent));
        let group = groups.first().cloned();
        let is_told = group.is_some() || parent.is_some();
        let groups = if groups.len() > 1 { groups } else { Vec::new() };
        is_told.then(|| Transaction { group, groups, parent, ..Transaction::default() })
    }
}

/// The placer's number of the order (terminology.hl7.org/CodeSystem-v2-0203.html). The placer is the
/// customer, who searches for the number alone: its system is the customer's own.
fn placer_number(request: &ServiceRequest) -> Option<Identifier> {
    let mut numbers = request.identifier.iter().flatten();
    let number = numbers.find(|number| number.is_a("PLAC"))?;
    Identifier::new(number.value.as_deref()?)
}

/// Whether a lab carries out requests of this intent; what is proposed, planned or one of several
/// options is not ordered yet. Source: hl7.org/fhir/R4/valueset-request-intent.html
fn is_order(intent: &str) -> Option<bool> {
    Some(match intent {
        "proposal" | "plan" | "option" => false,
        "directive" | "order" | "original-order" | "reflex-order" | "filler-order"
        | "instance-order" => true,
        _ => return None,
    })
}

/// The status of a request that is no order. A proposal that was taken up has no results.
fn recommended(status: OrderStatus) -> OrderStatus {
    let is_live = [OrderStatus::Ordered, OrderStatus::Completed].contains(&status);
    if is_live { OrderStatus::Recommended } else { status }
}
