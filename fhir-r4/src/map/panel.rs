//! Which panel or finding an observation belongs to.

use std::collections::BTreeMap;

use labgate_core::model::Parent;

use super::{Mapper, finding::code};
use crate::{Resources, types::Resource};

/// The group of each observation of a body that another one has for a member.
pub(super) fn groups(resources: &Resources) -> BTreeMap<usize, usize> {
    let mut links = Vec::new();
    for (group, entry) in resources.entries.iter().enumerate() {
        if let Resource::Observation(observation) = &entry.resource {
            let members = observation.has_member.iter().flatten();
            let found = members.filter_map(|member| resources.resolve(group, member));
            links.extend(found.map(|member| (group, member)));
        }
    }
    parents(&links)
}

/// The group of each member, of `links` from a group to a member. Where several groups have it, the
/// smallest says most: the germ rather than the culture. None belongs to itself, even by way of
/// others.
pub(super) fn parents(links: &[(usize, usize)]) -> BTreeMap<usize, usize> {
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for (group, _) in links {
        *sizes.entry(*group).or_default() += 1;
    }
    let mut parents: BTreeMap<usize, usize> = BTreeMap::new();
    for (group, member) in links {
        let known = parents.entry(*member).or_insert(*group);
        if sizes[group] < sizes[known] {
            *known = *group;
        }
    }
    open_circles(&mut parents);
    parents
}

/// Takes a link out of every circle.
fn open_circles(parents: &mut BTreeMap<usize, usize>) {
    let mut walked_from = BTreeMap::new();
    for start in parents.keys().copied().collect::<Vec<_>>() {
        let mut place = start;
        while !walked_from.contains_key(&place) {
            walked_from.insert(place, start);
            let Some(group) = parents.get(&place).copied() else { break };
            if walked_from.get(&group) == Some(&start) {
                parents.remove(&place);
            }
            place = group;
        }
    }
}

impl Mapper<'_> {
    /// How its members and components name the observation at `place`.
    pub(super) fn as_parent(&self, place: usize) -> Option<Parent> {
        let Resource::Observation(observation) = &self.resources.entries[place].resource else {
            return None;
        };
        let name = code(observation.code.as_ref()).name;
        Some(Parent { id: self.name_within(place), name })
    }

    /// What an observation is called within its report: its id, which no reference needs to be
    /// unique elsewhere; behind the name of another observation, if that contains it.
    pub(super) fn name_within(&self, place: usize) -> Option<String> {
        let entry = &self.resources.entries[place];
        let id = entry.resource.common().id;
        let Some(container) = entry.container else {
            return self.resources.name(place).map(|name| name.as_str().into());
        };
        let is_report =
            matches!(self.resources.entries[container].resource, Resource::DiagnosticReport(_));
        if is_report {
            return id.map(String::from);
        }
        Some(format!("{}#{}", self.resources.name(container)?.as_str(), id?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(links: &[(usize, usize)], expected: &[(usize, usize)]) {
        assert_eq!(Vec::from_iter(parents(links)), expected, "{links:?}");
    }

    #[test]
    fn the_smallest_group_is_the_parent() {
        check(&[(0, 1), (0, 2), (0, 3), (1, 2)], &[(1, 0), (2, 1), (3, 0)]);
        check(&[(1, 2), (0, 1), (0, 2), (0, 3)], &[(1, 0), (2, 1), (3, 0)]);
        check(&[(0, 2), (1, 2)], &[(2, 0)]);
    }

    #[test]
    fn none_is_its_own_parent() {
        check(&[(0, 0)], &[]);
        check(&[(0, 1), (1, 0)], &[(0, 1)]);
        check(&[(0, 1), (1, 2), (2, 1), (2, 3)], &[(1, 0), (2, 1), (3, 2)]);
        check(&[(0, 1), (1, 2), (2, 0)], &[(0, 2), (2, 1)]);
    }
}
