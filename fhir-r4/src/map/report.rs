//! DiagnosticReport: results.

use std::collections::BTreeSet;

use labgate_core::{
    Identifier, Notice, Phi,
    decode::Unreadable,
    model::{Document, OrderDetails, Patient, ReportStatus},
    notice::{FetchNotice, FetchSubject, OrderNotice, ReportNotice},
};

use super::{
    Mapper,
    finding::{Findings, code},
    panel,
    specimen::Taken,
    stamp::Stamp,
    words,
};
use crate::{
    types::{Attachment, DiagnosticReport, Meta, Observation, Reference, Resource},
    versions::AsOf,
};

/// What was found in the observations of a report, and what else they say of it.
pub(super) struct Gathered<'a> {
    pub(super) findings: Findings,
    /// Whether all of them are in the body.
    pub(super) complete: bool,
    /// When the newest of them came about.
    pub(super) stamp: Stamp,
    /// Each with its place.
    pub(super) observations: Vec<(usize, &'a Observation)>,
}

/// An order that a result answers, and its request, if that is in the body.
#[derive(Clone)]
pub(super) struct Answered {
    pub(super) order: Identifier,
    pub(super) request: Option<usize>,
}

impl<'a> Mapper<'a> {
    /// A report for each order that it answers, and what it tells of the order.
    pub(super) fn report(
        &mut self,
        place: usize,
        report: &'a DiagnosticReport,
    ) -> Result<(), Unreadable> {
        let orders = self.orders(place, report.based_on.as_deref());
        let Some(first) = orders.first().map(|answered| answered.order.clone()) else {
            return Err(Unreadable::at("", "a DiagnosticReport that names no order and has no id"));
        };
        let as_of = self.resources.as_of(place);
        if matches!(as_of, AsOf::Unknown) {
            // Nothing distinguishes it from a newer version.
            self.unknown("meta.lastUpdated");
            return Ok(());
        }
        self.claim(self.resources.entries[place].size * orders.len())?;
        self.claim_resolved(place, report.subject.iter(), orders.len())?;
        let mut gathered = self.results(place, report, as_of, orders.len())?;
        if self.is_of_another(place, report, &gathered, &orders) {
            return Err(Unreadable::at(
                "DiagnosticReport.subject",
                "expected the patient of its request and results",
            ));
        }
        gathered.complete &= !report.meta.as_ref().is_some_and(Meta::is_subset);
        let complete = gathered.complete;
        let notice = self.report_notice((place, report), as_of, gathered, first, orders.len())?;
        if is_final(notice.status) && notice.is_pointer() {
            self.unknown("DiagnosticReport.result");
        }
        let specimens = Some(notice.specimens.clone()).filter(|specimens| !specimens.is_empty());
        let details = OrderDetails {
            patient: self.patient(place, report.subject.as_ref()),
            lab: self.lab(place, report.performer.as_deref()),
            specimens,
            ..OrderDetails::default()
        };
        let id = report.id.as_deref().filter(|_| !complete);
        let reference = id.and_then(|id| Identifier::new(format!("DiagnosticReport/{id}")));
        if !complete && reference.is_none() {
            self.unknown("DiagnosticReport.result[]");
        }
        for Answered { order, request } in orders {
            self.notices.push(Notice::Order(Box::new(OrderNotice {
                provider_order_id: order.clone(),
                aliases: Vec::new(),
                topic: "DiagnosticReport".into(),
                entries: Vec::new(),
                details: details.clone(),
                stated_at: notice.reported_at,
            })));
            let ordering_provider = self.ordering_provider(request)?;
            let provider_order_id = order.clone();
            let own = ReportNotice { provider_order_id, ordering_provider, ..notice.clone() };
            self.notices.push(Notice::Report(Box::new(own)));
            self.notices.extend(reference.clone().map(|reference| {
                let subject = FetchSubject::Report;
                let pointer = FetchNotice::new(subject, reference, order);
                let provider_report_id = notice.provider_report_id.clone();
                Notice::Fetch(FetchNotice { provider_report_id, ..pointer })
            }));
        }
        Ok(())
    }

    /// Whether a result of it, or a request that it answers, names another patient than the report:
    /// nothing must be shown under the name of another person.
    fn is_of_another(
        &mut self,
        place: usize,
        report: &DiagnosticReport,
        gathered: &Gathered<'_>,
        orders: &[Answered],
    ) -> bool {
        let resources = self.resources;
        let requests = orders.iter().filter_map(|answered| answered.request);
        let requests = requests.filter_map(|at| {
            let Resource::ServiceRequest(request) = &resources.entries[at].resource else {
                return None;
            };
            Some((at, request.subject.as_ref()?))
        });
        let results = gathered.observations.iter();
        let results = results.filter_map(|(at, result)| Some((*at, result.subject.as_ref()?)));
        let Some(own) = report.subject.as_ref() else { return false };
        let named = |patient: Option<Phi<Patient>>| patient?.expose().provider_patient_id.clone();
        let Some(known) = named(self.patient(place, Some(own))) else { return false };
        results.chain(requests).any(|(at, subject)| {
            subject.reference != own.reference
                && named(self.patient(at, Some(subject))).is_some_and(|other| other != known)
        })
    }

    /// What a report says in each of its `orders`, of which `order` is the first.
    fn report_notice(
        &mut self,
        (place, report): (usize, &'a DiagnosticReport),
        as_of: AsOf,
        mut gathered: Gathered<'a>,
        order: Identifier,
        orders: usize,
    ) -> Result<ReportNotice, Unreadable> {
        let told = report.status.as_deref().and_then(words::report_status);
        if told.is_none() {
            self.unknown("DiagnosticReport.status");
        }
        let performers = report.performer.iter().flatten();
        let performers = performers.chain(report.results_interpreter.iter().flatten());
        let performing_labs = self.performing_labs(place, performers, &gathered, orders)?;
        let samples = report.specimen.as_deref().unwrap_or_default();
        let specimens = self.samples(place, samples, as_of, &mut gathered, orders)?;
        let field = "DiagnosticReport.effective";
        let (date_time, period) = (&report.effective_date_time, &report.effective_period);
        let taken = self.taken(date_time.as_ref(), period.as_ref(), field);
        let taken = taken.or_else(|| specimens.iter().find_map(Taken::of)).unwrap_or_default();

        let Gathered { findings, complete, mut stamp, observations: _ } = gathered;
        self.stamp(&mut stamp, report.issued.as_ref(), "DiagnosticReport.issued");
        let updated_at = report.meta.as_ref().and_then(|meta| meta.last_updated.as_ref());
        self.stamp(&mut stamp, updated_at, "meta.lastUpdated");
        let status = status(told.unwrap_or(ReportStatus::Unknown), complete);
        let reported_at = stamp.at(self.context.received_at);
        let categories = report.category.iter().flatten();
        let conclusions = report.conclusion_code.iter().flatten();
        let notes = report.note.iter().flatten().filter_map(|note| note.text.clone());
        Ok(ReportNotice {
            provider_report_id: self.report_id(place),
            provider_status: report.status.clone(),
            code: report.code.as_ref().map(|concept| code(Some(concept))),
            category: categories.map(|concept| code(Some(concept))).collect(),
            collected_at: taken.at,
            collected_on: taken.on,
            provider_reported_at: stamp.future,
            specimens,
            performing_labs,
            notes: notes.map(Phi::new).collect(),
            conclusion: report.conclusion.clone().filter(|text| !text.is_empty()).map(Phi::new),
            conclusion_codes: conclusions.map(|it| Phi::new(code(Some(it)))).collect(),
            observations: findings.observations,
            missing: findings.missing,
            documents: self.documents(place, report.presented_form.as_deref()),
            ..ReportNotice::new(order, status, reported_at)
        })
    }

    /// What the report is known by, the same in each of its versions.
    fn report_id(&self, place: usize) -> Option<Identifier> {
        let known = self.context.report.clone().filter(|_| self.reports == 1);
        known.or_else(|| self.resources.own_order(place))
    }

    /// The orders that a result answers, each once.
    pub(super) fn orders(&mut self, place: usize, based_on: Option<&[Reference]>) -> Vec<Answered> {
        let requests = based_on.unwrap_or_default();
        let resolved = |reference: &Reference| {
            self.resources.resolve_to("ServiceRequest", place, reference, AsOf::Now)
        };
        if let Some(order) = self.context.order.clone() {
            return vec![Answered { order, request: requests.iter().find_map(resolved) }];
        }
        let mut seen = BTreeSet::new();
        let answered = requests.iter().filter_map(|reference| {
            let order = self.resources.order_of(place, reference)?;
            seen.insert(order.clone()).then(|| Answered { order, request: resolved(reference) })
        });
        let answered: Vec<_> = answered.collect();
        if !answered.is_empty() {
            return answered;
        }
        if !requests.is_empty() {
            let kind = self.resources.entries[place].resource.kind();
            self.unknown(&format!("{kind}.basedOn"));
        }
        let own = self.resources.own_order(place);
        own.map(|order| Answered { order, request: None }).into_iter().collect()
    }

    /// What a report found, in its own order, a panel's members after the panel; and whether all of
    /// it is in the body. What it contains belongs to it even where no reference leads there.
    fn results(
        &mut self,
        place: usize,
        report: &DiagnosticReport,
        as_of: AsOf,
        orders: usize,
    ) -> Result<Gathered<'a>, Unreadable> {
        let results = report.result.as_deref().unwrap_or_default().iter();
        let mut waiting: Vec<Option<usize>> =
            results.map(|result| self.resources.resolve_as_of(place, result, as_of)).collect();
        let after = self.resources.entries.iter().enumerate().skip(place + 1);
        let contained = after.take_while(|(_, entry)| entry.container == Some(place));
        let is_observation = |place: usize| {
            matches!(self.resources.entries[place].resource, Resource::Observation(_))
        };
        waiting.extend(contained.map(|(at, _)| at).filter(|at| is_observation(*at)).map(Some));
        self.gather(waiting, as_of, orders)
    }

    /// What the observations at `roots` and their members found, each once; and whether every
    /// reference led to one. Members are walked without recursion: a body may chain any number.
    pub(super) fn gather(
        &mut self,
        mut roots: Vec<Option<usize>>,
        as_of: AsOf,
        orders: usize,
    ) -> Result<Gathered<'a>, Unreadable> {
        roots.reverse();
        let mut gathered = Gathered {
            findings: Findings::default(),
            complete: true,
            stamp: Stamp::default(),
            observations: Vec::new(),
        };
        let (mut seen, mut links) = (BTreeSet::new(), Vec::new());
        let resources = self.resources;
        while let Some(next) = roots.pop() {
            let found = next.map(|place| (place, &resources.entries[place].resource));
            let Some((place, Resource::Observation(observation))) = found else {
                gathered.complete = false;
                continue;
            };
            if !seen.insert(place) {
                continue;
            }
            let newest = resources.newest(place);
            self.reported.insert(newest);
            if newest != place && matches!(as_of, AsOf::Now) {
                // The report asks for this version, and the body knows better.
                self.unknown("DiagnosticReport.result[]");
            }
            gathered.observations.push((place, observation));
            let members = observation.has_member.as_deref().unwrap_or_default().iter().rev();
            let members = members.map(|it| resources.resolve_as_of(place, it, as_of));
            let members: Vec<_> = members.collect();
            links.extend(members.iter().flatten().map(|member| (place, *member)));
            roots.extend(members);
        }
        let parents = panel::parents(&links);
        for (place, observation) in gathered.observations.clone() {
            // A panel may be in the body and not among the results.
            let parent = parents.get(&place).or_else(|| self.groups.get(&place)).copied();
            let parent = parent.and_then(|parent| self.as_parent(parent));
            let repeated = self.find(place, observation, parent, &mut gathered.findings)?;
            self.claim((resources.entries[place].size + repeated) * orders)?;
            self.stamp(&mut gathered.stamp, observation.issued.as_ref(), "Observation.issued");
            let updated_at = observation.meta.as_ref().and_then(|meta| meta.last_updated.as_ref());
            self.stamp(&mut gathered.stamp, updated_at, "meta.lastUpdated");
        }
        Ok(gathered)
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
    if is_final(told) && !complete { ReportStatus::Partial } else { told }
}

const fn is_final(status: ReportStatus) -> bool {
    match status {
        ReportStatus::Final | ReportStatus::Amended | ReportStatus::Corrected => true,
        ReportStatus::Partial | ReportStatus::Cancelled | ReportStatus::Unknown => false,
    }
}
