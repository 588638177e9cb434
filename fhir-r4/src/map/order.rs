//! ServiceRequest: an order.

use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice, Phi,
    decode::Unreadable,
    merge::Entry,
    model::{OrderDetails, OrderStatus, Specimen, Test, Transaction},
    notice::OrderNotice,
};

use super::{Mapper, finding::code, words};
use crate::types::{self, Reference, Resource, ServiceRequest};

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
        let placed_at = self.instant(request.authored_on.as_ref(), "ServiceRequest.authoredOn");
        let updated_at = self.last_updated(request.meta.as_ref());
        let stated_at = updated_at.or(placed_at).unwrap_or(self.context.received_at);
        let version = request.meta.as_ref().and_then(|meta| meta.version_id.clone());
        let entry = request.status.as_deref().map(|word| {
            let status = words::order_status(word).unwrap_or_else(|| {
                self.unknown("ServiceRequest.status");
                OrderStatus::Unknown
            });
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
        let group = request.requisition.as_ref();
        let group = group.and_then(|group| Identifier::new(group.token()?));
        let parent = request.replaces.as_deref().and_then(<[_]>::first);
        let parent = parent.and_then(|parent| self.resources.order_of(place, parent));
        let told = group.is_some() || parent.is_some();
        let period_end = request.occurrence_period.as_ref().and_then(|period| period.end.as_ref());
        let expected = request.occurrence_date_time.as_ref().or(period_end);
        OrderDetails {
            patient: self.patient(place, request.subject.as_ref()),
            lab: self.lab(place, request.performer.as_deref()),
            tests: request.code.as_ref().map(|tested| {
                let code = code(Some(tested));
                let slug = code.provider.or(code.loinc);
                vec![Test { slug, name: Some(code.name), ..Test::default() }]
            }),
            specimens: self.specimens(place, request.specimen.as_deref()),
            transaction: told.then(|| Transaction { group, parent, ..Transaction::default() }),
            expected_by: expected.and_then(|moment| moment.date),
            placed_at,
            ..OrderDetails::default()
        }
    }

    /// The samples that are in the body.
    pub(super) fn specimens(
        &self,
        from: usize,
        references: Option<&[Reference]>,
    ) -> Option<Vec<Specimen>> {
        let specimen = |reference: &Reference| {
            let place = self.resources.resolve(from, reference)?;
            let Resource::Specimen(specimen) = &self.resources.entries[place].resource else {
                return None;
            };
            let kind = specimen.r#type.as_ref().and_then(|kind| kind.words());
            let id = self.number(place, specimen).map(Phi::new);
            Some(Specimen { id, kind: kind.map(String::from), ..Specimen::default() })
        };
        let found: Vec<_> = references.unwrap_or_default().iter().filter_map(specimen).collect();
        (!found.is_empty()).then_some(found)
    }

    /// The lab's number of a sample, or failing that what it is called by.
    pub(super) fn number(&self, place: usize, specimen: &types::Specimen) -> Option<String> {
        let number = specimen.accession_identifier.as_ref();
        let number = number.and_then(|number| number.value.clone());
        number.or_else(|| self.resources.name(place).map(|name| name.as_str().to_owned()))
    }
}
