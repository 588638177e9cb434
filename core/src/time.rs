//! Times as vendors write them.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Deserializer, de::Error as _};

/// A vendor's time, read as an instant: RFC 3339, or a date or date-time without an offset, which
/// is taken as UTC (Junction's schema says UTC where its samples print none).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VendorTime(pub Timestamp);

/// The text is not a time that a calendar knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 time")]
pub struct NotTime;

impl FromStr for VendorTime {
    type Err = NotTime;

    fn from_str(text: &str) -> Result<Self, NotTime> {
        // Past the date, any of these begins an offset or a zone, which must not be overlooked.
        let offset = text.get(10..).is_some_and(|rest| rest.contains(['Z', 'z', '+', '-', '[']));
        let naive = || {
            (!offset).then_some(())?;
            text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()
        };
        text.parse::<Timestamp>()
            .ok()
            .or_else(|| Some(naive()?.timestamp()))
            .map(Self)
            .ok_or(NotTime)
    }
}

impl<'de> Deserialize<'de> for VendorTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// How far a vendor's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Whether a time that a vendor states may order what it says: not if it lies more than a day after
/// `received_at`. A typing error in a year would otherwise beat every correction for centuries.
pub fn can_order(stated: Timestamp, received_at: Timestamp) -> bool {
    stated.duration_since(received_at) <= AHEAD
}

/// A vendor's time as whole seconds since 1970, a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixSeconds(pub Timestamp);

impl<'de> Deserialize<'de> for UnixSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let time =
            i64::deserialize(deserializer).ok().and_then(|it| Timestamp::from_second(it).ok());
        time.map(Self).ok_or_else(|| D::Error::custom("expected seconds since 1970"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let time: VendorTime = text.parse().unwrap();
        assert_eq!(time.0.to_string(), expected, "{text}");
    }

    #[test]
    fn every_documented_spelling_is_read_as_utc() {
        check("2026-08-01T10:04:05.099000+00:00", "2026-08-01T10:04:05.099Z");
        check("2025-05-20T09:15:00.000-04:00", "2025-05-20T13:15:00Z");
        check("2022-01-01T00:00:00", "2022-01-01T00:00:00Z");
        check("2022-01-01", "2022-01-01T00:00:00Z");
        check("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z");
        check("9999-12-01T00:00:00Z", "9999-12-01T00:00:00Z");
    }

    #[test]
    fn what_no_calendar_knows_is_refused() {
        for text in [
            "",
            "soon",
            "2022-13-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "9999-12-30T21:00:00-04:00",
            "2024-06-19T15:22:45[America/New_York]",
            "1700000000",
        ] {
            assert_eq!(text.parse::<VendorTime>(), Err(NotTime), "{text}");
        }
    }

    #[test]
    fn a_time_orders_up_to_a_day_after_the_arrival() {
        let received_at: Timestamp = "2026-08-01T10:00:00Z".parse().unwrap();
        let check = |stated: &str, expected: bool| {
            assert_eq!(can_order(stated.parse().unwrap(), received_at), expected, "{stated}");
        };
        check("0001-01-01T00:00:00Z", true);
        check("2026-08-02T10:00:00Z", true);
        check("2026-08-02T10:00:00.000000001Z", false);
        check("9998-12-31T00:00:00Z", false);
        assert!(!can_order(Timestamp::MAX, Timestamp::MIN));
    }

    #[test]
    fn seconds_are_whole_and_within_a_calendar() {
        let read = |json: &str| serde_json::from_str::<UnixSeconds>(json);
        assert_eq!(read("1763661470").unwrap().0.to_string(), "2025-11-20T17:57:50Z");
        for json in ["1763661470000", "1763661470.5", "\"1763661470\"", "null"] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
