//! Whether a gateway has exactly what it said it has.
//!
//! Every webhook that was answered with 2xx must be in the archive once, and nothing may be there
//! that was not sent. A webhook that was not answered may be there or not.
//!
//! The whole list of the API is read. Junction's webhooks are known by the id of their message,
//! which stands in the list, so each of them is checked. The list has no id of Fullscript's events:
//! those are counted, and the ids are read out of the bodies, of all if they are few and of an even
//! sample if they are many. Together with the count, and with ids that never come twice in the
//! sample, a lost event and one kept twice can only hide if they make up for each other and escape
//! the sample. The bodies that are read, of both plugins, must be what was sent, byte for byte.

use std::{collections::HashSet, io};

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    admin::Admin,
    ledger::{Ledger, fingerprint},
    load::Fate,
};

/// Bodies of a plugin that are read at most.
const SAMPLE: usize = 2000;
/// The largest page of the API.
const PAGE: usize = 500;

/// What an audit found.
#[derive(Debug, Default)]
pub struct Audit {
    /// Webhooks in the archive.
    pub stored: usize,
    /// Bodies that were compared.
    pub compared: usize,
    /// Webhooks that were not answered, and yet are there: this is allowed.
    pub unanswered: usize,
    /// What is wrong; empty if all is well.
    pub faults: Vec<String>,
}

/// Compares the archive behind `admin` with `ledger`.
pub fn audit(admin: &mut Admin, ledger: &Ledger) -> io::Result<Audit> {
    let mut audit = Audit::default();
    for plugin in ["junction", "fullscript"] {
        let listed = list(admin, plugin)?;
        audit.stored += listed.len();
        let unsettled = listed.iter().filter(|webhook| webhook.outcome != "accepted").count();
        audit.expect(unsettled == 0, || format!("{plugin}: {unsettled} are not accepted"));
        audit.identities(plugin, &listed, ledger);
        audit.count(plugin, listed.len(), ledger);
        audit.bodies(admin, plugin, &listed, ledger)?;
    }
    Ok(audit)
}

impl Audit {
    /// The audit of an archive of which only the size is known.
    pub fn of_count(stored: usize, ledger: &Ledger) -> Self {
        let mut audit = Self { stored, ..Self::default() };
        let (kept, sent) = (ledger.kept(), ledger.len());
        audit.expect((kept..=sent).contains(&stored), || {
            format!("{stored} are there; {kept} were answered with 2xx, {sent} sent")
        });
        audit
    }
}

/// A webhook in the list.
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) message: Option<Uuid>,
    pub(crate) outcome: String,
    pub(crate) received_at: Option<Timestamp>,
}

/// Every webhook of `plugin`, newest first.
pub(crate) fn list(admin: &mut Admin, plugin: &str) -> io::Result<Vec<Listed>> {
    let mut listed = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/webhooks?plugin={plugin}&limit={PAGE}{cursor}");
        let page = admin.read(&path)?;
        for webhook in page["data"].as_array().into_iter().flatten() {
            let text = |name: &str| webhook[name].as_str().unwrap_or_default();
            listed.push(Listed {
                id: text("id").into(),
                message: text("message_id").strip_prefix("msg_").and_then(|id| id.parse().ok()),
                outcome: text("outcome").into(),
                received_at: text("received_at").parse().ok(),
            });
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(listed),
        }
    }
}

impl Audit {
    fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(otherwise());
        }
    }

    /// Each message that the list names was sent and is there once, and none is missing.
    fn identities(&mut self, plugin: &str, listed: &[Listed], ledger: &Ledger) {
        if plugin != "junction" {
            return;
        }
        let mut seen = HashSet::new();
        for webhook in listed {
            let sent = webhook.message.and_then(|id| Some((id, ledger.find(id)?)));
            match sent {
                None => self.faults.push(format!("{plugin}: one was never sent")),
                Some((id, _)) if !seen.insert(id) => {
                    self.faults.push(format!("{plugin}: one is there twice"));
                }
                Some((_, entry)) => self.unanswered += usize::from(entry.fate == Fate::Unknown),
            }
        }
        let lost = ledger
            .sent_to(plugin)
            .filter(|(id, entry)| entry.fate == Fate::Kept && !seen.contains(*id))
            .count();
        self.expect(lost == 0, || format!("{plugin}: {lost} were answered with 2xx and are lost"));
    }

    fn count(&mut self, plugin: &str, listed: usize, ledger: &Ledger) {
        let sent = ledger.sent_to(plugin).count();
        let kept = ledger.sent_to(plugin).filter(|(_, entry)| entry.fate == Fate::Kept).count();
        self.expect((kept..=sent).contains(&listed), || {
            format!("{plugin}: {listed} are there; {kept} were answered with 2xx, {sent} sent")
        });
    }

    /// Bodies are what was sent, and no two are of one webhook.
    fn bodies(
        &mut self,
        admin: &mut Admin,
        plugin: &str,
        listed: &[Listed],
        ledger: &Ledger,
    ) -> io::Result<()> {
        let mut seen = HashSet::new();
        for webhook in listed.iter().step_by(listed.len().div_ceil(SAMPLE).max(1)) {
            let content = admin.read(&format!("/v1/webhooks/{}", webhook.id))?;
            let body = content["body"].as_str().unwrap_or_default();
            let id = webhook.message.or_else(|| event_id(body));
            let entry = id.and_then(|id| ledger.find(id));
            let same = entry.is_some_and(|entry| entry.body == fingerprint(body.as_bytes()));
            self.expect(same, || format!("{plugin}: a body is not what was sent"));
            self.expect(seen.insert(id), || format!("{plugin}: two bodies are of one webhook"));
            self.compared += 1;
        }
        Ok(())
    }
}

/// The id of Fullscript's event.
pub(crate) fn event_id(body: &str) -> Option<Uuid> {
    let body: Value = serde_json::from_str(body).ok()?;
    body["event_payload"]["event"]["id"].as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        signer::Signer,
        webhook::{Kind, Webhook},
    };

    fn listed(id: Uuid) -> Listed {
        let outcome = "accepted".into();
        Listed { id: String::new(), message: Some(id), outcome, received_at: None }
    }

    /// What is found wrong if `kept` and `unknown` were sent and `there` is in the list.
    fn check(kept: &[Uuid], unknown: &[Uuid], there: &[Uuid]) -> (Vec<String>, usize) {
        let signer = Signer::draw().0;
        let webhook = |id: &Uuid| signer.webhook(Kind::Result, *id, b"{}", Timestamp::now());
        let mut ledger = Ledger::default();
        let mut send = |ids: &[Uuid], fate| {
            let webhooks: Vec<Webhook> = ids.iter().map(webhook).collect();
            for webhook in &webhooks {
                ledger.sent(webhook, fate);
            }
        };
        send(kept, Fate::Kept);
        send(unknown, Fate::Unknown);
        let there: Vec<_> = there.iter().copied().map(listed).collect();
        let mut audit = Audit::default();
        audit.identities("junction", &there, &ledger);
        audit.count("junction", there.len(), &ledger);
        (audit.faults, audit.unanswered)
    }

    #[test]
    fn what_was_kept_is_there_once_and_nothing_else() {
        let ids: [Uuid; 3] = [1, 2, 3].map(Uuid::from_u128);
        let [a, b, stranger] = ids;
        let none = (Vec::new(), 0);
        assert_eq!(check(&[a, b], &[], &[b, a]), none);
        assert_eq!(check(&[a, a], &[], &[a]), none, "a repetition is the same webhook");
        assert_eq!(check(&[a], &[a], &[a]), none, "one answer is enough");
        assert_eq!(check(&[a], &[b], &[a]), none, "what was not answered need not be there");
        assert_eq!(check(&[a], &[b], &[a, b]), (Vec::new(), 1), "but it may be");
        for (there, faults) in [(&[a][..], 2), (&[a, b, b], 2), (&[a, b, stranger], 2)] {
            assert_eq!(check(&[a, b], &[], there).0.len(), faults, "{there:?}");
        }
        assert_eq!(check(&[a, b], &[], &[a, a]).0.len(), 2, "one is lost and one is there twice");
    }
}
