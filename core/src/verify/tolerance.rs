//! How far the time of signing may lie from ours.

use jiff::Timestamp;

use super::Reason;

/// Seconds that a signature may be old: time for a slow network, not for a replay.
const PAST: i64 = 300;
/// Seconds that the vendor's clock may be ahead. A window as wide as that into the past would
/// double the time in which a caught request can be sent again.
const AHEAD: i64 = 60;

/// Checks the vendor's time of signing, in Unix seconds as they stand in the header.
pub(super) fn check(seconds: &str, now: Timestamp) -> Result<(), Reason> {
    if seconds.is_empty() || !seconds.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Reason::MalformedHeader);
    }
    let signed_at: i64 = seconds.parse().map_err(|_| Reason::MalformedHeader)?;
    let age = now.as_second().saturating_sub(signed_at);
    if age > PAST {
        Err(Reason::Stale)
    } else if age < -AHEAD {
        Err(Reason::Future)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_at(offset: i64, expected: Result<(), Reason>) {
        let now = Timestamp::from_second(1_785_859_200).unwrap();
        assert_eq!(check(&(1_785_859_200 + offset).to_string(), now), expected, "{offset}");
    }

    #[test]
    fn five_minutes_back_and_one_ahead() {
        check_at(0, Ok(()));
        check_at(-300, Ok(()));
        check_at(-301, Err(Reason::Stale));
        check_at(60, Ok(()));
        check_at(61, Err(Reason::Future));
    }

    #[test]
    fn only_digits_are_a_time() {
        let now = Timestamp::from_second(0).unwrap();
        for text in ["", "+1", "-1", "1.0", " 1", "1e3", "99999999999999999999", "٣"] {
            assert_eq!(check(text, now), Err(Reason::MalformedHeader), "{text}");
        }
        assert_eq!(check("9223372036854775807", now), Err(Reason::Future));
    }
}
