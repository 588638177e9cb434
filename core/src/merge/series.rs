//! The versions of one report, and how each stands among the others.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, HashMap},
    ops::Deref,
};

use uuid::Uuid;

use super::{FiledReport, filed::Age, findings::Findings};
use crate::model::{Report, ReportStatus};

/// The filed versions of one report of an order: those to which the vendor gives the same id, or
/// none.
///
/// Numbers and links come from the lab's times, so a report that arrives late takes its place
/// among the others and never becomes the newest. A final report that differs from a final one
/// before it is shown as amended, whatever the vendor calls it: no reader may take it for the
/// first. An alarm without results replaces nothing, and nothing replaces it: the results before
/// it stand.
///
/// Filing costs the logarithm of the number of versions, and reading all standings is linear in
/// it: what a version found is hashed once, and only if another final one precedes or follows it.
#[derive(Clone, Debug)]
pub struct Series<R> {
    versions: BTreeMap<Age, Version<R>>,
    ages: HashMap<Uuid, Age>,
}

#[derive(Clone, Debug)]
struct Version<R> {
    report: R,
    findings: OnceCell<Findings>,
}

/// How a filed report stands among the versions of its report.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// The report.
    pub filed: &'a FiledReport,
    /// Its place among the versions of its report by the lab's time, from 1.
    pub version: usize,
    /// How final it is, in the light of those before it.
    pub status: ReportStatus,
    /// The version whose results it replaces.
    pub replaces: Option<Uuid>,
    /// Whether no version of its report is newer.
    pub latest: bool,
}

impl<R> Default for Series<R> {
    fn default() -> Self {
        Self { versions: BTreeMap::new(), ages: HashMap::new() }
    }
}

impl<R: Deref<Target = FiledReport>> Series<R> {
    /// Files a report, and returns whether it was not filed already.
    pub fn file(&mut self, report: R) -> bool {
        let age = report.age();
        let is_new = !self.contains(report.id);
        if is_new {
            self.ages.insert(report.id, age);
            self.versions.insert(age, Version { report, findings: OnceCell::new() });
        }
        is_new
    }

    /// Whether a report is filed.
    pub fn contains(&self, id: Uuid) -> bool {
        self.ages.contains_key(&id)
    }

    /// Removes a report, if it is filed.
    pub fn remove(&mut self, id: Uuid) -> Option<R> {
        let age = self.ages.remove(&id)?;
        self.versions.remove(&age).map(|version| version.report)
    }

    /// The filed reports, oldest first.
    pub fn reports(&self) -> impl Iterator<Item = &R> {
        self.versions.values().map(|version| &version.report)
    }

    /// How each version stands, oldest first.
    pub fn standings(&self) -> Vec<Standing<'_>> {
        let mut standings = Vec::with_capacity(self.versions.len());
        let (mut last_final, mut last_readable) = (None::<&Version<R>>, None);
        for (index, version) in self.versions.values().enumerate() {
            let filed = &*version.report;
            let mut status = filed.notice.status;
            if filed.is_final() {
                let amends =
                    last_final.is_some_and(|last| version.findings().amend(last.findings()));
                if amends && status == ReportStatus::Final {
                    status = ReportStatus::Amended;
                }
                last_final = Some(version);
            }
            let is_readable = !filed.notice.is_pointer();
            let replaces = last_readable.filter(|_| is_readable);
            if is_readable {
                last_readable = Some(filed.id);
            }
            let number = index + 1;
            let latest = number == self.versions.len();
            standings.push(Standing { filed, version: number, status, replaces, latest });
        }
        standings
    }

    /// How those versions stand that are new since `before`, which may be several series that
    /// turned out to be one, or have another status, oldest first: what consumers must hear of.
    pub fn changes_since<'a>(&self, before: impl IntoIterator<Item = &'a Self>) -> Vec<Standing<'_>>
    where
        R: 'a,
    {
        let before = before.into_iter().flat_map(Self::standings);
        let known: HashMap<Uuid, ReportStatus> =
            before.map(|known| (known.filed.id, known.status)).collect();
        let mut changed = self.standings();
        changed.retain(|standing| known.get(&standing.filed.id) != Some(&standing.status));
        changed
    }
}

impl<R: Deref<Target = FiledReport>> Version<R> {
    fn findings(&self) -> &Findings {
        self.findings.get_or_init(|| Findings::of(&self.report.notice))
    }
}

impl Standing<'_> {
    /// The report as consumers see it.
    pub fn report(&self, order_id: Uuid) -> Report {
        let FiledReport { id, source, received_at: _, notice } = self.filed.clone();
        let critical = notice.is_critical();
        let mut labs = notice.performing_labs.into_iter();
        Report {
            id,
            order_id,
            provider_report_id: notice.provider_report_id,
            version: self.version,
            status: self.status,
            critical,
            provider_status: notice.provider_status,
            interpretation: notice.interpretation,
            code: notice.code,
            category: notice.category,
            collected_at: notice.collected_at,
            collected_on: notice.collected_on,
            reported_at: notice.reported_at,
            provider_reported_at: notice.provider_reported_at,
            specimens: notice.specimens,
            performing_lab: labs.next(),
            other_performing_labs: labs.collect(),
            ordering_provider: notice.ordering_provider,
            notes: notice.notes,
            conclusion: notice.conclusion,
            conclusion_codes: notice.conclusion_codes,
            observations: notice.observations,
            missing: notice.missing,
            documents: notice.documents,
            replaces: self.replaces,
            superseded_at: None,
            superseded_by: None,
            source,
        }
    }
}
