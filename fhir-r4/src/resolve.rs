//! What references lead to, and what names an order.
//!
//! Source: hl7.org/fhir/R4/references.html#literal, hl7.org/fhir/R4/bundle.html#references.

use labgate_core::Identifier;

use super::{
    read::{Entry, Resources},
    types::{Reference, Resource},
};

impl Resources {
    /// Adds an entry under every name that a reference may call it by. Of several versions of a
    /// resource the first counts: a history lists the newest first.
    pub(super) fn push(&mut self, entry: Entry) {
        let place = self.entries.len();
        let (id, _) = entry.resource.names();
        let local = match (id, entry.container) {
            (Some(id), Some(container)) => Some(contained(container, id)),
            (Some(id), None) => Some(format!("{}/{id}", entry.resource.type_name())),
            (None, _) => None,
        };
        for name in local.into_iter().chain(entry.full_url.clone()) {
            self.index.entry(name).or_insert(place);
        }
        self.entries.push(entry);
    }

    /// The entry that `reference`, which stands in the entry `from`, leads to, if it is in the
    /// body. An absolute address leads to the entry of that address, or to one that has none: the
    /// same id on another server is another patient's.
    pub(super) fn resolve(&self, from: usize, reference: &Reference) -> Option<usize> {
        let text = reference.reference.as_deref()?;
        if let Some(id) = text.strip_prefix('#') {
            let container = self.entries[from].container.unwrap_or(from);
            let holder = || id.is_empty().then_some(container);
            return self.index.get(&contained(container, id)).copied().or_else(holder);
        }
        let text = unversioned(text);
        if let Some(found) = self.index.get(text) {
            return Some(*found);
        }
        let (kind, id) = literal(text)?;
        let found = *self.index.get(&format!("{kind}/{id}"))?;
        let address = self.entries[found].full_url.as_deref();
        address.is_none_or(|address| address.starts_with("urn:")).then_some(found)
    }

    /// The vendor's id of the order that `reference` leads to, by the rule of [`super`].
    pub(super) fn order_of(&self, from: usize, reference: &Reference) -> Option<Identifier> {
        let found = self
            .resolve(from, reference)
            .filter(|found| matches!(self.entries[*found].resource, Resource::ServiceRequest(_)));
        let named = || {
            let text = unversioned(reference.reference.as_deref()?);
            match literal(text) {
                Some(("ServiceRequest", id)) => Identifier::new(id),
                Some((kind, id)) => Identifier::new(format!("{kind}/{id}")),
                None => Identifier::new(text.strip_prefix("urn:uuid:")?),
            }
        };
        let identified = || Identifier::new(reference.identifier.as_ref()?.token()?);
        found.and_then(|found| self.name(found)).or_else(named).or_else(identified)
    }

    /// What an entry is called by: its id, which a contained one has none of, else the first of its
    /// identifiers, else the UUID under which its Bundle knows it.
    pub(super) fn name(&self, place: usize) -> Option<Identifier> {
        let entry = &self.entries[place];
        let (id, identifiers) = entry.resource.names();
        let identified = || identifiers.iter().find_map(|known| Identifier::new(known.token()?));
        let address = || Identifier::new(entry.full_url.as_deref()?.strip_prefix("urn:uuid:")?);
        id.filter(|_| entry.container.is_none())
            .and_then(Identifier::new)
            .or_else(identified)
            .or_else(address)
    }

    /// What stands for the order of an entry that names none: what it is called by, and its type.
    pub(super) fn own_order(&self, place: usize) -> Option<Identifier> {
        let kind = self.entries[place].resource.type_name();
        Identifier::new(format!("{kind}/{}", self.name(place)?))
    }
}

/// The name of a contained resource; no address and no `Type/id` begins like it.
fn contained(container: usize, id: &str) -> String {
    format!("{container}#{id}")
}

/// A reference without the version that it asks for.
fn unversioned(text: &str) -> &str {
    text.split_once("/_history/").map_or(text, |(text, _)| text)
}

/// Type and id of a literal reference, relative or absolute; a search is none.
fn literal(text: &str) -> Option<(&str, &str)> {
    let (rest, id) = text.rsplit_once('/')?;
    let kind = rest.rsplit('/').next()?;
    let is_type = kind.starts_with(|first: char| first.is_ascii_uppercase());
    (is_type && !id.is_empty() && !id.contains('?')).then_some((kind, id))
}
