//! DiagnosticReport, and observations that come without one: results.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Mapper, finding::Findings, words};
use crate::{
    Identifier, Notice, Phi,
    decode::Unreadable,
    fhir::types::{
        Attachment, CodeableConcept, DiagnosticReport, Observation, Reference, Resource,
    },
    model::{self, Code, Document, ObservationValue, OrderDetails, ReportStatus},
    notice::{FetchNotice, FetchSubject, OrderNotice, ReportNotice},
};

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
        let reported_at = issued.or(updated_at).unwrap_or(self.context.received_at);
        self.claim(self.resources.entries[place].size * orders.len())?;
        let (mut findings, complete) = self.results(place, report, orders.len())?;
        findings.observations.extend(report.conclusion.as_deref().map(conclusion));
        let documents = self.documents(place, report.presented_form.as_deref());

        let notice = ReportNotice {
            provider_order_id: orders[0].clone(),
            status: status(told.unwrap_or(ReportStatus::Unknown), complete),
            provider_status: report.status.clone(),
            critical: false,
            interpretation: None,
            collected_at: self.collected_at(place, report),
            reported_at,
            observations: findings.observations,
            missing: findings.missing,
            documents,
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
            self.notices.push(Notice::Report(own));
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

    /// The orders that a result answers, each once.
    fn orders(&self, place: usize, based_on: Option<&[Reference]>) -> Vec<Identifier> {
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
    fn gather(
        &mut self,
        mut roots: Vec<Option<usize>>,
        orders: usize,
    ) -> Result<(Findings, bool), Unreadable> {
        roots.reverse();
        let (mut findings, mut seen, mut complete) = (Findings::default(), BTreeSet::new(), true);
        while let Some(next) = roots.pop() {
            let resources = self.resources;
            let found = next.map(|place| (place, &resources.entries[place].resource));
            let Some((place, Resource::Observation(observation))) = found else {
                complete = false;
                continue;
            };
            if !seen.insert(place) {
                continue;
            }
            self.reported.insert(place);
            self.find(place, observation, &mut findings);
            self.claim(resources.entries[place].size * orders)?;
            let members = observation.has_member.as_deref().unwrap_or_default().iter().rev();
            roots.extend(members.map(|member| resources.resolve(place, member)));
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

    /// Observations that belong to no report of the body: one partial report for each order. Of
    /// those that name no order only a lab's are results; the others may be anybody's pulse.
    pub(super) fn loose_observations(&mut self) -> Result<(), Unreadable> {
        let resources = self.resources;
        let mut loose: BTreeMap<Identifier, Vec<(usize, &Observation)>> = BTreeMap::new();
        let members = self.members();
        for (place, entry) in resources.entries.iter().enumerate() {
            let Resource::Observation(observation) = &entry.resource else { continue };
            if entry.container.is_some()
                || self.reported.contains(&place)
                || members.contains(&place)
            {
                continue;
            }
            let answers = observation.based_on.as_ref().is_some_and(|orders| !orders.is_empty());
            if self.context.order.is_none() && !answers && !is_lab(observation.category.as_deref())
            {
                self.unknown("Observation.basedOn");
                continue;
            }
            let orders = self.orders(place, observation.based_on.as_deref());
            if orders.is_empty() {
                return Err(Unreadable::at("", "an Observation that names no order and has no id"));
            }
            self.claim(entry.size * orders.len())?;
            for order in orders {
                loose.entry(order).or_default().push((place, observation));
            }
        }
        loose.into_iter().try_for_each(|(order, found)| self.loose_report(order, found))
    }

    /// What other observations group, which comes with them.
    fn members(&self) -> BTreeSet<usize> {
        let entries = self.resources.entries.iter().enumerate();
        let members = entries.flat_map(|(place, entry)| {
            let Resource::Observation(observation) = &entry.resource else { return Vec::new() };
            let members = observation.has_member.iter().flatten();
            members.filter_map(|member| self.resources.resolve(place, member)).collect()
        });
        members.collect()
    }

    fn loose_report(
        &mut self,
        provider_order_id: Identifier,
        found: Vec<(usize, &Observation)>,
    ) -> Result<(), Unreadable> {
        let mut reported_at = None;
        let (mut status, mut provider_status) = (ReportStatus::Partial, None);
        for (_, observation) in &found {
            let issued = self.instant(observation.issued.as_ref(), "Observation.issued");
            reported_at = reported_at.max(issued.or(self.last_updated(observation.meta.as_ref())));
            let word = observation.status.as_deref();
            let told = word.and_then(words::observation_status);
            if let Some(words::Standing::Stands(told)) = told
                && (found.len() == 1 || told != ReportStatus::Unknown)
            {
                status = if status == ReportStatus::Partial { told } else { status };
            }
            provider_status = provider_status.or(word.map(String::from));
        }
        let first =
            found.first().map(|(place, observation)| (*place, observation.subject.as_ref()));
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
        self.notices.push(Notice::Report(ReportNotice {
            provider_order_id,
            status,
            provider_status,
            critical: false,
            interpretation: None,
            collected_at: None,
            reported_at,
            observations: findings.observations,
            missing: findings.missing,
            documents: Vec::new(),
        }));
        Ok(())
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
        code: Code { provider: Some("conclusion".into()), loinc: None, name: "Conclusion".into() },
        value: Some(Phi::new(ObservationValue::Text { text: text.into(), unit: None })),
        reference_range: None,
        interpretation: model::Interpretation::Unknown,
        provider_interpretation: None,
        at: None,
        notes: None,
        performer: None,
    }
}

/// Source: hl7.org/fhir/R4/valueset-observation-category.html
fn is_lab(categories: Option<&[CodeableConcept]>) -> bool {
    let mut codings = categories.unwrap_or_default().iter().flat_map(CodeableConcept::codings);
    codings.any(|coding| coding.code.as_deref() == Some("laboratory"))
}
