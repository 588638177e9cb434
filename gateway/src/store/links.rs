//! Which order each name leads to.
//!
//! A name under which an order is known beside its own has a row in `orders` too, which leads to
//! that order: so whoever reports under it finds the order, and two gateways that meet such a name
//! at once meet in that row. What was filed under a name keeps the id of that name: ids of reports
//! are made of it, and must not depend on what came first.

use std::collections::HashMap;

use uuid::Uuid;

/// Orders that lead to others.
#[derive(Default)]
pub(super) struct Links(HashMap<Uuid, Uuid>);

impl Links {
    /// Makes `alias`, which leads nowhere yet, lead to `order`, which doesn't lead to it.
    pub(super) fn add(&mut self, alias: Uuid, order: Uuid) {
        self.0.insert(alias, order);
    }

    /// Where an order leads.
    pub(super) fn next(&self, id: Uuid) -> Option<Uuid> {
        self.0.get(&id).copied()
    }

    /// The order that `id` leads to in the end: itself, unless it is another's alias.
    pub(super) fn canonical(&self, id: Uuid) -> Uuid {
        self.canonical_over(&Self::default(), id)
    }

    /// The same with `below`, which was known before.
    pub(super) fn canonical_over(&self, below: &Self, id: Uuid) -> Uuid {
        let mut at = id;
        while let Some(next) = self.next(at).or_else(|| below.next(at)) {
            at = next;
        }
        at
    }

    /// Takes over what was added elsewhere.
    pub(super) fn take(&mut self, added: Self) {
        self.0.extend(added.0);
    }

    /// What leads to others.
    pub(super) fn aliases(&self) -> impl Iterator<Item = Uuid> {
        self.0.keys().copied()
    }
}
