//! Paths of fields: as errors tell them, and as places in our types.

use std::fmt::Write as _;

/// `path` with `[]` for every index: errors count items, drift does not.
pub(super) fn without_indices(path: &str) -> String {
    let mut parts = path.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        format!("{text}[{}", part.trim_start_matches(|digit: char| digit.is_ascii_digit()))
    })
}

/// Writes the path with `[]` for every index, so that it names a place in our types. Gives the
/// length of what leads to its last part. It runs for every field that nobody reads.
pub(super) fn push_pattern(text: &mut String, path: &serde_ignored::Path<'_>) -> usize {
    use serde_ignored::Path;
    match path {
        Path::Root => 0,
        Path::Seq { parent, .. } => {
            push_pattern(text, parent);
            text.push_str("[]");
            text.len() - "[]".len()
        }
        Path::Map { parent, key } => {
            push_pattern(text, parent);
            let parent = text.len();
            if parent > 0 {
                text.push('.');
            }
            text.push_str(key);
            parent
        }
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => push_pattern(text, parent),
    }
}

pub(super) fn join(parent: &str, child: &str) -> String {
    match (parent, child) {
        ("", child) => child.into(),
        (parent, "") => parent.into(),
        (parent, child) => format!("{parent}.{child}"),
    }
}

/// The path down to the field whose type did not fit; every step is a field of our types.
pub(super) fn known_part(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => write!(text, "[{index}]").expect("a String takes any text"),
            Segment::Map { key } => text = join(&text, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    text
}
