//! What references lead to, and what names an order.
//!
//! Source: hl7.org/fhir/R4/references.html#literal, hl7.org/fhir/R4/bundle.html#references.

use labgate_core::Identifier;

use super::{
    read::Resources,
    types::{self, KINDS, Reference, Resource, ServiceRequest},
    versions::AsOf,
};

impl Resources {
    /// The entry that `reference`, which stands in the entry `from`, leads to, if it is in the
    /// body: the newest version, unless the reference asks for one.
    pub(super) fn resolve(&self, from: usize, reference: &Reference) -> Option<usize> {
        self.resolve_as_of(from, reference, AsOf::Now)
    }

    /// The same among the versions of that time.
    pub(super) fn resolve_as_of(
        &self,
        from: usize,
        reference: &Reference,
        as_of: AsOf,
    ) -> Option<usize> {
        let text = reference.reference.as_deref();
        if let Some(id) = text.and_then(|text| text.strip_prefix('#')) {
            let container = self.entries[from].container.unwrap_or(from);
            let holder = || id.is_empty().then_some(container);
            let family = self.index.family(&contained(container, id));
            return family.and_then(|it| self.index.version(it, None, AsOf::Now)).or_else(holder);
        }
        let (address, version) = text.map(versioned).unzip();
        if let Some(family) = address.and_then(|address| self.addressed(from, address)) {
            return self.index.version(family, version.flatten(), as_of);
        }
        let token = reference.identifier.as_ref()?.token()?;
        let kind = reference.r#type.as_deref().or_else(|| Some(literal(address?)?.0));
        let mut found = match kind {
            Some(kind) => vec![self.identified(kind, &token, as_of)],
            None => KINDS.iter().map(|kind| self.identified(kind, &token, as_of)).collect(),
        };
        found.retain(Option::is_some);
        if let [only] = found[..] { only } else { None }
    }

    /// The same, of the type `kind` only: an identifier may be that of a request and of its sample.
    pub(super) fn resolve_to(
        &self,
        kind: &str,
        from: usize,
        reference: &Reference,
        as_of: AsOf,
    ) -> Option<usize> {
        match self.resolve_as_of(from, reference, as_of) {
            Some(found) => Some(found).filter(|found| self.entries[*found].resource.kind() == kind),
            None if reference.r#type.as_deref().is_some_and(|told| told != kind) => None,
            None => self.identified(kind, &reference.identifier.as_ref()?.token()?, as_of),
        }
    }

    /// What `address` leads to: what its Bundle knows by it, seen from the server of the entry
    /// `from` if it is relative, or what has that id. An absolute address leads to the entry of
    /// that address, or to one that has none: the same id on another server is another patient's.
    fn addressed(&self, from: usize, address: &str) -> Option<usize> {
        let beside = self.base(from).map(|base| format!("{base}{address}"));
        let beside = beside.and_then(|address| self.index.family(&address));
        if let Some(found) = beside.or_else(|| self.index.family(address)) {
            return Some(found);
        }
        let (kind, id) = literal(address)?;
        let found = self.index.family(&format!("{kind}/{id}"))?;
        let newest = self.index.version(found, None, AsOf::Now)?;
        let address = self.entries[newest].full_url.as_deref();
        address.is_none_or(|address| address.starts_with("urn:")).then_some(found)
    }

    /// The part before `Type/id` of an entry's address.
    fn base(&self, place: usize) -> Option<&str> {
        let entry = &self.entries[self.entries[place].container.unwrap_or(place)];
        let address = versioned(entry.full_url.as_deref()?).0;
        let own = format!("{}/{}", entry.resource.kind(), entry.resource.common().id?);
        address.strip_suffix(own.as_str())
    }

    /// The one resource of the body with this type and identifier.
    fn identified(&self, kind: &str, token: &str, as_of: AsOf) -> Option<usize> {
        self.index.version(self.index.identified(kind, token)?, None, as_of)
    }

    /// The vendor's id of the order that `reference` leads to, by the rule of [`super`].
    pub(super) fn order_of(&self, from: usize, reference: &Reference) -> Option<Identifier> {
        let named = || {
            let text = versioned(reference.reference.as_deref()?).0;
            match literal(text) {
                Some(("ServiceRequest", id)) => Identifier::new(id),
                Some((kind, id)) => Identifier::new(format!("{kind}/{id}")),
                None => Identifier::new(unaddressed(text)?),
            }
        };
        let identified = || Identifier::new(reference.identifier.as_ref()?.token()?);
        let found = self.resolve_to("ServiceRequest", from, reference, AsOf::Now);
        found.and_then(|found| self.name(found)).or_else(named).or_else(identified)
    }

    /// What an entry is called by: its id, else the first of its identifiers, else the UUID under
    /// which its Bundle knows it. A contained one has no id that means anything elsewhere; where
    /// the body holds the resource with one of its identifiers, it is that one.
    pub(super) fn name(&self, place: usize) -> Option<Identifier> {
        let entry = &self.entries[place];
        let common = entry.resource.common();
        if entry.container.is_some() {
            let mut tokens = common.identifiers.iter().filter_map(types::Identifier::token);
            let kind = entry.resource.kind();
            if let Some(known) = tokens.find_map(|token| self.identified(kind, &token, AsOf::Now)) {
                return self.name(known);
            }
        }
        let mut identifiers = common.identifiers.iter();
        let identified = || identifiers.find_map(|known| Identifier::new(known.token()?));
        let address = || Identifier::new(unaddressed(entry.full_url.as_deref()?)?);
        let id = common.id.filter(|_| entry.container.is_none());
        id.and_then(Identifier::new).or_else(identified).or_else(address)
    }

    /// What else an order may be called by: its identifiers but for those of its group, which
    /// other orders share. The UUID under which its Bundle knows it is none: that is another one
    /// in the next Bundle.
    pub(super) fn aliases(&self, place: usize, request: &ServiceRequest) -> Vec<Identifier> {
        let own = self.name(place);
        let group = request.requisition.as_ref().and_then(types::Identifier::token);
        let identifiers = request.identifier.iter().flatten().filter(|known| !known.is_of_group());
        let tokens = identifiers.filter_map(types::Identifier::token);
        let aliases = tokens.filter(|token| group.as_ref() != Some(token));
        let aliases = aliases.filter_map(Identifier::new);
        aliases.filter(|alias| own.as_ref() != Some(alias)).collect()
    }

    /// What stands for the order of an entry that names none: what it is called by, and its type.
    pub(super) fn own_order(&self, place: usize) -> Option<Identifier> {
        let kind = self.entries[place].resource.kind();
        Identifier::new(format!("{kind}/{}", self.name(place)?))
    }

    /// Every entry that `reference` may lead to, in any of the ways to resolve it.
    pub(super) fn reachable(&self, from: usize, reference: &Reference) -> Vec<usize> {
        let mut found: Vec<usize> = self.resolve(from, reference).into_iter().collect();
        let number = reference.identifier.as_ref().filter(|_| found.is_empty());
        if let Some(token) = number.and_then(types::Identifier::token) {
            let of = |kind: &&str| self.identified(kind, &token, AsOf::Now);
            found.extend(KINDS.iter().filter_map(of));
        }
        // A role leads on to whom it is of.
        for place in found.clone() {
            if let Resource::PractitionerRole(role) = &self.entries[place].resource {
                let ends = role.practitioner.iter().chain(&role.organization);
                found.extend(ends.filter_map(|end| self.resolve(place, end)));
            }
        }
        found
    }
}

/// The name of a contained resource; no address and no `Type/id` begins like it.
pub(super) fn contained(container: usize, id: &str) -> String {
    format!("{container}#{id}")
}

/// A reference, and the version that it asks for.
pub(super) fn versioned(text: &str) -> (&str, Option<&str>) {
    text.split_once("/_history/").map_or((text, None), |(text, version)| (text, Some(version)))
}

/// Type and id of a literal reference, relative or absolute; a search is none.
pub(super) fn literal(text: &str) -> Option<(&str, &str)> {
    let (rest, id) = text.rsplit_once('/')?;
    let kind = rest.rsplit('/').next()?;
    let is_type = kind.starts_with(|first: char| first.is_ascii_uppercase());
    (is_type && !id.is_empty() && !id.contains('?')).then_some((kind, id))
}

/// The UUID or OID of an entry that has no address.
fn unaddressed(text: &str) -> Option<&str> {
    text.strip_prefix("urn:uuid:").or_else(|| text.strip_prefix("urn:oid:"))
}
