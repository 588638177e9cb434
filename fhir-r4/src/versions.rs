//! Resources of a body under their names, and the versions of each: a Bundle may be a history
//! (hl7.org/fhir/R4/http.html#history).

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::Timestamp;
use labgate_core::Identifier;

use super::{
    read::{Entry, Resources},
    resolve::{contained, versioned},
    types,
};

/// Which version a reference leads to that asks for none.
#[derive(Clone, Copy)]
pub(super) enum AsOf {
    /// The newest.
    Now,
    /// The newest that is not newer than this; the oldest, if all are.
    Then(Timestamp),
    /// That of an unknown time: none, where there are several.
    Unknown,
}

/// Where entries are found. Nothing in here walks over all of them.
#[derive(Default)]
pub(super) struct Index {
    /// The family under each name that a reference may call it by: `Type/id`, the address in its
    /// Bundle, or the name of a contained one.
    names: BTreeMap<String, usize>,
    /// The versions of each resource, oldest first once the body is read.
    families: Vec<Vec<Version>>,
    /// The place of a version of a family.
    versions: BTreeMap<(usize, String), usize>,
    /// The family with an identifier, by type; none if several share it.
    identified: BTreeMap<String, Option<usize>>,
}

/// One version. The fields are in the order in which they decide which is newer: of two without
/// times and numbers the first is, since a history lists the newest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    at: Option<Timestamp>,
    number: Option<Identifier>,
    place: Reverse<usize>,
}

impl Index {
    pub(super) fn family(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The one family of the type `kind` that has the identifier `token`.
    pub(super) fn identified(&self, kind: &str, token: &str) -> Option<usize> {
        self.identified.get(&format!("{kind} {token}")).copied().flatten()
    }

    /// The place of the version `asked` of a family. Where a server numbers its versions, another
    /// one than the one that is asked for says something else.
    pub(super) fn version(&self, family: usize, asked: Option<&str>, of: AsOf) -> Option<usize> {
        let all = &self.families[family];
        let newest = all.last()?;
        if let Some(asked) = asked {
            let found = self.versions.get(&(family, asked.to_owned())).copied();
            return found.or_else(|| newest.number.is_none().then_some(newest.place.0));
        }
        let is_only = all.len() == 1;
        let found = match of {
            AsOf::Now => newest,
            AsOf::Then(_) | AsOf::Unknown if is_only => newest,
            AsOf::Then(then) if all[0].at.is_some() => {
                let known = all.partition_point(|version| version.at <= Some(then));
                &all[known.saturating_sub(1)]
            }
            AsOf::Then(_) | AsOf::Unknown => return None,
        };
        Some(found.place.0)
    }
}

impl Resources {
    /// Adds an entry under every name that a reference may call it by. Of several resources of one
    /// name the first counts.
    pub(super) fn push(&mut self, mut entry: Entry) {
        let place = self.entries.len();
        let common = entry.resource.common();
        let local = match (common.id, entry.container) {
            (Some(id), Some(container)) => Some(contained(container, id)),
            (Some(id), None) => Some(format!("{}/{id}", entry.resource.kind())),
            (None, _) => None,
        };
        let address = entry.full_url.as_deref().map(|address| versioned(address).0.to_owned());
        // The same id at another address is another resource.
        let is_located = address.as_deref().is_some_and(|address| !address.starts_with("urn:"));
        let key = if is_located { &address } else { &local };
        let index = &mut self.index;
        let known = key.as_ref().or(address.as_ref()).and_then(|key| index.family(key));
        let family = known.unwrap_or_else(|| {
            index.families.push(Vec::new());
            index.families.len() - 1
        });
        for name in local.into_iter().chain(address) {
            index.names.entry(name).or_insert(family);
        }
        let (at, number) = common.version();
        if let Some(number) = number {
            index.versions.entry((family, number.as_str().to_owned())).or_insert(place);
        }
        if entry.container.is_none() {
            for token in common.identifiers.iter().filter_map(types::Identifier::token) {
                let key = format!("{} {token}", entry.resource.kind());
                let known = index.identified.entry(key).or_insert(Some(family));
                *known = known.filter(|known| *known == family);
            }
        }
        let version = Version { at, number: number.cloned(), place: Reverse(place) };
        index.families[family].push(version);
        entry.family = family;
        self.entries.push(entry);
    }

    /// Puts the versions of each resource in order, once all are there.
    pub(super) fn sort(&mut self) {
        self.index.families.iter_mut().for_each(|versions| versions.sort_unstable());
    }

    /// The place of the newest version of the entry: what its versions have in common.
    pub(super) fn newest(&self, place: usize) -> usize {
        let newest = self.index.version(self.entries[place].family, None, AsOf::Now);
        newest.unwrap_or(place)
    }

    /// When the version at `place` was the newest. A body may hold the newest twice.
    pub(super) fn as_of(&self, place: usize) -> AsOf {
        let version = |place: usize| self.entries[place].resource.common().version();
        let (at, number) = version(place);
        if (at, number) == version(self.newest(place)) {
            return AsOf::Now;
        }
        at.map_or(AsOf::Unknown, AsOf::Then)
    }
}
