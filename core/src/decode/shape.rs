//! What an adapter declares about an object of its vendor's, besides the type.

use super::patterns::Patterns;

/// What an adapter wants to know about an object of its vendor's, besides the type. Paths lead
/// from the object downwards: `physician`, `events[].id`, or `events[].data.*` for every key there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// What the adapter deliberately leaves alone, with the reason: it is not drift.
    pub unread: &'static [Unread],
    /// What can be done without: if it does not fit its type it is read as `null`, and is drift.
    /// Nothing that a result or a status hangs on belongs here.
    pub dispensable: &'static [&'static str],
}

/// Fields that an adapter leaves alone for one reason.
///
/// `**.extension` is a key of that name at any depth, `**.coding[].version` one below a `coding`,
/// `**._*` one that begins so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Why nothing is lost by it.
    pub why: Why,
    /// Patterns of their paths.
    pub fields: &'static [&'static str],
}

/// Why nothing is lost by a field that is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The adapter has no use for it, for this reason; the provider's README says so.
    NoUse(&'static str),
    /// It is read, but where it is missing something else says the same, as the text explains; the
    /// provider's README says so.
    Spare(&'static str),
    /// Another read of the same body reads it.
    Elsewhere,
}

impl Unread {
    /// Fields that nothing in the adapter reads.
    pub const fn because(why: &'static str, fields: &'static [&'static str]) -> Self {
        Self { why: Why::NoUse(why), fields }
    }

    /// Fields that may be missing, since something else says the same then.
    pub const fn spare(why: &'static str, fields: &'static [&'static str]) -> Self {
        Self { why: Why::Spare(why), fields }
    }

    /// Fields that another read of the same body reads.
    pub const fn elsewhere(fields: &'static [&'static str]) -> Self {
        Self { why: Why::Elsewhere, fields }
    }

    /// Whether the field at `path` (indices as `[]`), or something that it is part of, is one of
    /// these.
    pub fn covers(&'static self, path: &str) -> bool {
        let patterns = Patterns::of(std::slice::from_ref(self));
        let ends = path.match_indices(['.', '[']).map(|(end, _)| end).chain([path.len()]);
        ends.map(|end| &path[..end]).any(|field| {
            let parent = field.rfind(['.', '[']).unwrap_or_default();
            patterns.cover(field, parent)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_covered_by_itself_and_by_what_it_is_part_of() {
        static UNREAD: Unread =
            Unread::because("a test", &["address", "list[].note", "free.*", "**.extension"]);
        for path in [
            "address",
            "address.city",
            "list[].note",
            "list[].note[].text",
            "free.a",
            "free.a.b",
            "name.extension[].url",
        ] {
            assert!(UNREAD.covers(path), "{path}");
        }
        for path in ["addresses", "list[].id", "free", "name", "names[].given"] {
            assert!(!UNREAD.covers(path), "{path}");
        }
    }
}
