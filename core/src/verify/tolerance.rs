//! How far the time of signing may lie from ours.

use jiff::Timestamp;

use super::Reason;

/// Seconds that a signature may be old: time for a slow network, not for a replay.
const PAST: i64 = 300;
/// Seconds that the vendor's clock may be ahead. A window as wide as that into the past would
/// double the time in which a caught request can be sent again.
const AHEAD: i64 = 60;

/// What a vendor counts the time of signing in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds since 1970.
    #[default]
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

impl TimeUnit {
    /// `now` as it stands in a header.
    pub(super) fn text(self, now: Timestamp) -> String {
        match self {
            Self::Seconds => now.as_second().to_string(),
            Self::Milliseconds => now.as_millisecond().to_string(),
        }
    }
}

/// Checks the vendor's time of signing as it stands in the header.
pub(super) fn check(text: &str, unit: TimeUnit, now: Timestamp) -> Result<(), Reason> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Reason::MalformedHeader);
    }
    let signed_at: i64 = text.parse().map_err(|_| Reason::MalformedHeader)?;
    let signed_at = match unit {
        TimeUnit::Seconds => signed_at,
        TimeUnit::Milliseconds => signed_at.div_euclid(1000),
    };
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
        let seconds = 1_785_859_200 + offset;
        assert_eq!(check(&seconds.to_string(), TimeUnit::Seconds, now), expected, "{offset}");
        let text = format!("{seconds}000");
        assert_eq!(check(&text, TimeUnit::Milliseconds, now), expected, "{offset}");
        // Taken for the other unit, a time lies thousands of years off.
        assert_eq!(check(&text, TimeUnit::Seconds, now), Err(Reason::Future), "{offset}");
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
            let checked = check(text, TimeUnit::Seconds, now);
            assert_eq!(checked, Err(Reason::MalformedHeader), "{text}");
        }
        assert_eq!(check("9223372036854775807", TimeUnit::Seconds, now), Err(Reason::Future));
    }
}
