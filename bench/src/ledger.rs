//! What was sent, and what is known to have been kept.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use uuid::Uuid;

use crate::{
    load::{Fate, Report},
    webhook::Webhook,
};

/// Every webhook that was sent to one gateway.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: HashMap<Uuid, Entry>,
    bytes: u64,
}

/// A webhook that was sent, once or more often.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The plugin that it was sent to.
    pub plugin: &'static str,
    /// What it was answered at best.
    pub fate: Fate,
    /// The [`fingerprint`] of its body.
    pub body: u64,
}

impl Ledger {
    /// Takes down a run.
    pub fn note(&mut self, report: &Report) {
        for (webhook, fate) in report.sent.iter().zip(&report.tally.fates) {
            self.sent(webhook, *fate);
        }
    }

    pub(crate) fn sent(&mut self, webhook: &Webhook, fate: Fate) {
        let entry = self.entries.entry(webhook.id).or_insert_with(|| {
            self.bytes += webhook.body().len() as u64;
            let body = fingerprint(webhook.body());
            Entry { plugin: webhook.kind.plugin(), fate, body }
        });
        if fate == Fate::Kept {
            entry.fate = Fate::Kept;
        }
    }

    /// What was sent under that id.
    pub fn find(&self, id: Uuid) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// All that was sent to `plugin`.
    pub fn sent_to(&self, plugin: &str) -> impl Iterator<Item = (&Uuid, &Entry)> {
        self.entries.iter().filter(move |(_, entry)| entry.plugin == plugin)
    }

    /// How many webhooks were sent, repetitions not counted.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was sent.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many are known to be kept.
    pub fn kept(&self) -> usize {
        self.entries.values().filter(|entry| entry.fate == Fate::Kept).count()
    }

    /// Bytes of all bodies, repetitions not counted.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// Tells one body from another.
pub fn fingerprint(body: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    hasher.finish()
}
