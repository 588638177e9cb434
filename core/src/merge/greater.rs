//! An order of fields that is the same on every node.

use std::{
    cmp::Ordering,
    io::{self, ErrorKind, Write},
};

use serde::Serialize;

/// The greater of two fields by their JSON, which orders any type alike; a value is greater than
/// none. The right one is written only as far as it equals the left one, so that a long list of
/// small values can be joined to a large one.
pub(super) fn greater<T: Serialize>(left: Option<T>, right: Option<T>) -> Option<T> {
    match (left, right) {
        (Some(left), Some(right)) => Some(if is_less(&left, &right) { right } else { left }),
        (left, right) => left.or(right),
    }
}

fn is_less<T: Serialize>(left: &T, right: &T) -> bool {
    let left = serde_json::to_vec(left).expect("details have string keys and no failing field");
    let mut rest = Rest { left: &left, right: Ordering::Equal };
    // An error only says that the comparison is decided.
    let _ = serde_json::to_writer(&mut rest, right);
    rest.right.is_gt()
}

/// Compares what is written with what remains of the left value.
struct Rest<'a> {
    left: &'a [u8],
    /// How the right value compares, as far as it is written.
    right: Ordering,
}

impl Write for Rest<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let common = self.left.len().min(bytes.len());
        let (left, rest) = self.left.split_at(common);
        self.left = rest;
        self.right = bytes[..common].cmp(left).then(bytes.len().cmp(&common));
        match self.right {
            Ordering::Equal => Ok(bytes.len()),
            Ordering::Less | Ordering::Greater => Err(ErrorKind::Other.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_decides_and_a_value_beats_none() {
        let values =
            [r#""""#, r#""a""#, r#""a\u0001""#, r#""ab""#, "1", "10", "[1,2]", "[1]", "[]", "{}"];
        let values = values.map(|json| serde_json::from_str::<serde_json::Value>(json).unwrap());
        for left in &values {
            for right in &values {
                let expected = left.to_string().max(right.to_string());
                let found = greater(Some(left.clone()), Some(right.clone())).unwrap();
                assert_eq!(found.to_string(), expected, "{left} and {right}");
            }
            assert_eq!(greater(Some(left.clone()), None).as_ref(), Some(left));
            assert_eq!(greater(None, Some(left.clone())).as_ref(), Some(left));
        }
        assert_eq!(greater::<()>(None, None), None);
    }
}
