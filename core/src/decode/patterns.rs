//! Which fields an adapter leaves alone: the patterns of a [`Shape`](super::Shape), compiled once.

use std::{
    collections::{HashMap, HashSet},
    iter,
    sync::{LazyLock, PoisonError, RwLock},
};

use super::Unread;

/// A list of patterns as it stands in an adapter. It lives as long as the process.
type List = &'static [Unread];

/// Patterns by their kind, so that asking about a field costs the same however many there are.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// Every pattern as it is written; one without a star is a place.
    places: HashSet<&'static str>,
    /// `PARENT` of each `PARENT.*`, and the empty text for `*`.
    parents: HashSet<&'static str>,
    /// `KEY` of each `**.KEY`.
    keys: HashSet<&'static str>,
    /// `PARENT.KEY` of each `**.PARENT.KEY`.
    ends: HashSet<&'static str>,
    /// `START` of each `**.START*`.
    starts: Vec<&'static str>,
}

impl Patterns {
    /// The patterns of `list`, compiled at its first use. The address of a list that is never freed
    /// is its identity, so a `Shape` stays a constant.
    pub(super) fn of(list: List) -> &'static Self {
        static COMPILED: LazyLock<RwLock<HashMap<(usize, usize), &'static Patterns>>> =
            LazyLock::new(RwLock::default);
        let identity = (list.as_ptr().addr(), list.len());
        let known = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(&identity).copied();
        known.unwrap_or_else(|| {
            let mut compiled = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
            // One leak for each list of the program: as bounded as its constants.
            compiled.entry(identity).or_insert_with(|| Box::leak(Box::new(Self::compile(list))))
        })
    }

    fn compile(list: List) -> Self {
        let mut patterns = Self::default();
        for pattern in list.iter().flat_map(|unread| unread.fields) {
            patterns.places.insert(pattern);
            if let Some(key) = pattern.strip_prefix("**.") {
                match key.strip_suffix('*') {
                    Some(start) => patterns.starts.push(start),
                    None if key.contains('.') => drop(patterns.ends.insert(key)),
                    None => drop(patterns.keys.insert(key)),
                }
            }
            if *pattern == "*" {
                patterns.parents.insert("");
            }
            patterns.parents.extend(pattern.strip_suffix(".*").filter(|parent| !parent.is_empty()));
        }
        patterns
    }

    /// Whether a pattern covers the field `name`, the first `parent` bytes of which lead to what
    /// the field stands in.
    pub(super) fn cover(&self, name: &str, parent: usize) -> bool {
        let key = || name.rsplit('.').next().unwrap_or_default();
        self.places.contains(name)
            || self.parents.contains(&name[..parent])
            || !self.keys.is_empty() && self.keys.contains(key())
            || !self.ends.is_empty() && ends(name).any(|end| self.ends.contains(end))
            || !self.starts.is_empty() && {
                let key = key();
                self.starts.iter().any(|start| key.starts_with(start))
            }
    }
}

/// What the path `name` ends in, key by key, the whole of it first.
fn ends(name: &str) -> impl Iterator<Item = &str> {
    iter::once(name).chain(name.match_indices('.').map(|(dot, _)| &name[dot + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::Why, *};

    /// What a pattern means, one at a time.
    fn covers(pattern: &str, name: &str, parent: &str) -> bool {
        let key = name.rsplit('.').next().unwrap_or_default();
        let ends_in = |wanted: &str| name == wanted || name.ends_with(&format!(".{wanted}"));
        let anywhere = pattern.strip_prefix("**.").is_some_and(|wanted| {
            wanted.strip_suffix('*').map_or(ends_in(wanted), |start| key.starts_with(start))
        });
        let anything = match parent {
            "" => pattern == "*",
            parent => pattern.strip_suffix('*').and_then(|it| it.strip_suffix('.')) == Some(parent),
        };
        pattern == name || anything || anywhere
    }

    fn leak(list: &[String]) -> List {
        let fields: Vec<&'static str> = list.iter().map(|it| &*it.clone().leak()).collect();
        vec![Unread::because("a test", fields.leak())].leak()
    }

    proptest! {
        #[test]
        fn the_compiled_patterns_cover_what_each_of_them_covers(
            list in prop::collection::vec(r"(\*\*\.)?[ab_]{0,2}(\.[ab_]{1,2}|\[\]){0,2}(\.?\*)?", 0..6),
            parent in r"([ab_]{1,2}(\.[ab_]{1,2}|\[\]){0,2})?",
            key in r"[ab_*.]{0,3}",
            is_item in any::<bool>(),
        ) {
            let name = match (is_item, parent.as_str()) {
                (true, parent) => format!("{parent}[]"),
                (false, "") => key,
                (false, parent) => format!("{parent}.{key}"),
            };
            let expected = list.iter().any(|pattern| covers(pattern, &name, &parent));
            prop_assert_eq!(Patterns::compile(leak(&list)).cover(&name, parent.len()), expected);
        }
    }

    #[test]
    fn each_kind_of_pattern_covers_its_fields() {
        let patterns = Patterns::of(&[
            Unread { why: Why::Elsewhere, fields: &["id", "a.b", "free.*"] },
            Unread { why: Why::Elsewhere, fields: &["**.extension", "**._*", "**.c[].d"] },
        ]);
        for (name, parent) in [
            ("id", ""),
            ("a.b", "a"),
            ("free.x", "free"),
            ("extension", ""),
            ("a.c.extension", "a.c"),
            ("a._c", "a"),
            ("c[].d", "c[]"),
            ("a.c[].d", "a.c[]"),
        ] {
            assert!(patterns.cover(name, parent.len()), "{name}");
        }
        for (name, parent) in
            [("a", ""), ("a.id", "a"), ("free.x.y", "free.x"), ("a.c_", "a"), ("ac[].d", "ac[]")]
        {
            assert!(!patterns.cover(name, parent.len()), "{name}");
        }
    }

    #[test]
    fn a_list_is_compiled_once() {
        const LIST: List = &[Unread::elsewhere(&["once", "and.no.more"])];
        assert!(std::ptr::eq(Patterns::of(LIST), Patterns::of(LIST)));
    }
}
