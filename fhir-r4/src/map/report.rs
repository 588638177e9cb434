//! DiagnosticReport: results.

use std::collections::BTreeSet;

use jiff::Timestamp;
use labgate_core::{
    Identifier, Notice, Phi,
    decode::Unreadable,
    model::{self, Code, Document, ObservationValue, OrderDetails, ReportStatus},
    notice::{FetchNotice, FetchSubject, OrderNotice, ReportNotice},
};

use super::{Mapper, finding::Findings, panel, words};
use crate::types::{Attachment, DiagnosticReport, Reference, Resource};

impl Mapper<'_> {
    /// A report for each order that it answers, and what it tells of the order.
    pub(super) fn report(
        &mut self,
        place: usize,
        report: &DiagnosticReport,
    ) -> Result<(), Unreadable> {
        let orders = self.orders(place, report.based_on.as_deref());
        if orders.is_empty() {
            return Err(Unreadable::at("", "a DiagnosticReport that names no order and has no id"));
        }
        let told = report.status.as_deref().and_then(words::report_status);
        if told.is_none() {
            self.unknown("DiagnosticReport.status");
        }
        let updated_at = self.last_updated(report.meta.as_ref());
        let issued = self.instant(report.issued.as_ref(), "DiagnosticReport.issued");
        let reported_at = issued.max(updated_at).unwrap_or(self.context.received_at);
        self.claim(self.resources.entries[place].size * orders.len())?;
        let people = report.subject.iter().chain(report.performer.iter().flatten());
        let resolved = people.chain(report.specimen.iter().flatten());
        self.claim_resolved(place, resolved, orders.len())?;
        let (mut findings, complete) = self.results(place, report, orders.len())?;
        findings.observations.extend(report.conclusion.as_deref().map(conclusion));
        let documents = self.documents(place, report.presented_form.as_deref());

        let status = status(told.unwrap_or(ReportStatus::Unknown), complete);
        let notice = ReportNotice {
            provider_report_id: self.report_id(place),
            provider_status: report.status.clone(),
            collected_at: self.collected_at(place, report),
            observations: findings.observations,
            missing: findings.missing,
            documents,
            ..ReportNotice::new(orders[0].clone(), status, reported_at)
        };
        let details = OrderDetails {
            patient: self.patient(place, report.subject.as_ref()),
            lab: self.lab(place, report.performer.as_deref()),
            specimens: self.specimens(place, report.specimen.as_deref()),
            ..OrderDetails::default()
        };
        let id = report.id.as_deref().filter(|_| !complete);
        let reference = id.and_then(|id| Identifier::new(format!("DiagnosticReport/{id}")));
        for provider_order_id in orders {
            self.notices.push(Notice::Order(Box::new(OrderNotice {
                provider_order_id: provider_order_id.clone(),
                topic: "DiagnosticReport".into(),
                entries: Vec::new(),
                details: details.clone(),
                stated_at: reported_at,
            })));
            let own =
                ReportNotice { provider_order_id: provider_order_id.clone(), ..notice.clone() };
            self.notices.push(Notice::Report(Box::new(own)));
            self.notices.extend(reference.clone().map(|reference| {
                let subject = FetchSubject::Report;
                Notice::Fetch(FetchNotice { subject, reference, provider_order_id })
            }));
        }
        if !complete && reference.is_none() {
            self.unknown("DiagnosticReport.result[]");
        }
        Ok(())
    }

    /// What the report is known by, the same in each of its versions.
    fn report_id(&self, place: usize) -> Option<Identifier> {
        let is_report = |resource: &Resource| matches!(resource, Resource::DiagnosticReport(_));
        let mut reports = self.resources.entries.iter().filter(|entry| is_report(&entry.resource));
        let is_only = (reports.next(), reports.next()).1.is_none();
        let known = self.context.report.clone().filter(|_| is_only);
        known.or_else(|| self.resources.own_order(place))
    }

    /// The orders that a result answers, each once.
    pub(super) fn orders(&self, place: usize, based_on: Option<&[Reference]>) -> Vec<Identifier> {
        if let Some(order) = &self.context.order {
            return vec![order.clone()];
        }
        let requests = based_on.unwrap_or_default().iter();
        let mut seen = BTreeSet::new();
        let orders = requests.filter_map(|it| self.resources.order_of(place, it));
        let orders: Vec<_> = orders.filter(|order| seen.insert(order.clone())).collect();
        if orders.is_empty() {
            self.resources.own_order(place).into_iter().collect()
        } else {
            orders
        }
    }

    /// What a report found, in its own order, a panel's members after the panel; and whether all of
    /// it is in the body. What it contains belongs to it even where no reference leads there.
    fn results(
        &mut self,
        place: usize,
        report: &DiagnosticReport,
        orders: usize,
    ) -> Result<(Findings, bool), Unreadable> {
        let results = report.result.as_deref().unwrap_or_default().iter();
        let mut waiting: Vec<Option<usize>> =
            results.map(|result| self.resources.resolve(place, result)).collect();
        let after = self.resources.entries.iter().enumerate().skip(place + 1);
        let contained = after.take_while(|(_, entry)| entry.container == Some(place));
        let is_observation = |place: usize| {
            matches!(self.resources.entries[place].resource, Resource::Observation(_))
        };
        waiting.extend(contained.map(|(at, _)| at).filter(|at| is_observation(*at)).map(Some));
        self.gather(waiting, orders)
    }

    /// What the observations at `roots` and their members found, each once; and whether every
    /// reference led to one. Members are walked without recursion: a body may chain any number.
    pub(super) fn gather(
        &mut self,
        mut roots: Vec<Option<usize>>,
        orders: usize,
    ) -> Result<(Findings, bool), Unreadable> {
        roots.reverse();
        let (mut found, mut seen, mut complete) = (Vec::new(), BTreeSet::new(), true);
        let mut links = Vec::new();
        let resources = self.resources;
        while let Some(next) = roots.pop() {
            let resource = next.map(|place| (place, &resources.entries[place].resource));
            let Some((place, Resource::Observation(observation))) = resource else {
                complete = false;
                continue;
            };
            if !seen.insert(place) {
                continue;
            }
            self.reported.insert(place);
            found.push((place, &**observation));
            let members = observation.has_member.as_deref().unwrap_or_default().iter().rev();
            let members: Vec<_> = members.map(|it| resources.resolve(place, it)).collect();
            links.extend(members.iter().flatten().map(|member| (place, *member)));
            roots.extend(members);
        }
        let parents = panel::parents(&links);
        let mut findings = Findings::default();
        for (place, observation) in found {
            // A panel may be in the body and not among the results.
            let parent = parents.get(&place).or_else(|| self.groups.get(&place)).copied();
            let parent = parent.and_then(|parent| self.as_parent(parent));
            let repeated = self.find(place, observation, parent, &mut findings)?;
            self.claim((resources.entries[place].size + repeated) * orders)?;
        }
        Ok((findings, complete))
    }

    /// When the sample was taken, by the report or else by the first of its samples that says.
    fn collected_at(&mut self, place: usize, report: &DiagnosticReport) -> Option<Timestamp> {
        let field = "DiagnosticReport.effective";
        let told = self
            .instant(report.effective_date_time.as_ref(), field)
            .or_else(|| self.began(report.effective_period.as_ref(), field));
        told.or_else(|| {
            report.specimen.iter().flatten().find_map(|reference| {
                let place = self.resources.resolve(place, reference)?;
                let Resource::Specimen(specimen) = &self.resources.entries[place].resource else {
                    return None;
                };
                let collection = specimen.collection.as_ref()?;
                let field = "Specimen.collection.collected";
                self.instant(collection.collected_date_time.as_ref(), field)
                    .or_else(|| self.began(collection.collected_period.as_ref(), field))
            })
        })
    }

    /// Files by their address; one that stands in the body itself by its place there.
    fn documents(&self, place: usize, forms: Option<&[Attachment]>) -> Vec<Document> {
        let report = self.resources.own_order(place);
        let report = report.as_ref().map_or("DiagnosticReport", Identifier::as_str);
        let document = |(index, form): (usize, &Attachment)| {
            let inline = || format!("{report}#presentedForm[{index}]");
            let media_type = form.content_type.as_deref().unwrap_or("application/octet-stream");
            Document { id: form.url.clone().unwrap_or_else(inline), media_type: media_type.into() }
        };
        forms.unwrap_or_default().iter().enumerate().map(document).collect()
    }
}

/// A report that lacks some of its results must not look complete.
fn status(told: ReportStatus, complete: bool) -> ReportStatus {
    match told {
        ReportStatus::Final | ReportStatus::Amended | ReportStatus::Corrected if !complete => {
            ReportStatus::Partial
        }
        ReportStatus::Final
        | ReportStatus::Amended
        | ReportStatus::Corrected
        | ReportStatus::Partial
        | ReportStatus::Cancelled
        | ReportStatus::Unknown => told,
    }
}

/// The lab's conclusion, which may be all that a report says. Our report has no field for it, so
/// it stands among the findings.
fn conclusion(text: &str) -> model::Observation {
    model::Observation {
        code: Code {
            provider: Some("conclusion".into()),
            name: "Conclusion".into(),
            ..Code::default()
        },
        value: Some(Phi::new(ObservationValue::words(text, None))),
        ..model::Observation::default()
    }
}
