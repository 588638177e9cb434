//! How far the time of signing may lie from ours.

use std::{borrow::Cow, str::FromStr};

use jiff::{SignedDuration, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::Reason;

/// Seconds that the vendor's clock may be ahead. A window as wide as that into the past would
/// double the time in which a caught request can be sent again.
const AHEAD: i64 = 60;

/// How old a signature may be. The default of 5 minutes is time for a slow network and too short
/// for most replays; a relay that holds requests back needs more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    seconds: i64,
}

/// The text is no length of time between a second and a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a length of time from 1s to 24h, as in `10m`")]
pub struct NotTolerance;

impl Default for Tolerance {
    fn default() -> Self {
        Self { seconds: 300 }
    }
}

impl FromStr for Tolerance {
    type Err = NotTolerance;

    fn from_str(text: &str) -> Result<Self, NotTolerance> {
        let length: SignedDuration = text.parse().map_err(|_| NotTolerance)?;
        let seconds = length.as_secs();
        let day = SignedDuration::from_hours(24).as_secs();
        (1..=day).contains(&seconds).then_some(Self { seconds }).ok_or(NotTolerance)
    }
}

impl<'de> Deserialize<'de> for Tolerance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Tolerance {
    fn schema_name() -> Cow<'static, str> {
        "Tolerance".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "a length of time from 1s to 24h, as in `10m`",
        })
    }
}

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
    pub fn text(self, now: Timestamp) -> String {
        match self {
            Self::Seconds => now.as_second().to_string(),
            Self::Milliseconds => now.as_millisecond().to_string(),
        }
    }
}

impl Tolerance {
    /// Checks the vendor's time of signing as the header has it: decimal digits alone. It
    /// proves nothing unless the signature covers the same text.
    pub fn check(self, text: &str, unit: TimeUnit, now: Timestamp) -> Result<(), Reason> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Reason::MalformedHeader);
        }
        let signed_at: i64 = text.parse().map_err(|_| Reason::MalformedHeader)?;
        let signed_at = match unit {
            TimeUnit::Seconds => signed_at,
            TimeUnit::Milliseconds => signed_at.div_euclid(1000),
        };
        let age = now.as_second().saturating_sub(signed_at);
        if age > self.seconds {
            Err(Reason::Stale)
        } else if age < -AHEAD {
            Err(Reason::Future)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, unit: TimeUnit, now: Timestamp) -> Result<(), Reason> {
        Tolerance::default().check(text, unit, now)
    }

    #[test]
    fn a_tolerance_widens_the_past_alone() {
        let now = Timestamp::from_second(1_785_859_200).unwrap();
        let tolerance: Tolerance = "1h".parse().unwrap();
        let check = |offset: i64| {
            tolerance.check(&(1_785_859_200 + offset).to_string(), TimeUnit::Seconds, now)
        };
        assert_eq!((check(-3600), check(-3601)), (Ok(()), Err(Reason::Stale)));
        assert_eq!((check(60), check(61)), (Ok(()), Err(Reason::Future)));
    }

    #[test]
    fn a_tolerance_is_a_length_of_time_of_a_day_at_most() {
        for (text, seconds) in [("90s", 90), ("5m", 300), ("1h 30m", 5400), ("24h", 86400)] {
            assert_eq!(text.parse(), Ok(Tolerance { seconds }), "{text}");
        }
        for text in ["", "0s", "300", "25h", "-5m", "5m ago", "soon", "999999999999999999h"] {
            assert_eq!(text.parse::<Tolerance>(), Err(NotTolerance), "{text}");
        }
    }

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
