//! What is stored, looked at again after each restart: what was answered with 2xx is there once,
//! what was there is there still, and nothing is there that was not sent.
//!
//! Junction's webhooks are known by the id of their message, which stands in the list, Fullscript's
//! by the id of their event, which stands in the body: each body is read once.

use std::{
    collections::{HashMap, HashSet},
    io,
};

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    admin::Admin,
    audit::{Listed, event_id, list},
    ledger::{Ledger, fingerprint},
    load::Fate,
};

/// One in so many bodies of Junction is compared with what was sent.
const SAMPLE: usize = 10;

/// The archive as it was seen last.
#[derive(Default)]
pub(super) struct Archive {
    /// By the id of a stored webhook what it was sent as.
    known: HashMap<String, Uuid>,
}

/// A webhook that was not there when somebody looked last.
pub(super) struct Fresh {
    /// The id that it is stored under.
    pub(super) webhook: Uuid,
    /// What it was sent as.
    pub(super) sent: Uuid,
    pub(super) received_at: Timestamp,
}

impl Archive {
    /// How many webhooks are stored.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Reads the whole list, and tells what is new in it. What is wrong goes to `faults`.
    pub(super) fn look(
        &mut self,
        admin: &mut Admin,
        ledger: &Ledger,
        faults: &mut Vec<String>,
    ) -> io::Result<Vec<Fresh>> {
        let mut fresh = Vec::new();
        let mut there = HashSet::new();
        for plugin in ["junction", "fullscript"] {
            let mut seen = HashSet::new();
            for listed in list(admin, plugin)? {
                if listed.outcome != "accepted" {
                    faults.push(format!("{plugin}: {} is {}", listed.id, listed.outcome));
                }
                let sent = match self.known.get(&listed.id) {
                    Some(sent) => *sent,
                    None => match self.identify(admin, &listed, ledger)? {
                        Ok(new) => {
                            let sent = new.sent;
                            fresh.push(new);
                            sent
                        }
                        Err(fault) => {
                            faults.push(format!("{plugin}: {}: {fault}", listed.id));
                            continue;
                        }
                    },
                };
                if !seen.insert(sent) {
                    faults.push(format!("{plugin}: {sent} is there twice"));
                }
                there.insert(listed.id);
            }
            let kept = ledger.sent_to(plugin).filter(|(_, entry)| entry.fate == Fate::Kept);
            let lost: Vec<_> = kept.map(|(id, _)| id).filter(|id| !seen.contains(*id)).collect();
            if let Some(first) = lost.first() {
                let count = lost.len();
                faults.push(format!("{plugin}: answered with 2xx and lost: {count}, as {first}"));
            }
        }
        let gone = self.known.keys().filter(|id| !there.contains(*id)).count();
        if gone > 0 {
            faults.push(format!("{gone} were there after an earlier restart and are gone"));
        }
        Ok(fresh)
    }

    /// What a webhook that was never seen before was sent as.
    fn identify(
        &mut self,
        admin: &mut Admin,
        listed: &Listed,
        ledger: &Ledger,
    ) -> io::Result<Result<Fresh, &'static str>> {
        let mut sent = listed.message;
        let mut body = None;
        if sent.is_none() || self.known.len().is_multiple_of(SAMPLE) {
            let content = admin.read(&format!("/v1/webhooks/{}", listed.id))?;
            let text = content["body"].as_str().unwrap_or_default();
            sent = sent.or_else(|| event_id(text));
            body = Some(fingerprint(text.as_bytes()));
        }
        let Some((sent, entry)) = sent.and_then(|id| Some((id, ledger.find(id)?))) else {
            return Ok(Err("it was never sent"));
        };
        if body.is_some_and(|body| body != entry.body) {
            return Ok(Err("its body is not what was sent"));
        }
        let (Ok(webhook), Some(received_at)) = (listed.id.parse(), listed.received_at) else {
            return Ok(Err("it has no id or no time"));
        };
        self.known.insert(listed.id.clone(), sent);
        Ok(Ok(Fresh { webhook, sent, received_at }))
    }
}
