//! Half of a character: legal in JSON (RFC 8259, section 8.2), and no text.

use std::ops::Range;

/// `json` with `other` for every escape of a surrogate that has no partner; `None` if there is
/// none.
pub(super) fn replace_lone(json: &str, other: &str) -> Option<String> {
    let mut text = String::with_capacity(json.len());
    let mut end = 0;
    for escape in lone(json.as_bytes()) {
        text.push_str(&json[end..escape.start]);
        text.push_str(other);
        end = escape.end;
    }
    text.push_str(&json[end..]);
    (end > 0).then_some(text)
}

/// Where the lone surrogates of `json` are.
fn lone(json: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = json[at..].iter().position(|byte| *byte == b'\\') {
        at += next;
        match unit(json, at) {
            Some(0xd800..=0xdbff) if matches!(unit(json, at + 6), Some(0xdc00..=0xdfff)) => {
                at += 12;
            }
            Some(0xd800..=0xdfff) => {
                found.push(at..at + 6);
                at += 6;
            }
            Some(_) => at += 6,
            // Any other escape is a backslash and one more.
            None => at = json.len().min(at + 2),
        }
    }
    found
}

/// The UTF-16 code unit that the escape at `at` is.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<&str>) {
        assert_eq!(replace_lone(json, r"\ufffd").as_deref(), expected, "{json}");
    }

    #[test]
    fn only_what_has_no_partner_is_replaced() {
        check(r#""a \ud83d""#, Some(r#""a \ufffd""#));
        check(r#""\uDE00 b""#, Some(r#""\ufffd b""#));
        check(r#""\ud83d\ude00""#, None);
        check(r#""\ud83d\ud83d\ude00\ude00""#, Some(r#""\ufffd\ud83d\ude00\ufffd""#));
        check(r#""\ud83d\n\ude00""#, Some(r#""\ufffd\n\ufffd""#));
        check(r#""\ud83dxude00""#, Some(r#""\ufffdxude00""#));
        check(r#""\\ud83d""#, None);
        check(r#""\\\ud83d""#, Some(r#""\\\ufffd""#));
        check(r#""\u0041 é 😀""#, None);
        check("7", None);
    }
}
