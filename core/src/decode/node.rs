//! A JSON value that is opened one level at a time, so that some of its parts can be changed and
//! the rest stays as it was written.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// A step from a value to those in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To the value of a key.
    Key(String),
    /// To every item of a list.
    Items,
}

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stays.
    Keep,
    /// `null` takes its place, or in a list nothing.
    Remove,
}

/// A value. Objects keep the order of their keys, and repeated ones.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// The value that `text` is, which must be JSON.
    pub(super) fn new(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub(super) fn null() -> Self {
        Self::Text(Cow::Borrowed("null"))
    }

    /// Opens a list or an object as it was written.
    pub(super) fn open(&mut self) -> &mut Self {
        if let Self::Text(Cow::Borrowed(text)) = *self {
            let closed = |raw: &'a RawValue| Node::new(raw.get());
            if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(text) {
                *self = Self::List(items.into_iter().map(closed).collect());
            } else if let Ok(Entries(entries)) = serde_json::from_str(text) {
                let entry = |(key, value): (&'a RawValue, _)| (key.get().into(), closed(value));
                *self = Self::Object(entries.into_iter().map(entry).collect());
            }
        }
        self
    }

    /// Shows `edit` every value that `place` leads to, and does as it says.
    pub(super) fn edit(&mut self, place: &[Step], edit: &mut dyn FnMut(&mut Node<'a>) -> Verdict) {
        let Some((step, rest)) = place.split_first() else {
            if edit(self) == Verdict::Remove {
                *self = Self::null();
            }
            return;
        };
        match (step, self.open()) {
            (Step::Items, Self::List(items)) if rest.is_empty() => {
                items.retain_mut(|item| edit(item) == Verdict::Keep);
            }
            (Step::Items, Self::List(items)) => {
                for item in items {
                    item.edit(rest, edit);
                }
            }
            (Step::Key(name), Self::Object(entries)) => {
                for (_, value) in entries.iter_mut().filter(|(key, _)| is_key(key, name)) {
                    value.edit(rest, edit);
                }
            }
            (Step::Items | Step::Key(_), Self::Text(_) | Self::List(_) | Self::Object(_)) => {}
        }
    }

    /// The value as JSON.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::List(_) | Self::Object(_) => {
                let mut text = String::new();
                self.write(&mut text);
                Cow::Owned(text)
            }
        }
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Text(written) => text.push_str(written),
            Self::List(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { "," });
                    item.write(text);
                }
                text.push(']');
            }
            Self::Object(entries) => {
                text.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { "," });
                    text.push_str(key);
                    text.push(':');
                    value.write(text);
                }
                text.push('}');
            }
        }
    }
}

/// Whether `key`, as it was written, is `name`.
pub(super) fn is_key(key: &str, name: &str) -> bool {
    let written = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
    written == Some(name)
        || (key.contains('\\') && serde_json::from_str::<String>(key).is_ok_and(|key| key == name))
}

/// The entries of an object as they were written.
struct Entries<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Entries<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
