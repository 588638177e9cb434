//! Mending a body of which something does not fit, so that it costs itself only.
//!
//! All that does not fit at one place goes at once: a body is read once more for each place of our
//! types, never for each value of the vendor's.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use super::{
    Shape,
    node::{Node, Step, Verdict, is_key},
    path::join,
    surrogate::replace_lone,
};

/// Mends what `misfit` leads to, wherever it occurs in `root`, and returns the place; `None` if it
/// can't be done without.
///
/// - A half of a character becomes U+FFFD, but not in an id: two ids could become one.
/// - A `null` in a list is left out.
/// - A key that is repeated with the same value counts once.
/// - A value that does not fit becomes `null`, or in a list is left out, if `shape` says that it can
///   be done without.
pub(super) fn mend<T: DeserializeOwned>(
    root: &mut Node<'_>,
    misfit: &Path,
    message: &str,
    shape: Shape,
) -> Option<String> {
    let place = steps(misfit);
    if let Some(key) = message.strip_prefix("duplicate field `") {
        return once(root, &place, key.split_once('`')?.0, shape);
    }
    whole_characters::<T>(root, &place)
        .or_else(|| without_nulls::<T>(root, &place))
        .or_else(|| without_misfits::<T>(root, &place, shape))
}

fn steps(path: &Path) -> Vec<Step> {
    let step = |segment: &Segment| match segment {
        Segment::Seq { .. } => Some(Step::Items),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(step).collect()
}

/// A place of our types: `events[].status`.
fn pattern(place: &[Step]) -> String {
    place.iter().fold(String::new(), |text, step| match step {
        Step::Key(key) => join(&text, key),
        Step::Items => format!("{text}[]"),
    })
}

/// How many steps of `place` lead to what `shape` says can be done without.
fn dispensable(place: &[Step], shape: Shape) -> Option<usize> {
    (1..=place.len()).find(|steps| shape.dispensable.contains(&&*pattern(&place[..*steps])))
}

/// Whether `value` fits at `place`. What surrounds it may be missing: a value is read before that is
/// found out, so a fault that lies elsewhere is not the value's.
fn fits<T: DeserializeOwned>(place: &[Step], value: &str) -> bool {
    let json = place.iter().rev().fold(value.to_owned(), |inner, step| match step {
        Step::Items => format!("[{inner}]"),
        Step::Key(key) => {
            let key = serde_json::to_string(key).expect("a string is JSON");
            format!("{{{key}:{inner}}}")
        }
    });
    let read: Result<T, _> =
        serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&json));
    read.err().is_none_or(|error| steps(error.path()) != place)
}

fn whole_characters<T: DeserializeOwned>(root: &mut Node<'_>, place: &[Step]) -> Option<String> {
    let (mut in_texts, mut in_keys) = (false, false);
    root.edit(place, &mut |node| {
        match node.open() {
            // What takes no control character is an id.
            Node::Text(text) => {
                let replaced = replace_lone(text, r"\u0000").filter(|text| fits::<T>(place, text));
                if let Some(whole) = replaced.and_then(|_| replace_lone(text, REPLACEMENT)) {
                    *text = whole.into();
                    in_texts = true;
                }
            }
            Node::Object(entries) => {
                for (key, _) in entries {
                    if let Some(whole) = replace_lone(key, REPLACEMENT) {
                        *key = whole.into();
                        in_keys = true;
                    }
                }
            }
            Node::List(_) => {}
        }
        Verdict::Keep
    });
    let place = || pattern(place);
    in_texts.then(place).or_else(|| in_keys.then(|| join(&place(), "*")))
}

const REPLACEMENT: &str = r"\ufffd";

fn without_nulls<T: DeserializeOwned>(root: &mut Node<'_>, place: &[Step]) -> Option<String> {
    if place.last() != Some(&Step::Items) || fits::<T>(place, "null") {
        return None;
    }
    let mut left_out = false;
    root.edit(place, &mut |item| {
        let verdict = if item.text() == "null" { Verdict::Remove } else { Verdict::Keep };
        left_out |= verdict == Verdict::Remove;
        verdict
    });
    left_out.then(|| pattern(place))
}

/// Removes what does not fit, or with it as little around it as can be removed.
fn without_misfits<T: DeserializeOwned>(
    root: &mut Node<'_>,
    place: &[Step],
    shape: Shape,
) -> Option<String> {
    let removable = |steps: &usize| {
        let around = &place[..*steps];
        around.last() == Some(&Step::Items) || fits::<T>(around, "null")
    };
    let steps = (dispensable(place, shape)?..=place.len()).rev().find(removable)?;
    let (around, inside) = place.split_at(steps);
    let mut removed = false;
    root.edit(around, &mut |node| {
        let mut misfit = false;
        node.edit(inside, &mut |value| {
            misfit |= !fits::<T>(place, &value.text());
            Verdict::Keep
        });
        removed |= misfit;
        if misfit { Verdict::Remove } else { Verdict::Keep }
    });
    removed.then(|| pattern(place))
}

/// Leaves the first of several entries `name` of `object`; `null` instead if they contradict each
/// other.
fn once(root: &mut Node<'_>, object: &[Step], name: &str, shape: Shape) -> Option<String> {
    let place = [object, &[Step::Key(name.into())]].concat();
    let mut refused = false;
    root.edit(object, &mut |node| {
        if let Node::Object(entries) = node.open() {
            let named = || entries.iter().filter(|(key, _)| is_key(key, name));
            let values: BTreeSet<_> = named().map(|(_, value)| value.text().into_owned()).collect();
            refused |= values.len() > 1 && dispensable(&place, shape).is_none();
            let mut left = false;
            entries.retain(|(key, _)| !is_key(key, name) || !std::mem::replace(&mut left, true));
            for (_, value) in entries.iter_mut().filter(|(key, _)| is_key(key, name)) {
                if values.len() > 1 {
                    *value = Node::null();
                }
            }
        }
        Verdict::Keep
    });
    (!refused).then(|| pattern(&place))
}
